/** Endpoints of the server as a process: started, stopped, handed over to the other engine. */
import { z } from 'zod';
import { setRunning, switchEngine } from '../acts/settings';
import { endpoint } from './endpoint';
import { ApiError } from './problem';
import { Time, none } from './schemas';

const Daemon = z.object({
  engine: z.enum(['bailiff', 'fail2ban']).nullable(),
  version: z.string().nullable(),
  running: z.boolean(),
  since: Time.nullable(),
  pid: z.number().nullable(),
  canSwitch: z.boolean(),
  canStart: z.boolean(),
});

export const endpoints = [
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
];
