/** From the systemd journal, read through `journalctl --follow`: batches of lines with their times, as the files' follower makes them. */
import type { Clock, Timer } from '../../base/clock';
import { messageOf } from '../../base/errors';
import { spawnLines, type LineProcess } from '../../base/process-stream';
import type { JournalEntry } from './journal-entry';
import { readJournalEntry } from './journal-entry';
import { journalArguments, type JournalOptions } from './journal-arguments';
import type { FollowHandle, LineReader, Position } from './source';

/** The path of the journal's row in fail2ban's database, and its name in batches and notices. */
export const JOURNAL_SOURCE = 'systemd-journal';
/** Lines gather this long, seconds. */
const GATHER = 0.02;
const MAX_LINES = 1000;
/** Entries that wait for the reader; then journalctl has to wait. */
const HIGH_WATER = 5000;
/** An entry this much older than our start is history, seconds. */
const START_SLACK = 1;
const FIRST_PAUSE = 1;
const LAST_PAUSE = 60;
/** An entry that came without its message is asked for once more after this long, seconds, … */
const ASK_AGAIN = 0.2;
/** … and at most one in this long, seconds: whoever writes such entries does not hold the journal up. */
const ASK_AGAIN_REST = 10;

export interface JournalRequest extends JournalOptions {
  /** One list of words per `addjournalmatch`. */
  readonly matches: readonly (readonly string[])[];
  /** Where reading was left off; null when never. */
  readonly position: Position | null;
  /** Seconds since the epoch: older entries need not be read (now − findtime). */
  readonly since: number;
}

/**
 * Follows the journal for one reader.
 * @param command where journalctl is; found by PATH unless told
 * @throws AppError BAD_ARGUMENT for matches or options that journalctl does not understand
 */
export function followJournal(request: JournalRequest, reader: LineReader, clock: Clock, command = 'journalctl'): FollowHandle {
  return new JournalFollow(request, reader, clock, command);
}

class JournalFollow implements FollowHandle {
  private process: LineProcess | null = null;
  private queue: JournalEntry[] = [];
  private last: { cursor: string } | null = null;
  private handled: Position | null = null;
  private handling: Promise<void> | null = null;
  private gather: Timer | null = null;
  private restart: Timer | null = null;
  private pauseLength = FIRST_PAUSE;
  private askedAgain = -Infinity;
  private ended = false;
  private inOperation = false;
  private readonly startedAt: number;
  private readonly after: number;

  constructor(
    private readonly request: JournalRequest,
    private readonly reader: LineReader,
    private readonly clock: Clock,
    private readonly command: string,
  ) {
    this.startedAt = clock.now();
    this.after = Math.round((request.position?.offset ?? 0) * 1e6);
    this.start(this.arguments());
  }

  files(): readonly string[] {
    return [];
  }

  position(): Position | null {
    return this.handled;
  }

  pause(): void {
    this.restart?.cancel();
    this.restart = null;
    this.process?.kill();
    this.process = null;
    this.queue = [];
  }

  resume(): void {
    if (!this.ended && this.process === null) this.start(this.arguments());
  }

  async stop(): Promise<void> {
    this.ended = true;
    this.pause();
    this.gather?.cancel();
    await this.handling;
  }

  private arguments(): string[] {
    const since = Math.max(this.after, Math.round(this.request.since * 1e6), 0);
    return journalArguments(this.request, this.request.matches, this.last ?? { since });
  }

  private start(args: readonly string[]): void {
    const began = this.clock.monotonic();
    const started: LineProcess = spawnLines(this.command, args, {
      onLine: (line) => this.onLine(line),
      onTooLong: () => this.tell('an entry is too long and was left out'),
      onExit: (reason) => {
        if (this.process === started) this.onExit(reason, this.clock.monotonic() - began);
      },
    });
    this.process = started;
  }

  private onExit(reason: string, lived: number): void {
    this.process = null;
    if (lived > LAST_PAUSE) this.pauseLength = FIRST_PAUSE;
    this.tell(`${this.command} ended, it is started again in ${this.pauseLength} s: ${reason}`);
    this.startIn(this.pauseLength);
    this.pauseLength = Math.min(LAST_PAUSE, this.pauseLength * 2);
  }

  /** Starts journalctl anew behind the last entry that was handed out. */
  private startIn(seconds: number): void {
    this.restart = this.clock.after(seconds, () => {
      this.restart = null;
      this.queue = [];
      this.resume();
    });
  }

  /** Whether the journal is read once more from before this entry on: it was being written when journalctl read it. */
  private asksAgain(entry: JournalEntry): boolean {
    const now = this.clock.monotonic();
    if (entry.hasMessage || now < this.askedAgain + ASK_AGAIN_REST) return false;
    this.askedAgain = now;
    this.process?.kill();
    this.process = null;
    this.startIn(ASK_AGAIN);
    return true;
  }

  private onLine(json: string): void {
    const entry = readJournalEntry(json);
    if (entry === null || this.ended || entry.written <= this.after || this.asksAgain(entry)) return;
    this.queue.push(entry);
    if (this.queue.length >= HIGH_WATER) this.process?.pause();
    this.gather ??= this.clock.after(GATHER, () => {
      this.gather = null;
      this.handling ??= this.handOut().finally(() => {
        this.handling = null;
      });
    });
  }

  private async handOut(): Promise<void> {
    while (this.queue.length > 0 && !this.ended) {
      const batch = this.nextBatch();
      await this.hand(batch);
      if (this.queue.length < HIGH_WATER / 2) this.process?.resume();
    }
  }

  /** Entries from the queue's front that are all history, or all new. */
  private nextBatch(): JournalEntry[] {
    const fresh = (entry: JournalEntry): boolean => entry.written / 1e6 >= this.startedAt - START_SLACK;
    if (!this.inOperation && fresh(this.queue[0]!)) {
      this.inOperation = true;
      this.reader.onNotice({ kind: 'in-operation', source: JOURNAL_SOURCE, message: 'the journal was read to its end' });
    }
    const change = this.inOperation ? -1 : this.queue.findIndex(fresh);
    return this.queue.splice(0, Math.min(change < 0 ? MAX_LINES : change, MAX_LINES));
  }

  private async hand(entries: readonly JournalEntry[]): Promise<void> {
    const last = entries.at(-1)!;
    const position = { firstLineHash: new Date(last.written / 1000).toISOString(), offset: last.written / 1e6 };
    const lines = entries.map(({ line }) => line);
    const times = entries.map(({ time }) => time);
    this.last = { cursor: last.cursor };
    try {
      await this.reader.onBatch({ source: JOURNAL_SOURCE, lines, times, inOperation: this.inOperation }, position);
      this.handled = position;
    } catch (error) {
      this.reader.onNotice({ kind: 'reader', source: JOURNAL_SOURCE, message: messageOf(error) });
    }
  }

  private tell(message: string): void {
    this.reader.onNotice({ kind: 'journal', source: JOURNAL_SOURCE, message });
  }
}
