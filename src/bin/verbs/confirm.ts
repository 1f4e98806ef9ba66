/** `--confirm SECONDS`: an edit from the shell is taken back, unless whoever made it presses Enter in time: a connection that it cut off cannot. */
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Clock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { Logger } from '../../base/logger';
import { DeadMansHandle, type HandleDeps, NOBODY } from '../../panel/control/handle/dead-mans-handle';
import type { BannedItem } from '../../panel/control/handle/held-edit';
import { SHELL_EDIT, takeBackLeft, waitingInShell } from '../../panel/control/handle/left-behind';
import { recordHeld } from '../../panel/web/acts/held';
import { secondsOf, wrong } from './items';
import type { Answer, Given, OptionSpec } from './verb';
import type { CliWorld } from './world';

export const CONFIRM: OptionSpec = {
  name: 'confirm',
  value: 'SECONDS',
  meaning: 'take the edit back, unless Enter is pressed within so many seconds',
};

const [LEAST, MOST] = [5, 3600];
const GONE = 'nobody confirmed it: everything is as it was';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Kept with true when somebody presses Enter in time; with false when nobody does, nothing can come any more, or we are to end. */
export type Confirmed = (seconds: number) => Promise<boolean>;

/**
 * @param input a terminal or a pipe, which can be held; or a file, such as /dev/null, which is at its end
 * @param tell a sentence for standard error
 */
export function confirmOn(
  input: NodeJS.ReadableStream & { ref?(): unknown; unref?(): unknown },
  tell: (text: string) => void,
  clock: Pick<Clock, 'after'>,
): Confirmed {
  return (seconds) =>
    new Promise((resolve) => {
      input.ref?.();
      const lines = createInterface({ input });
      const end = (kept: boolean): void => {
        timer.cancel();
        for (const signal of SIGNALS) process.off(signal, ended);
        lines.removeAllListeners('close');
        lines.close();
        // Whoever holds the other end open does not keep us.
        input.unref?.();
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

export interface HeldCall<T> {
  /** What is done to what, for the audit log. */
  readonly what: string;
  /** Bans by hand that are to be made, and those of them that were made. */
  readonly planned?: readonly BannedItem[];
  readonly bansOf?: (done: T) => readonly BannedItem[];
}

/**
 * Makes an edit; with `--confirm` it is taken back unless somebody confirms it, after a kill of this program too.
 * @returns what was done, and the sentence that tells that it is taken back, or could not be; null when it stays
 * @throws AppError BAD_ARGUMENT while the edit of another shell waits
 */
export async function confirmed<T>(
  world: CliWorld,
  options: Given,
  { what, planned = [], bansOf }: HeldCall<T>,
  work: () => Promise<T>,
): Promise<{ readonly done: T; readonly back: string | null }> {
  const seconds = confirmSeconds(options);
  if (seconds === null) return { done: await work(), back: null };
  const deps = await shellDeps(world, seconds);
  await takeBackLeft(deps);
  const handle = new DeadMansHandle(deps);
  const watched = (): Promise<T> => {
    // From now on the edit stands in the file: should we be killed, somebody else looks after it.
    world.watch();
    return work();
  };
  try {
    const done = await handle.during(world.actor, what, watched, () => Promise.resolve(true), bansOf, planned);
    if (handle.waiting() === null) return { done, back: null };
    const kept = !world.guard.interrupted && (await world.confirmed(seconds));
    // Who was made to stand still for longer than that finds it taken back.
    if (!isOurs(deps)) return { done, back: GONE };
    if (kept && (await handle.keep(world.actor)) === 'kept') return { done, back: null };
    return { done, back: await takenBack(handle) };
  } catch (error) {
    if (isOurs(deps)) await takenBack(handle);
    throw error;
  } finally {
    await handle.close();
  }
}

const isOurs = (deps: HandleDeps): boolean => waitingInShell(deps).held?.pid === deps.pid;

async function takenBack(handle: DeadMansHandle): Promise<string> {
  try {
    await handle.takeBackNow(NOBODY);
    const outcome = handle.last();
    handle.seen();
    if (outcome === null || outcome.message === null) return GONE;
    return `nobody confirmed it, and it could not be taken back: ${outcome.message}`;
  } catch (error) {
    return `nobody confirmed it, and it could not be taken back: ${messageOf(error)}; it is tried again`;
  }
}

/** An answer that tells what became of the edit, in text and JSON. */
export function withBack(answer: Answer, back: string | null): Answer {
  if (back === null) return answer;
  const json = { ...(answer.json as object), ok: false, message: back };
  return { text: '', json, failures: [...(answer.failures ?? []), back] };
}

/** What the handle of this shell works with. */
export async function shellDeps(world: CliWorld, seconds: number): Promise<HandleDeps> {
  const rooms = await world.working();
  const { clock } = world;
  return {
    ...shellFile(world),
    ...{ editor: rooms.editor, desk: rooms.desk, notes: rooms.notebook, clock, pid: process.pid },
    tell: (outcome) => recordHeld(rooms, outcome),
    answering: () => world.control.jails(),
    times: { waits: seconds, tooEarly: 0 },
  };
}

/** Where an edit waits. What became of it we tell ourselves. */
export function shellFile({ place, logger, clock }: CliWorld): Pick<HandleDeps, 'file' | 'logger' | 'clock'> {
  const errors: Logger = { log: (level, ...rest) => void (level === 'ERROR' && logger.log(level, ...rest)) };
  return { file: path.join(place.data, SHELL_EDIT), logger: errors, clock };
}
