/** Endpoints of jails: read with what they inherit, edited, added, removed, switched, previewed. */
import { z } from 'zod';
import type { JailView } from '../../control/editor/configuration';
import { switchJails } from '../acts/edits';
import type { PageWorld } from '../page';
import { endpoint } from './endpoint';
import { edited } from './edited';
import { ApiError } from './problem';
import { Edited, Name, NewName, Nothing, ProblemItem, Time } from './schemas';

const Origin = z.object({ value: z.string().nullable(), file: z.string().nullable(), line: z.number().nullable() });
const Option = Origin.extend({ name: z.string(), own: z.boolean(), inherited: Origin });
const Jail = z.object({
  name: z.string(),
  enabled: z.boolean(),
  origin: z.enum(['shipped', 'own']),
  edited: z.boolean(),
  observing: z.boolean(),
  filter: z.string(),
  actions: z.array(z.string()),
  options: z.array(Option),
  logs: z.array(z.object({ path: z.string(), files: z.number() })),
  problems: z.array(ProblemItem),
});

const OptionEdits = z
  .record(z.string().max(64), z.string().max(20_000).nullable())
  .meta({ description: 'fail2ban’s options; null goes back to what is inherited' });
const OfJail = z.object({ name: Name });

const Preview = z.object({
  kind: z.enum(['done', 'unfinished']),
  message: z.string().nullable(),
  bans: z.array(
    z.object({
      id: z.string(),
      time: Time,
      bantime: z.number(),
      bancount: z.number(),
      failures: z.number(),
      users: z.array(z.string()),
      matches: z.array(z.string()),
    }),
  ),
});

function jailOf(view: JailView): z.infer<typeof Jail> {
  const options = view.options.map(({ name, value, file, line, own, inherited }) => ({
    name,
    value,
    file,
    line,
    own,
    inherited: { ...inherited },
  }));
  const { name, enabled, origin, edited: changed, observing, filter } = view;
  return {
    ...{ name, enabled, origin, edited: changed, observing, filter, options },
    actions: [...view.actions],
    logs: view.logs.map((log) => ({ ...log })),
    problems: view.problems.map((problem) => ({ ...problem })),
  };
}

async function known(world: PageWorld, name: string): Promise<JailView> {
  const jail = await world.configuration.jail(name);
  if (jail === null) throw new ApiError(404, `There is no jail '${name}'.`);
  return jail;
}

