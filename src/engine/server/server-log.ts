/** The server's own log: records of a level that is wanted go to the target that is set; both can change while it runs. */
import { LEVELS, type LevelName, type Logger } from '../../base/logger';
import type { LogTarget } from '../../contracts/log/targets';
import { FAIL2BAN_PARITY } from '../../model/version';
import type { ServerSettings } from './server-settings';

const LOGGER = 'fail2ban.server';

/** The number of a level's name, or of a number that stands for itself. */
export function levelNumber(level: string): number {
  return Object.hasOwn(LEVELS, level) ? LEVELS[level as LevelName] : Number(level);
}

export class ServerLog implements Logger {
  readonly #open: (settings: ServerSettings) => LogTarget;
  #threshold: number = LEVELS.INFO;
  #target: LogTarget;
  #wanted: string;

  /** @param open opens the target of the settings; throws an AppError when it cannot be used */
  constructor(settings: ServerSettings, open: (settings: ServerSettings) => LogTarget) {
    this.#open = open;
    this.#target = open(settings);
    this.#wanted = targetKey(settings);
    this.#threshold = levelNumber(settings.loglevel);
  }

  log(level: LevelName, name: string, message: string): void {
    if (LEVELS[level] >= this.#threshold) this.#target.write({ level, name, message });
  }

  /** Puts level and target into force; on a target that cannot be used everything stays as it was, and the AppError is thrown. */
  async apply(settings: ServerSettings): Promise<void> {
    if (targetKey(settings) !== this.#wanted) {
      const next = this.#open(settings);
      const before = this.#target;
      this.#target = next;
      this.#wanted = targetKey(settings);
      await before.close();
      this.log('INFO', LOGGER, '-'.repeat(50));
      this.log('INFO', LOGGER, `Changed logging target to ${next.name} for Fail2ban v${FAIL2BAN_PARITY}`);
    }
    this.#threshold = levelNumber(settings.loglevel);
  }

  /** Reopens a file (after its rotation); returns what `flushlogs` answers. */
  flush(): string {
    const answer = this.#target.flush();
    this.log('INFO', LOGGER, `${answer === 'rolled over' ? 'rollover' : 'flush'} performed on ${this.#target.name}`);
    return answer;
  }

  close(): Promise<void> {
    return this.#target.close();
  }
}

function targetKey(settings: ServerSettings): string {
  return JSON.stringify([settings.logtarget, settings.syslogsocket]);
}
