/** Schemas that several endpoints share: bounds of what comes in, shapes of what goes out. */
import { z } from 'zod';
import { NEW_NAME } from '../new-name';

/** Of a jail, filter or action, as fail2ban takes them. */
export const Name = z.string().min(1).max(128);
/** Why a new name is refused. */
export const NEW_NAME_RULE = "A new name has up to 64 letters, digits, '_', '-' and '.', and begins with none of the last two.";
export const NewName = z.string().regex(NEW_NAME, NEW_NAME_RULE);
/** An address, a range, or what else a jail bans. */
export const Id = z.string().min(1).max(255);
export const Time = z.number().meta({ description: 'Seconds since the epoch' });
/** A number in a query. */
export const QueryTime = z.coerce.number().min(0).max(1e11);
export const Limit = z.coerce.number().int().min(1).max(1000).default(100);
export const Nothing = z.object({});
export const Note = z.string().max(1000);
/** Seconds; −1 is for ever. */
export const Duration = z.union([z.literal(-1), z.number().int().min(1).max(1e10)]);

/** How each of many items fared. */
export const ItemResults = z.array(z.object({ id: z.string(), jail: z.string(), ok: z.boolean(), message: z.string().nullable() }));

export const Place = z.object({ country: z.string().nullable(), asn: z.number().nullable(), network: z.string().nullable() });

export const ProblemItem = z.object({
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  file: z.string().optional(),
  line: z.number().optional(),
  column: z.number().optional(),
  jail: z.string().optional(),
  option: z.string().optional(),
});

/** What came of an edit. */
export const Edited = z.object({
  changes: z.array(z.object({ file: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
  /** Written, but nobody was there to load it; null when all is well. */
  message: z.string().nullable(),
  state: z.string().nullable(),
});

/** An endpoint without parameters, query and body. */
export const none = { params: Nothing, query: Nothing, body: null } as const;
