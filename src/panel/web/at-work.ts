/** Tells the engine from which addresses administrators work, so that failures do not ban them while they are logged in. */
import type { Clock } from '../../base/clock';
import { AppError } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { Control } from '../control/control';

/** Seconds after the last page for which an address is spared. */
const SPARED_FOR = 1800;
/** Seconds after which the engine is told again. */
const TELL_AGAIN = 60;
/** Addresses that are remembered: there are few administrators. */
const MOST = 100;

/** To be called with the address of somebody who is logged in; a page does not wait for it. */
export function createAtWork(control: Pick<Control, 'spare'>, clock: Clock, logger: Logger): (client: string) => void {
  const told = new Map<string, number>();
  return (client) => {
    const now = clock.monotonic();
    if (client === '' || now - (told.get(client) ?? -Infinity) < TELL_AGAIN) return;
    const [oldest] = told.keys();
    if (told.size >= MOST && oldest !== undefined) told.delete(oldest);
    told.set(client, now);
    control.spare(client, SPARED_FOR).catch((error: unknown) => {
      // An engine that is down is shown on every page.
      told.delete(client);
      if (!(error instanceof AppError)) logger.log('ERROR', 'bailiff.web', `the engine could not be told who is at work: ${String(error)}`);
    });
  };
}
