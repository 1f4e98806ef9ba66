/** From a pattern: the files that match it now, those that come to match, and those that are gone; looked for once for all who ask for it. */
import { dirname } from 'node:path';
import type { Clock, Timer } from '../../base/clock';
import { glob, hasWildcard, isFolder, sizeOf } from '../../base/files';
import type { DirectoryWatch, FolderSubscription } from './directory-watch';

/** After a notice of the kernel names are given this long to settle, seconds. */
const SETTLE = 0.1;
/** A look at a pattern may take one part in this many of the time. */
const SHARE = 20;
/** Looks without notices, with notices; seconds. */
const POLL = 1;
const SAFETY = 20;
/** Who asks so soon after a look gets what that found: the jails of a start come one after the other. Seconds. */
const FRESH = 5;

export interface GlobEvents {
  /**
   * @param size bytes in the file
   * @param first true for the files of the first look
   */
  found(path: string, size: number, first: boolean): void;
  /** The pattern does not match this path any more. */
  gone(path: string): void;
}

export class FollowedGlob {
  /** The size of each file when it was found, or when all were looked at anew for somebody who came later. */
  private readonly known = new Map<string, number>();
  private readonly listeners = new Set<GlobEvents>();
  private readonly folders = new Map<string, FolderSubscription>();
  private looked = -Infinity;
  private timer: Timer | null = null;
  private timerDue = Infinity;
  private earliest = 0;

  /** @param watch null for the polling backend */
  constructor(
    readonly pattern: string,
    private readonly clock: Clock,
    private readonly watch: DirectoryWatch | null,
  ) {}

  /** Tells what matches now, and from then on what changes. */
  add(listener: GlobEvents): void {
    if (this.clock.monotonic() - this.looked > FRESH) {
      for (const path of this.known.keys()) this.known.set(path, sizeOf(path) ?? 0);
      this.scan();
      this.looked = this.clock.monotonic();
    }
    this.listeners.add(listener);
    for (const [path, size] of this.known) listener.found(path, size, true);
  }

  /** True when nobody listens any more: then nothing is looked at. */
  remove(listener: GlobEvents): boolean {
    this.listeners.delete(listener);
    if (this.listeners.size > 0) return false;
    this.timer?.cancel();
    for (const subscription of this.folders.values()) subscription.cancel();
    this.folders.clear();
    return true;
  }

  private scan(): void {
    this.timer?.cancel();
    this.timer = null;
    this.timerDue = Infinity;
    const began = this.clock.monotonic();
    this.watchFolders();
    const now = new Set(glob(this.pattern));
    for (const path of now) {
      const known = this.known.has(path);
      const size = known ? null : sizeOf(path);
      if (size === null) continue;
      this.known.set(path, size);
      for (const listener of this.listeners) listener.found(path, size, false);
    }
    for (const path of this.known.keys()) {
      if (now.has(path)) continue;
      this.known.delete(path);
      for (const listener of this.listeners) listener.gone(path);
    }
    const ended = this.clock.monotonic();
    this.earliest = ended + (ended - began) * SHARE;
    const told = this.folders.size > 0 && [...this.folders.values()].every(({ active }) => active);
    this.schedule(told ? SAFETY : POLL);
  }

  private schedule(seconds: number): void {
    const now = this.clock.monotonic();
    const due = Math.max(now + seconds, this.earliest);
    if (due >= this.timerDue) return;
    this.timer?.cancel();
    this.timerDue = due;
    this.timer = this.clock.after(due - now, () => this.scan());
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
      if (!this.folders.has(folder)) this.folders.set(folder, this.watch.onChange(folder, { told: () => this.schedule(SETTLE) }));
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
