/** What the client needs of this machine: standard streams, a server to start, and a process that stays until the answer is there. */
import { MessageChannel } from 'node:worker_threads';
import { forReader } from '../terminal';
import { startInBackground } from '../server/background';
import { runClient } from './run';

/**
 * Carries out a command line on this machine; the exit code.
 * @param server the program that `start` runs in the background
 */
export async function runClientHere(args: readonly string[], server: string): Promise<number> {
  // The clock's timers keep no process alive: this does while a command is under way.
  const awake = new MessageChannel();
  awake.port1.ref();
  try {
    return await runClient(args, {
      stdout: (text) => process.stdout.write(forReader(text, process.stdout)),
      stderr: (text) => process.stderr.write(forReader(text, process.stderr)),
      startServer: (line) => startInBackground(line, args, server),
    });
  } finally {
    awake.port1.close();
  }
}
