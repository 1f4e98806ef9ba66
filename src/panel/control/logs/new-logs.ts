/** Has the stock server watch logs that have come since it read its configuration, and leave those that have gone. Our engine finds them by itself. */
import { type Clock, type Timer } from '../../../base/clock';
import { AppError, messageOf } from '../../../base/errors';
import type { Logger } from '../../../base/logger';
import type { Command } from '../../../model/command';
import type { Control } from '../control';
import { planReload } from '../reload';

export interface NewLogs {
  /** Somebody says that there may be other logs. Looks at once and a few times more: a web server makes the logs of a new domain when it is told of it. */
  look(): void;
  close(): Promise<void>;
}

export interface NewLogsOptions {
  readonly control: Pick<Control, 'info' | 'jails' | 'get' | 'reload'>;
  /** The configuration folder. */
  readonly conf: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Seconds from being told to each look. */
const LOOKS = [0, 1, 5, 30];

/** The logs of each jail that the configuration names and that are there. */
function wantedLogs(commands: readonly Command[]): ReadonlyMap<string, readonly string[]> {
  const wanted = new Map<string, string[]>();
  for (const [verb, jail, option, path] of commands)
    if (verb === 'set' && option === 'addlogpath') wanted.set(String(jail), [...(wanted.get(String(jail)) ?? []), String(path)]);
  return wanted;
}

const same = (one: readonly string[], other: readonly string[]): boolean => [...one].sort().join('\n') === [...other].sort().join('\n');

export function createNewLogs({ control, conf, clock, logger }: NewLogsOptions): NewLogs {
  let timers: readonly Timer[] = [];
  let queue: Promise<void> = Promise.resolve();
  /** What was wanted at the last reload: once more would change nothing. */
  let tried = '';

  async function lookOnce(): Promise<void> {
    if ((await control.info()).engine !== 'fail2ban') return;
    const commands = planReload(conf).command?.[3];
    if (!Array.isArray(commands)) return;
    const wanted = wantedLogs(commands as readonly Command[]);
    const signs = JSON.stringify([...wanted]);
    if (signs === tried) return;
    const running = await control.jails();
    for (const [jail, paths] of wanted) {
      if (running.includes(jail) && same(paths, await control.get(jail, 'logpath'))) continue;
      tried = signs;
      await control.reload();
      return;
    }
  }

  function next(): void {
    queue = queue.then(lookOnce).catch((error: unknown) => {
      // A server that is silent reads its configuration when it starts.
      if (!(error instanceof AppError)) throw error;
      if (error.code !== 'SERVER_NOT_RUNNING') logger.log('WARNING', 'bailiff.web', `new logs could not be watched: ${messageOf(error)}`);
    });
  }

  const forget = (): void => {
    for (const timer of timers) timer.cancel();
  };

  return {
    look() {
      forget();
      timers = LOOKS.map((seconds) => clock.after(seconds, next));
    },
    async close() {
      forget();
      await queue;
    },
  };
}
