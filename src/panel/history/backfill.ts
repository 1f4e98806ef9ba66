/** Reads into the history, in the background and oldest first, what rotation put away before anybody followed the log; a restart goes on where it was. */
import path from 'node:path';
import { sleep, type Clock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import { type ArchiveBatch, archiveLines, isGzip } from '../../base/file-archive';
import { fileStamp } from '../../base/file-keeping';
import type { Logger } from '../../base/logger';
import { LOGGER } from './database';
import { moveEarlier } from './earlier';
import type { HistoryEvent } from './history';
import { type OlderFile, surveyOlder, unreadOf, whereIs } from './older-files';
import { type Locate, readEvents } from './read-event';
import { type KnownFile, noteSeen } from './read-positions';
import { keptFrom } from './retention';
import type { SqliteHistory } from './sqlite-history';

/** Pause after a batch: as long as it took, so that half of the time is everybody else's; seconds at most. */
const MAX_PAUSE = 0.25;
/** Before a batch that could not be kept is tried again, seconds. */
const RETRY = 5;
/** A file that was not written for this long is written no more, seconds. */
const SETTLED = 3600;

export interface BackfillProgress {
  /** The name of the file that is read. */
  readonly file: string;
  /** Bytes on disk, of all files together. */
  readonly done: number;
  readonly total: number;
}

export interface BackfillDeps {
  readonly history: SqliteHistory;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly locate: Locate;
}

export class Backfill {
  progress: BackfillProgress | null = null;
  /** Kept when everything that was there at the start is read, or `close` was called. */
  ended: Promise<void> = Promise.resolve();
  private turn = 0;

  constructor(
    private readonly log: string,
    private readonly deps: BackfillDeps,
  ) {}

  /**
   * Begins, or begins anew for another database.
   * @param known how far the files are read
   * @param liveHash of the file at the path, which somebody else follows; '' while it has no line
   */
  start(known: ReadonlyMap<string, KnownFile>, liveHash: string): void {
    const turn = ++this.turn;
    const live = fileStamp(this.log);
    const survey = surveyOlder(this.log, live);
    this.ended = this.ended
      .then(async () => this.run(turn, unreadOf(this.told(await survey), known, liveHash), known))
      .catch((error: unknown) => this.deps.logger.log('ERROR', LOGGER, messageOf(error)))
      .finally(() => (this.progress = null));
  }

  async close(): Promise<void> {
    this.turn++;
    await this.ended;
  }

  private told({ files, problems }: { files: readonly OlderFile[]; problems: readonly string[] }): readonly OlderFile[] {
    for (const problem of problems) this.deps.logger.log('WARNING', LOGGER, `not read into the history: ${problem}`);
    return files;
  }

  private async run(turn: number, files: readonly OlderFile[], known: ReadonlyMap<string, KnownFile>): Promise<void> {
    const { history, clock, locate } = this.deps;
    await moveEarlier(history, locate, clock, () => turn === this.turn);
    if (files.length === 0) return;
    const since = await keptFrom(history.database, clock.now());
    const total = files.reduce((sum, file) => sum + file.bytes, 0);
    let before = 0;
    for (const file of files) {
      if (turn !== this.turn) return;
      const position = known.get(file.hash)?.offset ?? 0;
      try {
        await this.readFile(turn, file, position, since, (bytes) => {
          this.progress = { file: path.basename(file.path), done: before + Math.min(bytes, file.bytes), total };
        });
      } catch (error) {
        this.deps.logger.log('WARNING', LOGGER, `${file.path} was not read to its end into the history: ${messageOf(error)}`);
      }
      before += file.bytes;
    }
    const { log } = this;
    await history.database.write((sql) =>
      noteSeen(
        sql,
        log,
        files.map((file) => file.hash),
        clock.now(),
      ),
    );
  }

  private async readFile(turn: number, file: OlderFile, from: number, since: number, told: (bytes: number) => void): Promise<void> {
    const place = await whereIs(this.log, file);
    if (place === null) throw new Error('it is gone');
    const { clock } = this.deps;
    told(0);
    let end = from;
    for await (const batch of archiveLines(place.path, from)) {
      const began = clock.monotonic();
      await this.keep(turn, file.hash, batch, since);
      if (turn !== this.turn) return;
      end = batch.offset;
      told(batch.bytes);
      await sleep(clock, Math.min(MAX_PAUSE, clock.monotonic() - began));
    }
    if (isGzip(place.path) || file.written < clock.now() - SETTLED)
      await this.write(turn, [], { hash: file.hash, offset: end, done: true });
  }

  private async keep(turn: number, hash: string, { lines, offset }: ArchiveBatch, since: number): Promise<void> {
    const events = await readEvents(lines, this.deps.locate);
    const young = events.filter(({ time }) => time >= since);
    await this.write(turn, young, { hash, offset, done: false });
  }

  /** Tried until it works: a full disk may be emptied. */
  private async write(turn: number, events: readonly HistoryEvent[], at: { hash: string; offset: number; done: boolean }): Promise<void> {
    const { history, clock } = this.deps;
    const position = { path: this.log, firstLineHash: at.hash, offset: at.offset, done: at.done };
    while (turn === this.turn) {
      try {
        return await history.add(events, [position], clock.now());
      } catch {
        if (turn === this.turn) await sleep(clock, RETRY);
      }
    }
  }
}
