/** From the kernel's notices (inotify) about folders, one watch for each folder: calls for the names in them that somebody listens for. */
import { statSync, watch, type FSWatcher } from 'node:fs';
import { basename } from 'node:path';

/** Looks of `verify` that it takes to see all folders: so thousands are not looked at in one go. */
const PARTS = 5;

const NOBODY: readonly FolderSubscription[] = [];

/** Who is told. */
export interface FolderListener {
  told(): void;
}

/** A listener's claim on a folder, or on one name in it. */
export class FolderSubscription {
  /** @param name of a file; null: for names that come and go */
  constructor(
    private readonly watched: DirectoryWatch,
    private readonly folder: Folder,
    private readonly name: string | null,
    readonly listener: FolderListener,
  ) {}

  /** False while the kernel gives no notices for the folder. */
  get active(): boolean {
    return this.folder.watcher !== null;
  }

  cancel(): void {
    this.watched.cancel(this.folder, this.name, this);
  }
}

interface Folder {
  readonly path: string;
  watcher: FSWatcher | null;
  inode: number | null;
  readonly byName: Map<string, readonly FolderSubscription[]>;
  /** For names that come and go. */
  changes: readonly FolderSubscription[];
}

export class DirectoryWatch {
  private readonly folders = new Map<string, Folder>();
  private part = 0;

  /** Tells `listener` when the file `name` in `folder` is written, made, moved or removed. */
  onFile(folder: string, name: string, listener: FolderListener): FolderSubscription {
    const watched = this.folder(folder);
    const subscription = new FolderSubscription(this, watched, name, listener);
    watched.byName.set(name, (watched.byName.get(name) ?? NOBODY).concat(subscription));
    return subscription;
  }

  /** Tells `listener` when a name in `folder` comes or goes. */
  onChange(folder: string, listener: FolderListener): FolderSubscription {
    const watched = this.folder(folder);
    const subscription = new FolderSubscription(this, watched, null, listener);
    watched.changes = watched.changes.concat(subscription);
    return subscription;
  }

  /**
   * Sets up the watches of folders that were replaced, came back or could not be watched; their listeners are told. Folders without a watch are
   * looked at each time, the others a part of them at a time.
   */
  verify(): void {
    let number = 0;
    this.part = (this.part + 1) % PARTS;
    for (const folder of this.folders.values()) if (folder.watcher === null || number++ % PARTS === this.part) this.renew(folder);
  }

  close(): void {
    for (const folder of this.folders.values()) folder.watcher?.close();
    this.folders.clear();
  }

  /** Ends a subscription: for `FolderSubscription`. */
  cancel(folder: Folder, name: string | null, subscription: FolderSubscription): void {
    const without = (all: readonly FolderSubscription[]): readonly FolderSubscription[] => all.filter((other) => other !== subscription);
    if (name === null) folder.changes = without(folder.changes);
    else {
      const left = without(folder.byName.get(name) ?? NOBODY);
      if (left.length === 0) folder.byName.delete(name);
      else folder.byName.set(name, left);
    }
    if (folder.byName.size > 0 || folder.changes.length > 0 || this.folders.get(folder.path) !== folder) return;
    this.folders.delete(folder.path);
    folder.watcher?.close();
    folder.watcher = null;
  }

  private folder(path: string): Folder {
    const present = this.folders.get(path);
    if (present !== undefined) return present;
    const folder: Folder = { path, watcher: null, inode: null, byName: new Map(), changes: NOBODY };
    this.folders.set(path, folder);
    this.start(folder);
    return folder;
  }

  private start(folder: Folder): void {
    try {
      folder.inode = statSync(folder.path).ino;
      const watcher = watch(folder.path, { persistent: false }, (event, name) => this.onEvent(folder, event, name));
      watcher.on('error', () => this.end(folder));
      folder.watcher = watcher;
    } catch {
      this.end(folder);
    }
  }

  private end(folder: Folder): void {
    folder.watcher?.close();
    folder.watcher = null;
    folder.inode = null;
  }

  private renew(folder: Folder): void {
    const inode = statSync(folder.path, { throwIfNoEntry: false })?.ino ?? null;
    if (folder.watcher !== null && inode === folder.inode) return;
    this.end(folder);
    if (inode === null) return;
    this.start(folder);
    if (folder.watcher === null) return;
    tellAll(folder);
  }

  private onEvent(folder: Folder, event: string, name: string | null): void {
    if (name === null) return tellAll(folder);
    tell(folder.byName.get(name) ?? NOBODY);
    if (event !== 'rename') return;
    tell(folder.changes);
    if (name === basename(folder.path)) this.renew(folder);
  }
}

function tellAll(folder: Folder): void {
  for (const subscriptions of folder.byName.values()) tell(subscriptions);
  tell(folder.changes);
}

function tell(subscriptions: readonly FolderSubscription[]): void {
  for (const { listener } of subscriptions) listener.told();
}
