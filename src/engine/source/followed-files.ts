/** All files that are followed: which readers share which, who is woken by the kernel's notices, and who is looked at when, spread over time. */
import { realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Clock, Timer } from '../../base/clock';
import { DueList, NOT_DUE, type Dated } from '../../base/due-list';
import type { DirectoryWatch, FolderListener, FolderSubscription } from './directory-watch';
import { Gate } from './gate';
import { Scanners } from './scanners';
import type { Attachment } from './attachment';
import { SharedFile } from './shared-file';

/** Between two rounds of looking, seconds. */
const TICK = 0.2;
/** Looks at a file whose writes the kernel tells us about: for lost notices and network file systems. Seconds; more where there would be too many. */
const SAFETY = 5;
/** Such looks in a second. */
const SAFETY_LOOKS = 400;
/** The same for one that was not written for so long, and the most of all. Seconds. */
const SAFETY_COLD = 60;
const COLD = 3600;
/** Looks at a file without notices, seconds. */
const POLL = 1;
/** A path without a file is looked at after this, then at twice as much, and so on up to the last. Seconds. */
const MISSING_FIRST = 0.2;
const MISSING_LAST = 60;
const MISSING_LAST_POLLING = 2;
/** After the last reader came what helped the readers of a start is let go of. Seconds. */
const START = 15;
/** Batches under way at once. */
const BATCHES = 64;

/** A file, when it is looked at next, and who tells us of it. */
class Entry implements FolderListener, Dated {
  round = NOT_DUE;
  subscriptions: readonly FolderSubscription[] = [];
  /** The file that the path led to when that was asked last. */
  real = '';

  constructor(
    readonly file: SharedFile,
    private readonly due: DueList<Entry>,
  ) {}

  told(): void {
    if (this.file.troubled) this.due.put(this, 0);
    this.file.wake();
  }
}

export class FollowedFiles {
  private readonly entries = new Map<string, Entry>();
  private readonly due = new DueList<Entry>(TICK);
  /** Those whose path had nothing to read at the last look, and after how many seconds they are looked at once more. */
  private readonly missing = new Map<Entry, number>();
  private readonly gate = new Gate(BATCHES);
  private readonly scanners = new Scanners();
  private readonly timer: Timer;
  private nextVerify = 0;
  private attached = 0;
  private usual: string | null = null;
  private count = 0;

  /** @param watch null for the polling backend */
  constructor(
    private readonly clock: Clock,
    private readonly watch: DirectoryWatch | null,
  ) {
    this.timer = clock.every(TICK, () => this.look());
  }

  attach(path: string, encoding: string, attachment: Attachment): void {
    const key = this.keyOf(path, encoding);
    const entry = this.entries.get(key) ?? this.open(key, path, encoding);
    attachment.file = entry.file;
    this.attached = this.clock.monotonic();
    entry.file.attach(attachment);
  }

  /** Kept when the batch under way has been handled. */
  async detach(file: SharedFile, attachment: Attachment): Promise<void> {
    await file.detach(attachment);
    if (file.wanted) return;
    await file.settled();
    if (file.wanted) return;
    const entry = this.entries.get(file.key);
    if (entry?.file !== file) return;
    this.entries.delete(file.key);
    this.missing.delete(entry);
    this.due.remove(entry);
    for (const subscription of entry.subscriptions) subscription.cancel();
    file.close();
  }

  close(): void {
    this.timer.cancel();
    this.watch?.close();
  }

  /** In the encoding of the first file, which most have, the path itself: thousands of them are kept. */
  private keyOf(path: string, encoding: string): string {
    const name = encoding.toLowerCase().replace(/_/g, '-');
    this.usual ??= name;
    return name === this.usual ? path : `${name}\0${path}`;
  }

  private open(key: string, path: string, encoding: string): Entry {
    const file = new SharedFile(path, encoding, this.clock, this.gate, this.scanners, key);
    const spread = (this.count++ * 0.618) % 1;
    const entry = new Entry(file, this.due);
    this.due.put(entry, this.clock.monotonic() + POLL * spread);
    this.entries.set(key, entry);
    this.subscribe(entry);
    return entry;
  }

  /** Listens in the path's folder, and in the folder of the file that a symbolic link leads to. */
  private subscribe(entry: Entry): void {
    if (this.watch === null) return;
    const { path } = entry.file;
    const real = realPath(path);
    if (real === entry.real) return;
    const old = entry.subscriptions;
    entry.real = real;
    const paths = real === path ? [path] : [path, real];
    const { watch } = this;
    entry.subscriptions = paths.map((one) => watch.onFile(dirname(one), basename(one), entry));
    for (const subscription of old) subscription.cancel();
  }

  private look(): void {
    const now = this.clock.monotonic();
    if (this.watch !== null && now >= this.nextVerify) {
      this.nextVerify = now + POLL;
      this.watch.verify();
    }
    for (const entry of this.missing.keys()) if (!entry.file.troubled) this.lookAt(entry, now);
    for (const entry of this.due.take(now)) this.lookAt(entry, now);
  }

  /** Between two looks at a file whose writes the kernel tells us about, seconds. */
  private get safety(): number {
    return Math.min(SAFETY_COLD, Math.max(SAFETY, this.entries.size / SAFETY_LOOKS));
  }

  private lookAt(entry: Entry, now: number): void {
    if (entry.file.troubled) {
      const backOff = this.missing.get(entry) ?? MISSING_FIRST;
      this.missing.set(entry, Math.min(this.watch === null ? MISSING_LAST_POLLING : MISSING_LAST, backOff * 2));
      this.due.put(entry, now + backOff);
      entry.file.wake();
      return;
    }
    this.missing.delete(entry);
    const quiet = entry.file.quiet;
    // The same file, and nothing written: the path leads where it led.
    if (!quiet) this.subscribe(entry);
    const told = entry.subscriptions.length > 0 && entry.subscriptions.every(({ active }) => active);
    const cold = quiet && this.clock.now() - entry.file.written > COLD;
    this.due.put(entry, now + (!told ? POLL : cold ? SAFETY_COLD : this.safety));
    if (!quiet) entry.file.wake();
    else if (now - this.attached > START) entry.file.forgetStart();
  }
}

function realPath(path: string): string {
  try {
    const real = realpathSync.native(path);
    // One text in memory where both are alike.
    return real === path ? path : real;
  } catch {
    return path;
  }
}
