/** Follows the server's log into the history: new lines become events, over rotation and restarts, each once. */
import type { Clock, Timer } from '../../base/clock';
import { messageOf } from '../../base/errors';
import { FileTail } from '../../base/file-tail';
import type { Logger } from '../../base/logger';
import type { HistoryEvent } from './history';
import { readEvent } from './read-event';
import type { SqliteHistory } from './sqlite-history';

const LOGGER = 'bailiff.history';
/** Between two looks at the log, seconds. */
const INTERVAL = 0.5;

export interface FollowerDeps {
  readonly history: SqliteHistory;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class LogFollower {
  private readonly tail: FileTail;
  private timer: Timer | null = null;
  private busy: Promise<void> = Promise.resolve();
  private placed = false;

  constructor(
    private readonly file: string,
    private readonly deps: FollowerDeps,
  ) {
    const onNotice = (notice: { message: string }): void => deps.logger.log('INFO', LOGGER, notice.message);
    this.tail = new FileTail(file, { encoding: 'utf-8', clock: deps.clock, onNotice });
  }

  /** Reads what is there, then goes on by itself until `close`. */
  async start(): Promise<void> {
    await this.catchUp();
    this.timer = this.deps.clock.every(INTERVAL, () => void this.catchUp());
  }

  /** Reads all that was written so far; calls come one after the other. What fails is told to the log and tried again next time. */
  catchUp(): Promise<void> {
    this.busy = this.busy.then(() => this.read()).catch((error: unknown) => this.deps.logger.log('ERROR', LOGGER, messageOf(error)));
    return this.busy;
  }

  async close(): Promise<void> {
    this.timer?.cancel();
    await this.busy;
    this.tail.close();
  }

  private async read(): Promise<void> {
    this.tail.check();
    if (!this.placed) await this.place();
    for (let start = this.tail.place, batch = this.tail.read(); batch !== null; start = this.tail.place, batch = this.tail.read()) {
      const events = batch.lines.map(readEvent).filter((event): event is HistoryEvent => event !== null);
      try {
        await this.deps.history.add(events, this.file, batch.late ? null : batch.position);
      } catch (error) {
        if (!batch.late) this.tail.seek(start);
        throw error;
      }
    }
  }

  /** Where the last run left off; from the beginning when the log is new to us. */
  private async place(): Promise<void> {
    const begin = this.tail.begin();
    if (begin === null) return;
    const position = await this.deps.history.position(this.file);
    this.tail.seek((position === null ? null : this.tail.locate(position)) ?? begin);
    this.placed = true;
  }
}
