/** Endpoints about the server as a whole: what runs, since when, how many are banned. */
import { z } from 'zod';
import { allJails } from '../../control/all-jails';
import { endpoint } from './endpoint';
import { Nothing } from './schemas';

const Problem = z.object({
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  file: z.string().optional(),
  line: z.number().optional(),
  column: z.number().optional(),
  jail: z.string().optional(),
  option: z.string().optional(),
});

const Status = z.object({
  engine: z.enum(['bailiff', 'fail2ban']),
  version: z.string(),
  jails: z.array(
    z.object({
      name: z.string(),
      bannedNow: z.number(),
      bannedTotal: z.number(),
      failedNow: z.number(),
      failedTotal: z.number(),
      files: z.array(z.string()),
      problems: z.array(Problem),
    }),
  ),
  /** Of jails that do not run, and of the configuration as a whole. */
  problems: z.array(Problem),
});

export const endpoints = [
  endpoint({
    method: 'get',
    path: '/status',
    tag: 'server',
    summary: 'Which engine runs, its jails, and what is wrong with them',
    params: Nothing,
    query: Nothing,
    body: null,
    answer: Status,
    run: async (_input, world) => {
      const [info, all] = await Promise.all([world.control.info(), allJails(world.control)]);
      const jails = all.jails.map((jail) => ({
        name: jail.name,
        bannedNow: jail.currentlyBanned,
        bannedTotal: jail.totalBanned,
        failedNow: jail.currentlyFailed,
        failedTotal: jail.totalFailed,
        files: [...jail.files],
        problems: [...(jail.problems ?? [])],
      }));
      return { ...info, jails, problems: [...all.otherProblems] };
    },
  }),
];