export const endpoints = [
  endpoint({
    method: 'get',
    path: '/jails',
    tag: 'jails',
    summary: 'All jails of the configuration, with what is in force and where it stands',
    params: Nothing,
    query: Nothing,
    body: null,
    answer: z.object({ jails: z.array(Jail) }),
    run: async (_input, world) => ({ jails: (await world.configuration.jails()).map(jailOf) }),
  }),
  endpoint({
    method: 'get',
    path: '/jails/{name}',
    tag: 'jails',
    summary: 'One jail',
    params: OfJail,
    query: Nothing,
    body: null,
    answer: Jail,
    run: async ({ params }, world) => jailOf(await known(world, params.name)),
  }),
  endpoint({
    method: 'post',
    path: '/jails',
    tag: 'jails',
    summary: 'Add a jail',
    params: Nothing,
    query: Nothing,
    body: z.object({ name: NewName, options: z.record(z.string().max(64), z.string().max(20_000)) }),
    answer: Edited,
    status: 201,
    run: async ({ body: { name, options } }, world, actor) => {
      if ((await world.configuration.jail(name)) !== null) throw new ApiError(409, `There is a jail '${name}' already.`);
      return edited(world, actor, [{ kind: 'add-jail', jail: name, options }], { action: 'jail.add', subject: name });
    },
  }),
  endpoint({
    method: 'patch',
    path: '/jails/{name}',
    tag: 'jails',
    summary: 'Change settings of a jail, or let it only observe',
    params: OfJail,
    query: Nothing,
    body: z.object({ options: OptionEdits.default({}), observing: z.boolean().optional() }),
    answer: Edited,
    run: async ({ params: { name }, body: { options, observing } }, world, actor) => {
      const jail = await known(world, name);
      const observe = observing === undefined || observing === jail.observing ? [] : world.editor.observe(name, observing);
      const edits = [...(Object.keys(options).length > 0 ? [{ kind: 'jail', jail: name, options } as const] : []), ...observe];
      return edited(world, actor, edits, { action: 'jail.edit', subject: name });
    },
  }),
  endpoint({
    method: 'delete',
    path: '/jails/{name}',
    tag: 'jails',
    summary: 'Remove an own jail, or take all changes of a shipped one back',
    params: OfJail,
    query: Nothing,
    body: null,
    answer: Edited,
    run: async ({ params: { name } }, world, actor) => {
      const own = (await known(world, name)).origin === 'own';
      const edit = own ? ({ kind: 'remove-jail', jail: name } as const) : ({ kind: 'reset-jail', jail: name } as const);
      return edited(world, actor, [edit], { action: own ? 'jail.remove' : 'jail.reset', subject: name });
    },
  }),
  endpoint({
    method: 'get',
    path: '/jails/{name}/raw',
    tag: 'jails',
    summary: 'The section of a jail in our own file, as text',
    params: OfJail,
    query: Nothing,
    body: null,
    answer: z.object({ text: z.string() }),
    run: async ({ params }, world) => ({ text: (await known(world, params.name)).raw }),
  }),
  endpoint({
    method: 'put',
    path: '/jails/{name}/raw',
    tag: 'jails',
    summary: 'Write the section of a jail in our own file, with its header; an empty text takes it away',
    params: OfJail,
    query: Nothing,
    body: z.object({ text: z.string().max(200_000) }),
    answer: Edited,
    run: async ({ params: { name }, body: { text } }, world, actor) => {
      await known(world, name);
      return edited(world, actor, [{ kind: 'raw-jail', jail: name, text }], { action: 'jail.edit', subject: name });
    },
  }),
  endpoint({
    method: 'post',
    path: '/jails/switch',
    tag: 'jails',
    summary: 'Switch jails on or off, each by itself',
    params: Nothing,
    query: Nothing,
    body: z.object({ jails: z.array(Name).min(1).max(1000), on: z.boolean() }),
    answer: z.object({
      results: z.array(z.object({ jail: z.string(), ok: z.boolean(), message: z.string().nullable(), problems: z.array(ProblemItem) })),
    }),
    run: async ({ body: { jails, on } }, world, actor) => ({
      results: (await switchJails(world, actor, jails, on)).map((result) => ({
        ...result,
        problems: result.problems.map((problem) => ({ ...problem })),
      })),
    }),
  }),
  endpoint({
    method: 'post',
    path: '/jails/{name}/preview',
    tag: 'jails',
    summary: 'Whom a jail would have banned in the last hours, with changes that are not saved',
    params: OfJail,
    query: Nothing,
    body: z.object({
      options: OptionEdits.default({}),
      since: z
        .number()
        .int()
        .min(60)
        .max(30 * 86400)
        .default(86400),
    }),
    readsOnly: true,
    answer: Preview,
    run: async ({ params: { name }, body: { options, since } }, world) => {
      await known(world, name);
      const edits = Object.keys(options).length > 0 ? [{ kind: 'jail', jail: name, options } as const] : [];
      const plan = await world.editor.plan(edits);
      const errors = plan.problems.filter(({ severity }) => severity === 'error');
      if (errors.length > 0) throw new ApiError(422, 'The changes have errors.', errors);
      const overlay = await world.editor.overlay(edits);
      try {
        const result = await world.tester.previewJail({ confdir: overlay.confdir, jail: name, since });
        if (result.kind === 'unfinished') return { kind: result.kind, message: result.message, bans: [] };
        const bans = result.preview.bans.map((ban) => ({ ...ban, users: [...ban.users], matches: [...ban.matches] }));
        return { kind: result.kind, message: null, bans };
      } finally {
        await overlay.done();
      }
    },
  }),
];
