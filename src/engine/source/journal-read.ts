/** Reads the systemd journal once, to its present end: the entries that the matches name, batch by batch. */
import { AppError } from '../../base/errors';
import { spawnLines } from '../../base/process-stream';
import { journalArguments, type JournalOptions } from './journal-arguments';
import { type JournalEntry, readJournalEntry } from './journal-entry';

const BATCH = 1000;
/** Entries that wait; then journalctl has to wait. */
const HIGH_WATER = 5000;

/**
 * The entries in their order. Leaving the loop early ends journalctl.
 * @param matches one list of words per `addjournalmatch`
 * @param command where journalctl is; found by PATH unless told
 * @param since seconds since the epoch: where to begin
 * @throws AppError BAD_ARGUMENT for matches or options that are not understood, ACTION_FAILED when journalctl fails and brings nothing
 */
export async function* readJournal(
  options: JournalOptions,
  matches: readonly (readonly string[])[],
  command = 'journalctl',
  since = 0,
): AsyncGenerator<readonly JournalEntry[]> {
  const args = journalArguments(options, matches, { since: since * 1e6 }).filter((word) => word !== '--follow' && word !== '--no-tail');
  let queue: JournalEntry[] = [];
  let ended: string | null = null;
  let any = false;
  let wake: () => void = () => undefined;
  const process = spawnLines(command, args, {
    onLine: (json) => {
      const entry = readJournalEntry(json);
      if (entry === null) return;
      if (queue.push(entry) >= HIGH_WATER) process.pause();
      wake();
    },
    onTooLong: () => undefined,
    onExit: (reason) => {
      ended = reason;
      wake();
    },
  });
  try {
    for (;;) {
      if (queue.length === 0 && ended !== null) break;
      if (queue.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      if (queue.length === 0) continue;
      const batch = queue.slice(0, BATCH);
      queue = queue.slice(BATCH);
      any = true;
      if (queue.length < HIGH_WATER / 2) process.resume();
      yield batch;
    }
  } finally {
    if (ended === null) process.kill();
  }
  const reason = ended as string | null;
  if (!any && reason !== null && reason !== 'ended with code 0') throw new AppError('ACTION_FAILED', `${command}: ${reason}`);
}
