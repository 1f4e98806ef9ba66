/** Starts the engine in the background and waits until it answers. */
import { parseDuration } from '../../base/duration';
import { sleep, systemClock } from '../../base/clock';
import { AppError } from '../../base/errors';
import { spawnDetached } from '../../base/process-detached';
import { SocketClient } from '../../contracts/socket/client';
import type { CommandLine } from '../command-line';
import { configurationOf } from './files';
import { NODE_FLAGS } from './node-flags';

/** Seconds between two looks. */
const STEP = 0.1;

async function answers(client: SocketClient): Promise<boolean> {
  try {
    await client.send(['ping'], { timeout: 2 });
    return true;
  } catch {
    return false;
  }
}

/** Starts a server (`program`; the running one when not given) in a session of its own with the same arguments; the exit code when it answers, or does not in time. */
export async function startInBackground(line: CommandLine, args: readonly string[], program = process.argv[1] ?? ''): Promise<number> {
  const client = new SocketClient({ path: configurationOf(line).server.socket });
  if (await answers(client)) throw new AppError('SOCKET_IN_USE', 'Server already running');
  const options = args.slice(0, args.length - line.command.length);
  const child = spawnDetached(process.execPath, [...NODE_FLAGS, program, ...options, '-f', 'start']);
  if (line.async) return 0;
  const limit = line.timeout === null ? 30 : parseDuration(line.timeout);
  for (let waited = 0; waited < limit; waited += STEP) {
    if (await answers(client)) {
      process.stdout.write('Server ready\n');
      return 0;
    }
    if (child.ended()) throw new AppError('SERVER_NOT_RUNNING', 'the server ended at once; its log says why');
    await sleep(systemClock, STEP);
  }
  throw new AppError('SERVER_TIMEOUT', `the server does not answer after ${limit} seconds`);
}
