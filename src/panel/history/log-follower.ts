/** Follows the server's log into the history: new lines become events, over rotation and restarts, each once. */
import type { Clock, Timer } from '../../base/clock';
import { AppError, messageOf } from '../../base/errors';
import { FileTail, type TailBatch } from '../../base/file-tail';
import type { Logger } from '../../base/logger';
import { Backfill, type BackfillProgress } from './backfill';
import { LOGGER } from './database';
import type { HistoryEvent } from './history';
import { type Locate, readEvents } from './read-event';
import { type ReadPosition, readPositions } from './read-positions';
import type { SqliteHistory } from './sqlite-history';

/** Between two looks at the log, seconds. */
const INTERVAL = 0.5;

export interface FollowerDeps {
  readonly history: SqliteHistory;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly locate: Locate;
}

/** What has just happened, as the log told it. */
export interface News {
  readonly jails: ReadonlySet<string>;
  readonly events: readonly HistoryEvent[];
}

export type NewsListener = (news: News) => void;

interface Pending {
  readonly events: readonly HistoryEvent[];
  readonly positions: readonly ReadPosition[];
}

export class LogFollower {
  private readonly tail: FileTail;
  private readonly older: Backfill;
  private readonly listeners = new Set<NewsListener>();
  private timer: Timer | null = null;
  private busy: Promise<void> = Promise.resolve();
  /** The database in which the place of the tail is known; another one is filled from the beginning. */
  private placedIn: number | null = null;
  private olderOf: number | null = null;
  /** Read, and not yet kept: goes before everything that is read later. */
  private pending: Pending | null = null;
  private closed = false;

  constructor(
    private readonly file: string,
    private readonly deps: FollowerDeps,
  ) {
    const onNotice = (notice: { message: string }): void => deps.logger.log('INFO', LOGGER, notice.message);
    this.tail = new FileTail(file, { encoding: 'utf-8', clock: deps.clock, onNotice });
    this.older = new Backfill(file, deps);
  }

  /** Follows until `close`, beginning with what is there; what rotation put away unread is read in the background. */
  start(): void {
    void this.catchUp();
    this.timer = this.deps.clock.every(INTERVAL, () => void this.catchUp());
  }

  /** Reads all that was written so far; calls come one after the other. What fails is told to the log and tried again next time. */
  catchUp(): Promise<void> {
    this.busy = this.busy.then(() => this.read()).catch((error: unknown) => this.complain(error));
    return this.busy;
  }

  /** How far the reading of rotated logs has come; null when all of them are read. */
  backfill(): BackfillProgress | null {
    return this.older.progress;
  }

  /** Kept when the reading of rotated logs has come to its end. */
  backfilled(): Promise<void> {
    return this.older.ended;
  }

  /** `listener` hears of everything new as soon as it is kept; nothing of old logs. Returns how to end that. */
  subscribe(listener: NewsListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.timer?.cancel();
    await this.busy;
    await this.older.close();
    this.tail.close();
  }

  private async read(): Promise<void> {
    this.tail.check();
    const { epoch } = this.deps.history.database;
    if (this.placedIn !== epoch) {
      this.pending = null;
      if (!(await this.place())) return;
      this.placedIn = epoch;
    }
    while ((await this.keep()) && !this.closed) {
      const batch = this.tail.read();
      if (batch === null) return;
      this.pending = await this.pendingOf(batch);
    }
  }

  /** The file that is at the path goes on where it was read to, or begins; those that were there before it are the backfill's. */
  private async place(): Promise<boolean> {
    const begin = this.tail.begin();
    const known = await this.deps.history.database.read((sql) => readPositions(sql, this.file));
    const firstLineHash = begin === null ? '' : this.tail.positionOf(begin).firstLineHash;
    if (this.olderOf !== this.deps.history.database.epoch) this.older.start(known, firstLineHash);
    this.olderOf = this.deps.history.database.epoch;
    if (begin === null) return false;
    const at = known.get(firstLineHash);
    this.tail.seek((at === undefined ? null : this.tail.locate({ firstLineHash, offset: at.offset })) ?? begin);
    return true;
  }

  private async pendingOf({ lines, ends, generation, late, position }: TailBatch): Promise<Pending> {
    const events = await readEvents(lines, this.deps.locate);
    const end = ends.at(-1);
    const { firstLineHash, offset } = late && end !== undefined ? this.tail.positionOf({ generation, offset: end }) : position;
    return { events, positions: [{ path: this.file, firstLineHash, offset, done: false }] };
  }

  /** False when the database was replaced meanwhile: then the place is sought anew. */
  private async keep(): Promise<boolean> {
    const { pending } = this;
    if (pending === null) return true;
    const { history, clock } = this.deps;
    if (history.database.epoch !== this.placedIn) return false;
    await history.add(pending.events, pending.positions, clock.now());
    this.pending = null;
    if (pending.events.length > 0) this.tell(pending.events);
    return history.database.epoch === this.placedIn;
  }

  private tell(events: readonly HistoryEvent[]): void {
    const news: News = { events, jails: new Set(events.map((event) => event.jail)) };
    for (const listener of this.listeners) {
      try {
        listener(news);
      } catch (error) {
        this.complain(error);
      }
    }
  }

  /** What the database has to say, it says itself. */
  private complain(error: unknown): void {
    if (!(error instanceof AppError)) this.deps.logger.log('ERROR', LOGGER, messageOf(error));
  }
}
