/** `socket-server.ts PATH`: our engine with a jail on a socket, for the fuzzer; after each line on standard input it tells its memory and its longest pause. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { systemClock } from '../../src/base/clock';
import { recordingRunner } from '../../src/base/process';
import { createSocketServer } from '../../src/contracts/socket/server';
import { dispatch } from '../../src/engine/server/dispatch';
import { ServerLog } from '../../src/engine/server/server-log';
import { DEFAULT_SETTINGS } from '../../src/engine/server/server-settings';
import { createServer } from '../../src/engine/server/wiring';
import { JAIL } from './socket-inputs';

async function main(path: string): Promise<void> {
  let logged = 0;
  const log = new ServerLog(DEFAULT_SETTINGS, () => ({
    name: 'none',
    write: ({ message }) => void (logged += message.length),
    flush: () => 'flushed',
    close: () => Promise.resolve(),
  }));
  const server = createServer({ clock: systemClock, runner: recordingRunner(), log, dryRun: true, globs: () => [] });
  await server.apply([
    ['set', 'dbfile', 'None'],
    ['add', JAIL, 'polling'],
    ['set', JAIL, 'addfailregex', '^knock from <HOST>$'],
    ['start', JAIL],
  ]);
  await createSocketServer({
    path,
    handle: (command) => dispatch(server, command),
    onProblem: (message) => log.log('ERROR', 'fuzz', message),
  });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const tell = (): void => {
    const told = { rss: Math.ceil(process.memoryUsage().rss / (1 << 20)), pause: Math.ceil(delay.max / 1e6), logged };
    delay.reset();
    console.log(JSON.stringify(told));
  };
  tell();
  for await (const line of createInterface({ input: process.stdin })) if (line !== '') tell();
  process.exit(0);
}

void main(process.argv[2] ?? '');
