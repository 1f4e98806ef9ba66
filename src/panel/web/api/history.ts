/** Endpoints of the history: events, counts over time, and who is at the top. */
import { z } from 'zod';
import { parseAddress } from '../../../model/address';
import { endpoint } from './endpoint';
import { Id, Limit, Name, Nothing, QueryTime, Time } from './schemas';

const Kind = z.enum(['found', 'ban', 'restore-ban', 'unban', 'ignore', 'already-banned']);

const Event = z.object({
  time: Time,
  jail: z.string(),
  kind: Kind,
  id: z.string(),
  country: z.string().nullable(),
  asn: z.number().nullable(),
});

const EventQuery = z.object({
  from: QueryTime.optional(),
  to: QueryTime.optional(),
  jail: Name.optional(),
  kind: Kind.optional(),
  id: Id.optional(),
  range: z
    .string()
    .max(80)
    .refine((text) => parseAddress(text) !== null, 'is no range of addresses')
    .optional()
    .meta({ description: 'A range of addresses: 192.0.2.0/24' }),
  country: z.string().length(2).optional().meta({ description: 'ISO 3166 code' }),
  asn: z.coerce.number().int().min(0).optional(),
  text: z.string().max(255).optional(),
  before: z
    .string()
    .regex(/^\d{1,16}$/)
    .optional()
    .meta({ description: '`next` of the page before' }),
  limit: Limit,
});

const CountQuery = z.object({
  from: QueryTime,
  to: QueryTime,
  step: z.enum(['hour', 'day']).default('hour'),
  by: z.enum(['jail', 'country', 'network']).optional(),
});

const TopQuery = z.object({
  from: QueryTime,
  to: QueryTime,
  of: z.enum(['address', 'jail', 'country', 'network']),
  by: z.enum(['bans', 'failures']).default('bans'),
  limit: Limit,
});

const shared = { tag: 'history', params: Nothing, body: null, method: 'get' } as const;

/** Without the fields that were not given: the door tells absent from undefined. */
function given<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

export const endpoints = [
  endpoint({
    ...shared,
    path: '/events',
    summary: 'Failures, bans and unbans as the server’s log tells them, newest first',
    query: EventQuery,
    answer: z.object({ events: z.array(Event), next: z.string().nullable() }),
    run: async ({ query: { kind, ...query } }, world) => {
      const { events, next } = await world.history.events({ ...given(query), ...(kind === undefined ? {} : { kinds: [kind] }) });
      return { events: events.map((event) => ({ ...event })), next };
    },
  }),
  endpoint({
    ...shared,
    path: '/counts',
    summary: 'Failures and bans by hour or day',
    query: CountQuery,
    answer: z.object({ rows: z.array(z.object({ start: Time, key: z.string(), failures: z.number(), bans: z.number() })) }),
    run: async ({ query: { by = null, ...query } }, world) => ({
      rows: (await world.history.counts({ ...query, by })).map((row) => ({ ...row })),
    }),
  }),
  endpoint({
    ...shared,
    path: '/top',
    summary: 'The addresses, jails, countries or networks with most bans or failures',
    query: TopQuery,
    answer: z.object({ rows: z.array(z.object({ key: z.string(), failures: z.number(), bans: z.number() })) }),
    run: async ({ query }, world) => ({ rows: (await world.history.top(query)).map((row) => ({ ...row })) }),
  }),
];
