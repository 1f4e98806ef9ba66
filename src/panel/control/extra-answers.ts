/** Answers of our engine's own commands become the words of our model; an answer in another shape is an AppError PROTOCOL. */
import { z } from 'zod';
import { AppError } from '../../base/errors';
import type { EventPage } from '../../model/event-page';
import type { LineExplanation } from '../../model/explanation';
import type { JailHealth } from '../../model/health';
import type { Problem } from '../../model/problem';
import type { BannedAddress } from '../../model/status';
import { PyFloat, PyTuple, type PyValue } from '../../model/python-repr';

const texts = z.record(z.string(), z.string());

const eventPage: z.ZodType<EventPage> = z.object({
  cursor: z.string(),
  lost: z.boolean(),
  more: z.boolean(),
  events: z.array(
    z.object({
      time: z.number(),
      jail: z.string(),
      kind: z.string(),
      id: z.string().nullable(),
      data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    }),
  ),
});

const problem = z
  .object({
    severity: z.enum(['error', 'warning']),
    message: z.string(),
    file: z.string().optional(),
    line: z.number().optional(),
    column: z.number().optional(),
    jail: z.string().optional(),
    option: z.string().optional(),
  })
  // absent fields stay absent
  .transform((fields) => fields as Problem);

const health: z.ZodType<JailHealth> = z.object({
  jail: z.string(),
  lastLine: z.number().nullable(),
  lag: z.number().nullable(),
  linesPerMinute: z.number(),
  matchesPerMinute: z.number(),
  slowestRegex: z.object({ failregex: z.number(), microseconds: z.number() }).nullable(),
  lastActionError: z
    .object({ time: z.number(), action: z.string(), operation: z.string(), id: z.string().nullable(), message: z.string() })
    .nullable(),
  files: z.array(z.string()),
  problems: z.array(problem),
});

const regex = z.object({
  regex: z.string(),
  matched: z.boolean(),
  furthest: z.number(),
  column: z.number(),
  complete: z.boolean(),
  groups: texts,
});

const explanation: z.ZodType<LineExplanation> = z.object({
  line: z.string(),
  date: z.object({ text: z.string(), template: z.string().nullable(), time: z.number().nullable(), problem: z.string().nullable() }),
  text: z.string(),
  prefregex: regex.nullable(),
  content: z.string().nullable(),
  failregex: z.array(regex),
  ignoreregex: z.array(regex),
  verdict: z.enum(['counted', 'no-date', 'prefix-missed', 'missed', 'ignored', 'no-failure', 'no-id', 'error']),
  failure: z
    .object({
      failregex: z.number(),
      id: z.string().nullable(),
      address: z.string().nullable(),
      dns: z.string().nullable(),
      user: z.string().nullable(),
      session: z.string().nullable(),
      time: z.number().nullable(),
    })
    .nullable(),
});

/** A value of the socket as plain data: dictionaries as objects, tuples as lists. */
function plain(value: PyValue): unknown {
  if (value instanceof PyFloat) return value.value;
  if (value instanceof PyTuple) return value.items.map(plain);
  if (Array.isArray(value)) return (value as readonly PyValue[]).map(plain);
  if (value instanceof Map)
    return Object.fromEntries([...(value as ReadonlyMap<PyValue, PyValue>)].map(([key, item]) => [String(key), plain(item)]));
  return value;
}

function read<T>(schema: z.ZodType<T>, answer: PyValue): T {
  const result = schema.safeParse(plain(answer));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new AppError('PROTOCOL', `the server’s answer has another shape: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}

/** The answer to `bailiff events`. */
export const eventPageOf = (answer: PyValue): EventPage => read(eventPage, answer);

/** The answer to `bailiff health`: of all jails, or of one. */
export const healthOf = (answer: PyValue): readonly JailHealth[] =>
  Array.isArray(answer) ? read(z.array(health), answer) : [read(health, answer)];

const listedBans = z.array(z.object({ id: z.string(), time: z.number(), bantime: z.number() }));

/** The answer to `bailiff bans`. Times are whole seconds, as the list of all bans tells them. */
export const listedBansOf = (jail: string, answer: PyValue): readonly BannedAddress[] =>
  read(listedBans, answer).map(({ id, time, bantime }) => ({ jail, id, time: Math.floor(time), bantime }));

/** The answer to `bailiff explain`. */
export const explanationOf = (answer: PyValue): LineExplanation => read(explanation, answer);
