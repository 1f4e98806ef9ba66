/** `day-server.ts FOLDER NOW`: our engine on the configuration, logs and database of a folder, with a clock that is turned by what comes on standard input: each line is a number of seconds; the answer says how it fares. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { type ProcessRunner, systemRunner } from '../../src/base/process';
import { systemClock } from '../../src/base/clock';
import { readConfiguration } from '../../src/contracts/files/configuration';
import { openLogTarget } from '../../src/contracts/log/targets';
import { JailUnit } from '../../src/engine/server/jail-unit';
import { ServerLog } from '../../src/engine/server/server-log';
import { DEFAULT_SETTINGS } from '../../src/engine/server/server-settings';
import { createServer } from '../../src/engine/server/wiring';
import { manualClock, settle } from '../support/clock';

/** Seconds by which the clock is turned at a time. */
const STEP = 0.5;

/** Milliseconds that the lines under way are waited for: should their handling wait for the clock itself, it is turned on. */
const PATIENCE = 500;

/** What is told after each turn. */
export interface DayState {
  readonly jails: Readonly<Record<string, { readonly failures: number; readonly bans: number; readonly banned: number }>>;
  /** Bytes of living objects after a collection, when one was asked for. */
  readonly heap: number | null;
  /** MiB of the process. */
  readonly rss: number;
  readonly descriptors: number;
}

/** Runs commands on this machine, and knows how many are under way: while they run the clock stands still. */
function countingRunner(inner: ProcessRunner): { readonly runner: ProcessRunner; readonly running: () => number } {
  let running = 0;
  const runner: ProcessRunner = {
    async run(request) {
      running++;
      const result = await inner.run(request);
      running--;
      return result;
    },
  };
  return { runner, running: () => running };
}

async function main(folder: string, now: number): Promise<void> {
  const clock = manualClock(now);
  const { runner, running } = countingRunner(systemRunner(systemClock));
  const log = new ServerLog(DEFAULT_SETTINGS, () =>
    openLogTarget(path.join(folder, 'fail2ban.log'), {
      clock,
      pid: process.pid,
      stdout: () => undefined,
      stderr: () => undefined,
      runner,
      onError: (message) => process.stderr.write(`${message}\n`),
    }),
  );
  const { commands, globs } = readConfiguration(path.join(folder, 'config'));
  const paths = globs.map((glob) => ({ jail: glob.jail, path: glob.path, mode: 'head' as const }));
  const server = createServer({ clock, runner, log, dryRun: false, globs: () => paths });
  /** Lines wait for the real disk: a clock that runs on meanwhile would turn milliseconds into minutes. */
  const handled = async (): Promise<void> => {
    const turns = server.units().map((unit) => (unit instanceof JailUnit ? unit.turn() : Promise.resolve()));
    await Promise.race([Promise.all(turns), wait(PATIENCE, undefined, { ref: false })]);
  };
  const turn = async (seconds: number): Promise<void> => {
    for (let turned = 0; turned < seconds; turned += STEP) {
      await clock.advance(Math.min(STEP, seconds - turned));
      await handled();
      while (running() > 0) await wait(1);
    }
    await settle();
  };
  const done = async (work: Promise<unknown>): Promise<void> => {
    let ended = false;
    void work.finally(() => (ended = true));
    while (!ended) await turn(STEP);
  };
  await done(server.apply(commands));
  const state = (collect: boolean): DayState => {
    if (collect) globalThis.gc?.();
    const { heapUsed, rss } = process.memoryUsage();
    const jails = server.units().map((unit) => {
      const { totalFailed, totalBanned, banned } = unit.status();
      return [unit.name, { failures: totalFailed, bans: totalBanned, banned: banned.length }] as const;
    });
    return {
      jails: Object.fromEntries(jails),
      heap: collect ? heapUsed : null,
      rss: Math.ceil(rss / (1 << 20)),
      descriptors: readdirSync('/proc/self/fd').length,
    };
  };
  console.log(JSON.stringify(state(true)));
  for await (const line of createInterface({ input: process.stdin })) {
    const [seconds = '0', collect] = line.split(' ');
    await turn(Number(seconds));
    console.log(JSON.stringify(state(collect !== undefined)));
  }
  await done(server.quit());
  process.exit(0);
}

void main(process.argv[2] ?? '', Number(process.argv[3]));
