/** Endpoints of trusted addresses. */
import { z } from 'zod';
import { distrustEntries, trustEntries } from '../acts/trusted';
import { endpoint } from './endpoint';
import { ApiError } from './problem';
import { Id, ItemResults, Name, Note, Time, none } from './schemas';

const Trusted = z.object({
  entry: z.string(),
  kind: z.enum(['address', 'range', 'name', 'file']),
  jail: z.string().nullable(),
  note: z.string(),
  who: z.string().nullable(),
  added: Time.nullable(),
  end: Time.nullable(),
  resolved: z.array(z.string()).nullable(),
  file: z.string(),
  line: z.number(),
});

export const endpoints = [
  endpoint({
    ...none,
    method: 'get',
    path: '/trusted',
    tag: 'trusted',
    summary: 'Trusted addresses: the words of ignoreip, with what people told about them',
    answer: z.object({ entries: z.array(Trusted) }),
    run: async (_input, world) => ({
      entries: (await world.trusted.list()).map((entry) => ({ ...entry, resolved: entry.resolved === null ? null : [...entry.resolved] })),
    }),
  }),
  endpoint({
    ...none,
    method: 'post',
    path: '/trusted',
    tag: 'trusted',
    summary: 'Trust addresses, ranges or host names',
    body: z.object({
      entries: z
        .array(z.object({ entry: Id, note: Note.default(''), end: Time.nullable().default(null), jail: Name.nullable().default(null) }))
        .min(1)
        .max(1000),
    }),
    answer: z.object({ results: ItemResults }),
    run: async ({ body }, world, actor) => {
      for (const jail of new Set(body.entries.map((entry) => entry.jail)))
        if (jail !== null && (await world.configuration.jail(jail)) === null) throw new ApiError(404, `There is no jail '${jail}'.`);
      return { results: [...(await trustEntries(world, actor, body.entries))] };
    },
  }),
  endpoint({
    ...none,
    method: 'post',
    path: '/trusted/remove',
    tag: 'trusted',
    summary: 'Trust entries no longer',
    body: z.object({
      entries: z
        .array(z.object({ entry: Id, jail: Name.nullable().default(null) }))
        .min(1)
        .max(1000),
    }),
    answer: z.object({ results: ItemResults }),
    run: async ({ body }, world, actor) => ({ results: [...(await distrustEntries(world, actor, body.entries))] }),
  }),
];
