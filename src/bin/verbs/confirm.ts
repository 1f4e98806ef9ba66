/** `--confirm SECONDS`: an edit from the shell is taken back, unless whoever made it presses Enter in time: a connection that it cut off cannot. */
import { createInterface } from 'node:readline';
import type { Clock } from '../../base/clock';
import { formatProblem } from '../../model/problem';
import { differing } from '../../panel/control/handle/dead-mans-handle';
import type { EditDeed } from '../../panel/web/acts/edits';
import { record } from '../../panel/web/acts/actor';
import { secondsOf, wrong } from './items';
import type { Given, OptionSpec } from './verb';
import type { CliWorld } from './world';

export const CONFIRM: OptionSpec = {
  name: 'confirm',
  value: 'SECONDS',
  meaning: 'take the edit back, unless Enter is pressed within so many seconds',
};

const [LEAST, MOST] = [5, 3600];
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Kept with true when somebody presses Enter in time; with false when nobody does, nothing can come any more, or we are to end. */
export type Confirmed = (seconds: number) => Promise<boolean>;

/** @param tell a sentence for standard error */
export function confirmOn(
  input: NodeJS.ReadableStream & { ref(): unknown; unref(): unknown },
  tell: (text: string) => void,
  clock: Pick<Clock, 'after'>,
): Confirmed {
  return (seconds) =>
    new Promise((resolve) => {
      input.ref();
      const lines = createInterface({ input });
      const end = (kept: boolean): void => {
        timer.cancel();
        for (const signal of SIGNALS) process.off(signal, ended);
        lines.removeAllListeners('close');
        lines.close();
        // Whoever holds the other end open does not keep us.
        input.unref();
        resolve(kept);
      };
      const ended = (): void => end(false);
      const timer = clock.after(seconds, ended);
      for (const signal of SIGNALS) process.on(signal, ended);
      lines.once('line', () => end(true));
      lines.once('close', ended);
      tell(`press Enter within ${seconds} seconds to keep it: else it is taken back`);
    });
}

/** Seconds of `--confirm`; null when it is not given. @throws AppError BAD_ARGUMENT */
export function confirmSeconds(options: Given): number | null {
  const text = options.text('confirm');
  if (text === null) return null;
  const seconds = secondsOf('--confirm', text, { forever: false });
  if (seconds < LEAST || seconds > MOST) throw wrong(`--confirm takes ${LEAST} to ${MOST} seconds`);
  return seconds;
}

/** Puts all files back as they were, and has the server follow. What is in the way, null when all is as it was; written down either way. */
export async function takenBack(
  world: CliWorld,
  before: Readonly<Record<string, string>>,
  stamp: string,
  { action, subject }: EditDeed,
): Promise<string | null> {
  const rooms = await world.working();
  const files = Object.fromEntries(differing(before, await rooms.editor.exportAll()).map((file) => [file, before[file] ?? '']));
  const by = { ...world.actor, what: `taken back: ${action} ${subject}`, stamp };
  const { ok, message, problems } = await rooms.editor.apply([{ kind: 'import', files }], by);
  const [error] = problems.filter(({ severity }) => severity === 'error');
  const why = ok ? null : (message ?? (error === undefined ? 'it was not taken' : formatProblem(error)));
  await record(rooms, world.actor, { action: 'edit.taken-back', subject: `${action} ${subject}`, ok, message: why });
  return why;
}
