/** Whether somebody answers on the socket, and waiting until that changes. */
import { type Clock, sleep } from '../../../base/clock';
import { AppError } from '../../../base/errors';
import type { Control } from '../control';

/** `silent`: a server has the socket, and does not answer us. */
export type Presence = 'answers' | 'silent' | 'nobody';

/** Seconds between two looks. */
const STEP = 0.25;

/** Never rejects for an error of the world. */
export async function presenceOf(control: Control): Promise<Presence> {
  try {
    await control.ping();
    return 'answers';
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.code === 'SERVER_NOT_RUNNING' ? 'nobody' : 'silent';
  }
}

/** Looks again and again; the first look that is not null, or null when time is up. @param seconds how long */
export async function firstSight<T>(clock: Clock, seconds: number, look: () => Promise<T | null>): Promise<T | null> {
  for (const end = clock.monotonic() + seconds; ;) {
    const seen = await look();
    if (seen !== null || clock.monotonic() >= end) return seen;
    await sleep(clock, STEP);
  }
}

/**
 * Stops the server over the socket and waits until nobody answers and its process is gone. Rejects with SERVER_TIMEOUT, or with what the server says.
 * @param gone whether the process has ended
 * @param seconds that all of it may take
 */
export async function stopOverSocket(control: Control, clock: Clock, seconds: number, gone: () => boolean): Promise<void> {
  const tooLong = new AppError('SERVER_TIMEOUT', `the server does not end within ${seconds} seconds`);
  const end = clock.monotonic() + seconds;
  const stopping = control.stop().catch((error: unknown) => {
    // A server may close the socket before it has answered.
    if (!(error instanceof AppError && error.code === 'SERVER_NOT_RUNNING')) throw error;
  });
  const limit = sleep(clock, seconds).then(() => {
    throw tooLong;
  });
  await Promise.race([stopping, limit]);
  const left = Math.max(0, end - clock.monotonic());
  const ended = await firstSight(clock, left, async () => ((await presenceOf(control)) === 'nobody' && gone() ? true : null));
  if (ended === null) throw tooLong;
}
