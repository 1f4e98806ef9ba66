/** Endpoints of what holds for all jails and of the server, of the retention of the history, and of the audit log. */
import { z } from 'zod';
import { MAX_RETENTION } from '../../history/retention';
import { keepHistory, keptDays } from '../acts/settings';
import { edited } from './edited';
import { endpoint } from './endpoint';
import { Edited, Limit, Time, none } from './schemas';

const Options = z.record(z.string(), z.string().nullable());
const OptionEdits = z.record(z.string().max(64), z.string().max(20_000).nullable());
const Audit = z.object({
  id: z.number(),
  time: Time,
  who: z.string(),
  client: z.string(),
  action: z.string(),
  subject: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  ok: z.boolean(),
  message: z.string().nullable(),
});

export const endpoints = [
  endpoint({
    ...none,
    method: 'get',
    path: '/settings',
    tag: 'settings',
    summary: 'What holds for all jails ([DEFAULT]) and of the server',
    answer: z.object({ defaults: Options, server: Options }),
    run: async (_input, world) => {
      const [defaults, server] = await Promise.all([world.configuration.defaults(), world.configuration.server()]);
      const values = (views: typeof defaults): Record<string, string | null> =>
        Object.fromEntries(views.map(({ name, value }) => [name, value]));
      return { defaults: values(defaults), server: values(server) };
    },
  }),
  endpoint({
    ...none,
    method: 'patch',
    path: '/settings',
    tag: 'settings',
    summary: 'Change what holds for all jails, or the server',
    body: z.object({ defaults: OptionEdits.default({}), server: OptionEdits.default({}) }),
    answer: Edited,
    run: ({ body: { defaults, server } }, world, actor) =>
      edited(
        world,
        actor,
        [
          ...(Object.keys(defaults).length > 0 ? [{ kind: 'defaults', options: defaults } as const] : []),
          ...(Object.keys(server).length > 0 ? [{ kind: 'server', options: server } as const] : []),
        ],
        { action: 'settings.edit', subject: 'settings' },
      ),
  }),
  endpoint({
    ...none,
    method: 'get',
    path: '/history',
    tag: 'settings',
    summary: 'How much history there is, and for how many days it is kept',
    answer: z.object({ days: z.number(), events: z.number(), oldest: Time.nullable(), bytes: z.number() }),
    run: async (_input, world) => {
      const [days, { events, oldest, bytes }] = await Promise.all([keptDays(world), world.history.extent()]);
      return { days, events, oldest, bytes };
    },
  }),
  endpoint({
    ...none,
    method: 'patch',
    path: '/history',
    tag: 'settings',
    summary: 'Change for how many days the history is kept',
    body: z.object({ days: z.number().int().min(1).max(MAX_RETENTION) }),
    answer: z.object({ days: z.number() }),
    run: async ({ body: { days } }, world, actor) => {
      await keepHistory(world, actor, days);
      return { days };
    },
  }),
  endpoint({
    ...none,
    method: 'get',
    path: '/audit',
    tag: 'settings',
    summary: 'Who changed what, newest first',
    query: z.object({
      before: z.coerce.number().int().optional().meta({ description: '`next` of the page before' }),
      limit: Limit,
      action: z.string().max(64).optional(),
      who: z.string().max(100).optional(),
      text: z.string().max(200).optional(),
    }),
    answer: z.object({ entries: z.array(Audit), next: z.number().nullable() }),
    run: async ({ query }, world) => {
      const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as { limit: number };
      const { entries, next } = await world.notebook.auditList(given);
      return { entries: entries.map((entry) => ({ ...entry })), next };
    },
  }),
];
