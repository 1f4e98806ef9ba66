/** From a pattern: the files that match it now, those that come to match, and those that are gone. */
import { dirname } from 'node:path';
import type { Clock, Timer } from '../../base/clock';
import { glob, hasWildcard, isFolder } from '../../base/files';
import type { DirectoryWatch, FolderSubscription } from './directory-watch';

/** After a notice of the kernel names are given this long to settle, seconds. */
const SETTLE = 0.1;
/** A look at a pattern may take one part in this many of the time. */
const SHARE = 20;
/** Looks without notices, with notices; seconds. */
const POLL = 1;
const SAFETY = 20;

export interface GlobEvents {
  /** @param first true for the files of the first look */
  found(path: string, first: boolean): void;
  /** The pattern does not match this path any more. */
  gone(path: string): void;
}

export class FollowedGlob {
  private readonly known = new Set<string>();
  private readonly folders = new Map<string, FolderSubscription>();
  private timer: Timer | null = null;
  private timerDue = Infinity;
  private earliest = 0;
  private stopped = false;

  /** @param watch null for the polling backend */
  constructor(
    readonly pattern: string,
    private readonly clock: Clock,
    private readonly watch: DirectoryWatch | null,
    private readonly events: GlobEvents,
  ) {}

  /** Looks now, and from then on when something changed. */
  start(): void {
    this.scan(true);
  }

  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
    for (const subscription of this.folders.values()) subscription.cancel();
    this.folders.clear();
  }

  private scan(first: boolean): void {
    if (this.stopped) return;
    this.timer = null;
    this.timerDue = Infinity;
    const began = this.clock.monotonic();
    this.watchFolders();
    const now = new Set(glob(this.pattern));
    for (const path of now) {
      if (this.known.has(path)) continue;
      this.known.add(path);
      this.events.found(path, first);
    }
    for (const path of this.known) {
      if (now.has(path)) continue;
      this.known.delete(path);
      this.events.gone(path);
    }
    const ended = this.clock.monotonic();
    this.earliest = ended + (ended - began) * SHARE;
    const told = this.folders.size > 0 && [...this.folders.values()].every(({ active }) => active);
    this.schedule(told ? SAFETY : POLL);
  }

  private schedule(seconds: number): void {
    if (this.stopped) return;
    const now = this.clock.monotonic();
    const due = Math.max(now + seconds, this.earliest);
    if (due >= this.timerDue) return;
    this.timer?.cancel();
    this.timerDue = due;
    this.timer = this.clock.after(due - now, () => this.scan(false));
  }

  private watchFolders(): void {
    if (this.watch === null) return;
    const wanted = new Set(foldersOf(this.pattern));
    for (const [folder, subscription] of this.folders) {
      if (wanted.has(folder)) continue;
      subscription.cancel();
      this.folders.delete(folder);
    }
    for (const folder of wanted) {
      if (!this.folders.has(folder))
        this.folders.set(
          folder,
          this.watch.onChange(folder, () => this.schedule(SETTLE)),
        );
    }
  }
}

/** The folders in which a change of names can change what a pattern matches: from the last one before the first wildcard on, or the nearest that is there. */
export function foldersOf(pattern: string): string[] {
  const folders: string[] = [];
  for (let level = dirname(pattern); ; level = dirname(level)) {
    const matched = glob(level).filter(isFolder);
    folders.push(...matched);
    const parent = dirname(level);
    if ((!hasWildcard(level) && matched.length > 0) || parent === level) break;
  }
  return folders;
}
