/** Endpoints of the server's own log. */
import { z } from 'zod';
import { endpoint } from './endpoint';
import { ApiError } from './problem';
import { Id, Limit, Name, Time, none } from './schemas';

export const endpoints = [
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
];
