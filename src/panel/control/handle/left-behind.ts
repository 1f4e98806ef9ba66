/** An edit that waits for somebody at a shell, when the program that asked him is gone or stands still: it is taken back for it. */
import { startOfProcess } from '../../../base/process-life';
import { DeadMansHandle, type HandleDeps, NOBODY } from './dead-mans-handle';
import { type HeldEdit, HeldFile, type TakenBack } from './held-edit';

/** Seconds after its time that the program itself has for taking an edit back. */
const GRACE = 10;
/** Seconds by which the kernel's word for the start of a process may be off. */
const SLACK = 2;

/** The file of edits that were made in a shell. */
export const SHELL_EDIT = 'waiting-in-shell.json';

/** The edit that waits in a file, and whether nobody waits for its author any more. */
export function waitingInShell({ file, logger, clock }: Pick<HandleDeps, 'file' | 'logger' | 'clock'>): {
  readonly held: HeldEdit | null;
  readonly left: boolean;
} {
  const { held } = new HeldFile(file, logger).read();
  return { held, left: held !== null && (isGone(held) || (held.stamp !== null && clock.now() >= held.until + GRACE)) };
}

/** Takes back what was left behind. Null when nothing was. Rejects when it may go well another time: then it still waits. */
export async function takeBackLeft(deps: HandleDeps): Promise<TakenBack | null> {
  if (!waitingInShell(deps).left) return null;
  const handle = new DeadMansHandle(deps);
  const outcome = await handle.takeBackNow(NOBODY);
  // It stands in the audit log: no page of ours asks the file for it.
  handle.seen();
  await handle.close();
  return outcome;
}

/** Its process has ended, or its number is that of a later one. */
function isGone({ pid, began }: HeldEdit): boolean {
  const start = pid === undefined ? null : startOfProcess(pid);
  return start === null || start > began + SLACK;
}
