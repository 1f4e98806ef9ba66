/** One reader's claim on a path or a pattern: which files it has of it, where it stands in each, and whether it rests. */
import { statSync } from 'node:fs';
import type { Clock, Timer } from '../../base/clock';
import { rotationBase } from '../../base/file-rotated';
import type { FollowedFiles } from './followed-files';
import type { Attachment, SharedFile, Start } from './shared-file';
import type { FollowHandle, FollowOptions, LineReader, Position } from './source';
import { newcomerStart, rotationStart, usualStart } from './starts';

/** A file that a pattern no longer finds is kept this long: it may be read to its end, or come back. Seconds. */
const GONE = 30;

interface Claimed {
  file: SharedFile | null;
  attachment: Attachment | null;
  /** As the last attachment left it. */
  position: Position | null;
  /** Where the first attachment begins, and the size of the file when it was claimed. */
  readonly start: Start;
  readonly newFrom: number;
  goneTimer: Timer | null;
  /** Kept when the last attachment has handled its last batch. */
  released: Promise<void>;
  /** A rotated file that was read to its end: nothing new comes there. */
  finished: boolean;
}

/** The paths that are claimed for one reader, over all its claims. */
export type ClaimedPaths = Set<string>;

export class Claim implements FollowHandle {
  private readonly claimed = new Map<string, Claimed>();
  private paused = false;
  private stopped = false;
  /** Set by who made the claim: called once when it stops. */
  onStop: () => void = () => undefined;

  constructor(
    private readonly options: FollowOptions,
    private readonly reader: LineReader,
    private readonly all: FollowedFiles,
    private readonly paths: ClaimedPaths,
    private readonly clock: Clock,
  ) {}

  files(): readonly string[] {
    return [...this.claimed.keys()].sort();
  }

  position(path?: string): Position | null {
    const claimed = path === undefined ? [...this.claimed.values()][0] : this.claimed.get(path);
    return claimed?.attachment?.position ?? claimed?.position ?? null;
  }

  /** Takes a path that was named as such. */
  take(path: string, position: Position | null): void {
    if (this.paths.has(path)) return;
    if (this.isRotation(path)) this.takeRotation(path, position);
    else this.claim(path, usualStart(this.options, position));
  }

  /** Takes a path that a pattern found. */
  found(path: string, first: boolean): void {
    const known = this.claimed.get(path);
    if (known !== undefined) {
      known.goneTimer?.cancel();
      known.goneTimer = null;
      return;
    }
    if (this.stopped || this.paths.has(path) || !isFile(path)) return;
    const position = this.options.positionOf?.(path) ?? null;
    if (first) return this.take(path, position);
    if (this.isRotation(path)) return;
    this.claim(path, newcomerStart(position));
    this.reader.onNotice({ kind: 'added', source: path, message: `${path} was found` });
  }

  /** A pattern no longer finds the path. */
  gone(path: string): void {
    const known = this.claimed.get(path);
    if (known === undefined || known.goneTimer !== null) return;
    known.goneTimer = this.clock.after(GONE, () => {
      if (this.stopped || this.claimed.get(path) !== known) return;
      this.claimed.delete(path);
      this.paths.delete(path);
      void this.release(known);
      this.reader.onNotice({ kind: 'dropped', source: path, message: `${path} is gone` });
    });
  }

  pause(): void {
    if (this.paused || this.stopped) return;
    this.paused = true;
    for (const claimed of this.claimed.values()) void this.release(claimed);
  }

  resume(): void {
    if (!this.paused || this.stopped) return;
    this.paused = false;
    for (const [path, claimed] of this.claimed) void claimed.released.then(() => this.again(path, claimed));
  }

  async stop(): Promise<void> {
    if (!this.stopped) this.onStop();
    this.stopped = true;
    const released = [...this.claimed.values()].map((claimed) => this.release(claimed));
    for (const path of this.claimed.keys()) this.paths.delete(path);
    await Promise.all(released);
  }

  private again(path: string, claimed: Claimed): void {
    if (this.paused || this.stopped || claimed.finished || claimed.file !== null || this.claimed.get(path) !== claimed) return;
    this.attach(path, claimed, claimed.position === null ? claimed.start : newcomerStart(claimed.position));
  }

  private isRotation(path: string): boolean {
    const base = rotationBase(path);
    return base !== null && this.paths.has(base);
  }

  private takeRotation(path: string, position: Position | null): void {
    const claimed = this.claim(path, rotationStart(this.options, position), () => {
      claimed.finished = true;
      void this.release(claimed);
    });
  }

  private claim(path: string, start: Start, onEnd?: () => void): Claimed {
    const claimed: Claimed = {
      file: null,
      attachment: null,
      position: null,
      start,
      newFrom: sizeOf(path),
      goneTimer: null,
      released: Promise.resolve(),
      finished: false,
    };
    this.claimed.set(path, claimed);
    this.paths.add(path);
    if (!this.paused) this.attach(path, claimed, start, onEnd);
    return claimed;
  }

  private attach(path: string, claimed: Claimed, start: Start, onEnd: () => void = () => undefined): void {
    const inOperation = this.options.mode === 'tail';
    claimed.attachment = {
      reader: this.reader,
      start,
      place: null,
      newFrom: claimed.newFrom,
      newPlace: null,
      position: claimed.position,
      inOperation,
      handling: Promise.resolve(),
      onEnd,
    };
    claimed.file = this.all.attach(path, this.options.encoding, claimed.attachment);
  }

  private release(claimed: Claimed): Promise<void> {
    const { file, attachment } = claimed;
    claimed.goneTimer?.cancel();
    if (file === null || attachment === null) return claimed.released;
    claimed.file = null;
    claimed.released = this.all.detach(file, attachment).then(() => {
      claimed.position = attachment.position;
      if (claimed.attachment === attachment) claimed.attachment = null;
    });
    return claimed.released;
  }
}

/** Bytes in a file now; 0 when it is not there or not to be seen. */
function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
