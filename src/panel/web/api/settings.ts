/** Endpoints of settings, trusted addresses, the server's log, the audit log, earlier states, export and import, and the engine. */
import { z } from 'zod';
import { MAX_RETENTION } from '../../history/retention';
import { keepHistory, keptDays, setRunning, switchEngine } from '../acts/settings';
import { distrustEntries, trustEntries } from '../acts/trusted';
import { endpoint } from './endpoint';
import { edited } from './edited';
import { ApiError } from './problem';
import { Edited, Id, ItemResults, Limit, Name, Note, Nothing, Time } from './schemas';

const Options = z.record(z.string(), z.string().nullable());
const OptionEdits = z.record(z.string().max(64), z.string().max(20_000).nullable());
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
const Daemon = z.object({
  engine: z.enum(['bailiff', 'fail2ban']).nullable(),
  version: z.string().nullable(),
  running: z.boolean(),
  since: Time.nullable(),
  pid: z.number().nullable(),
  canSwitch: z.boolean(),
  canStart: z.boolean(),
});

const none = { params: Nothing, query: Nothing, body: null } as const;

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
    path: '/engine',
    tag: 'server',
    summary: 'The server as a process',
    answer: Daemon,
    run: (_input, world) => world.daemon.state(),
  }),
  endpoint({
    ...none,
    method: 'post',
    path: '/engine',
    tag: 'server',
    summary: 'Start or stop the server, or hand it over to the other engine with its bans',
    body: z.union([z.object({ running: z.boolean() }), z.object({ engine: z.enum(['bailiff', 'fail2ban']) })]),
    answer: z.object({ message: z.string() }),
    run: async ({ body }, world, actor) => {
      if ('running' in body) {
        await setRunning(world, actor, body.running);
        return { message: '' };
      }
      const outcome = await switchEngine(world, actor, body.engine);
      if (!outcome.ok) throw new ApiError(502, outcome.message);
      return { message: outcome.message };
    },
  }),
  endpoint({
    ...none,
    method: 'get',
    path: '/logs',
    tag: 'logs',
    summary: 'The files of the server’s own log',
    answer: z.object({ files: z.array(z.object({ name: z.string(), path: z.string(), bytes: z.number(), modified: Time })) }),
    run: async (_input, world) => ({ files: (await world.logs.files()).map((file) => ({ ...file })) }),
  }),
  endpoint({
    ...none,
    method: 'get',
    path: '/logs/{name}',
    tag: 'logs',
    summary: 'Lines of one of them, filtered, from its end or from an offset',
    params: z.object({ name: Name }),
    query: z.object({
      level: z.string().max(20).optional(),
      jail: Name.optional(),
      address: Id.optional(),
      text: z.string().max(255).optional(),
      from: z.coerce.number().int().min(0).optional().meta({ description: 'Byte offset' }),
      direction: z.enum(['older', 'newer']).default('older'),
      limit: Limit,
    }),
    answer: z.object({
      lines: z.array(
        z.object({
          offset: z.number(),
          time: Time.nullable(),
          level: z.string().nullable(),
          jail: z.string().nullable(),
          text: z.string(),
        }),
      ),
      older: z.number().nullable(),
      newer: z.number(),
    }),
    run: async ({ params: { name }, query }, world) => {
      if (!(await world.logs.files()).some((file) => file.name === name)) throw new ApiError(404, `There is no log '${name}'.`);
      const { level = null, jail = null, address = null, text = null, from = null, direction, limit } = query;
      const page = await world.logs.read({ file: name, level, jail, address, text, from, direction, limit });
      return { lines: page.lines.map((line) => ({ ...line })), older: page.older, newer: page.newer };
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
  endpoint({
    ...none,
    method: 'get',
    path: '/states',
    tag: 'settings',
    summary: 'The last states of the configuration',
    answer: z.object({
      states: z.array(z.object({ id: z.string(), time: Time, who: z.string(), what: z.string(), files: z.array(z.string()) })),
    }),
    run: async (_input, world) => ({ states: (await world.editor.states()).map((state) => ({ ...state, files: [...state.files] })) }),
  }),
  endpoint({
    ...none,
    method: 'get',
    path: '/states/{id}',
    tag: 'settings',
    summary: 'What changed from a state to another one, or to what is there now',
    params: z.object({ id: z.string().min(1).max(100) }),
    query: z.object({ to: z.string().min(1).max(100).optional() }),
    answer: z.object({ changes: z.array(z.object({ file: z.string(), before: z.string().nullable(), after: z.string().nullable() })) }),
    run: async ({ params: { id }, query: { to = null } }, world) => {
      const known = (await world.editor.states()).map((state) => state.id);
      if (![id, to].every((one) => one === null || known.includes(one))) throw new ApiError(404, 'There is no such state.');
      const changes = await world.editor.compare(id, to);
      return { changes: changes.map(({ file, before, after }) => ({ file, before, after })) };
    },
  }),
  endpoint({
    ...none,
    method: 'post',
    path: '/states/{id}/restore',
    tag: 'settings',
    summary: 'Go back to an earlier state',
    params: z.object({ id: z.string().min(1).max(100) }),
    answer: Edited,
    run: async ({ params: { id } }, world, actor) => {
      const state = (await world.editor.states()).find((candidate) => candidate.id === id);
      if (state === undefined) throw new ApiError(404, 'There is no such state.');
      return edited(world, actor, [{ kind: 'restore', state: id }], { action: 'settings.restore', subject: state.what });
    },
  }),
  endpoint({
    ...none,
    method: 'get',
    path: '/export',
    tag: 'settings',
    summary: 'All that was written into .local files',
    answer: z.object({ bailiff: z.literal('configuration'), version: z.literal(1), files: z.record(z.string(), z.string()) }),
    run: async (_input, world) => ({
      bailiff: 'configuration' as const,
      version: 1 as const,
      files: { ...(await world.editor.exportAll()) },
    }),
  }),
  endpoint({
    ...none,
    method: 'post',
    path: '/import',
    tag: 'settings',
    summary: 'Bring an export back',
    body: z.object({
      bailiff: z.literal('configuration'),
      version: z.literal(1),
      files: z.record(z.string().max(200), z.string().max(1_000_000)),
    }),
    answer: Edited,
    run: ({ body: { files } }, world, actor) =>
      edited(world, actor, [{ kind: 'import', files }], { action: 'settings.import', subject: 'configuration' }),
  }),
];
