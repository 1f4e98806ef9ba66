/** One reader's claim on a path or a pattern: which files it has of it, where it stands in each, and whether it rests. */
import type { Clock, Timer } from '../../base/clock';
import { sizeOf } from '../../base/files';
import { rotationBase } from '../../base/file-rotated';
import { Attachment, type Start } from './attachment';
import type { FollowedFiles } from './followed-files';
import type { FollowHandle, FollowOptions, LineReader, Position } from './source';
import { newcomerStart, rotationStart, usualStart } from './starts';

/** A file that a pattern no longer finds is kept this long: it may be read to its end, or come back. Seconds. */
const GONE = 30;

/** What is claimed for one reader, over all its claims: a path belongs to one of them. */
export interface ClaimedPaths {
  readonly named: Set<string>;
  readonly patterns: Set<Claim>;
}

export class Claim implements FollowHandle {
  private readonly claimed = new Map<string, Attachment>();
  private readonly going = new Map<string, Timer>();
  private paused: boolean;
  private stopped = false;
  /** The start of all files of which no position is known. */
  private readonly unknownStart: Start;
  /** Set by who made the claim: called once when it stops. */
  onStop: () => void = () => undefined;

  constructor(
    private readonly options: FollowOptions,
    private readonly reader: LineReader,
    private readonly all: FollowedFiles,
    private readonly paths: ClaimedPaths,
    private readonly clock: Clock,
  ) {
    this.paused = options.paused ?? false;
    this.unknownStart = usualStart(options, null);
  }

  has(path: string): boolean {
    return this.claimed.has(path);
  }

  files(): readonly string[] {
    return [...this.claimed.keys()].sort();
  }

  position(path?: string): Position | null {
    const claimed = path === undefined ? this.claimed.values().next().value : this.claimed.get(path);
    return claimed?.position ?? null;
  }

  /** Takes a path that was named as such. */
  take(path: string, position: Position | null): void {
    if (this.isTaken(path)) return;
    this.paths.named.add(path);
    this.begin(path, position, sizeOf(path) ?? 0);
  }

  /** Takes a file that a pattern found. */
  found(path: string, size: number, first: boolean): void {
    if (this.claimed.has(path)) {
      this.going.get(path)?.cancel();
      this.going.delete(path);
      return;
    }
    if (this.stopped || this.isTaken(path) || this.options.except?.has(path) === true) return;
    const position = this.options.positionOf?.(path) ?? null;
    if (first) return this.begin(path, position, size);
    if (this.isRotation(path)) return;
    this.claim(path, newcomerStart(position), size);
    this.reader.onNotice({ kind: 'added', source: path, message: `${path} was found` });
  }

  /** A pattern no longer finds the path. */
  gone(path: string): void {
    if (!this.claimed.has(path) || this.going.has(path)) return;
    this.going.set(
      path,
      this.clock.after(GONE, () => {
        if (this.stopped) return;
        this.leave(path);
        this.reader.onNotice({ kind: 'dropped', source: path, message: `${path} is gone` });
      }),
    );
  }

  leave(path: string): void {
    const claimed = this.claimed.get(path);
    if (claimed === undefined) return;
    this.going.get(path)?.cancel();
    this.going.delete(path);
    this.claimed.delete(path);
    this.paths.named.delete(path);
    void this.release(claimed);
  }

  pause(): void {
    if (this.paused || this.stopped) return;
    this.paused = true;
    for (const claimed of this.claimed.values()) void this.release(claimed);
  }

  resume(): void {
    if (!this.paused || this.stopped) return;
    this.paused = false;
    for (const [path, claimed] of this.claimed) {
      if (claimed.released === null) this.attach(path, claimed);
      else void claimed.released.then(() => this.again(path, claimed));
    }
  }

  async stop(): Promise<void> {
    if (!this.stopped) this.onStop();
    this.stopped = true;
    for (const timer of this.going.values()) timer.cancel();
    for (const path of this.claimed.keys()) this.paths.named.delete(path);
    const released = [...this.claimed.values()].map((claimed) => this.release(claimed));
    this.going.clear();
    await Promise.all(released);
  }

  private begin(path: string, position: Position | null, size: number): void {
    if (this.isRotation(path)) this.takeRotation(path, position, size);
    else this.claim(path, position === null ? this.unknownStart : usualStart(this.options, position), size);
  }

  private again(path: string, claimed: Attachment): void {
    if (this.paused || this.stopped || claimed.finished || claimed.file !== null || this.claimed.get(path) !== claimed) return;
    const start = claimed.position === null ? claimed.start : newcomerStart(claimed.position);
    claimed.beginAt(start, this.options.mode === 'tail');
    this.attach(path, claimed);
  }

  private isTaken(path: string): boolean {
    if (this.paths.named.has(path)) return true;
    for (const claim of this.paths.patterns) if (claim.has(path)) return true;
    return false;
  }

  private isRotation(path: string): boolean {
    const base = rotationBase(path);
    return base !== null && this.isTaken(base);
  }

  private takeRotation(path: string, position: Position | null, size: number): void {
    const claimed = this.claim(path, rotationStart(this.options, position), size, () => {
      claimed.finished = true;
      void this.release(claimed);
    });
  }

  private claim(path: string, start: Start, size: number, onEnd: (() => void) | null = null): Attachment {
    const claimed = new Attachment(this.reader, start, size, null, this.options.mode === 'tail', onEnd);
    this.claimed.set(path, claimed);
    if (!this.paused) this.attach(path, claimed);
    return claimed;
  }

  private attach(path: string, claimed: Attachment): void {
    this.all.attach(path, this.options.encoding, claimed);
  }

  private release(claimed: Attachment): Promise<void> {
    const { file } = claimed;
    if (file === null) return claimed.released ?? Promise.resolve();
    claimed.file = null;
    claimed.released = this.all.detach(file, claimed);
    return claimed.released;
  }
}
