/** Endpoints of the configuration as a whole: its earlier states, export and import. */
import { z } from 'zod';
import { edited } from './edited';
import { endpoint } from './endpoint';
import { ApiError } from './problem';
import { Edited, Time, none } from './schemas';

export const endpoints = [
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
