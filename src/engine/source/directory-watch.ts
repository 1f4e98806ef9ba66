/** From the kernel's notices (inotify) about folders, one watch for each folder: calls for the names in them that somebody listens for. */
import { statSync, watch, type FSWatcher } from 'node:fs';
import { basename } from 'node:path';

type Listener = () => void;

interface Folder {
  readonly path: string;
  watcher: FSWatcher | null;
  inode: number | null;
  readonly byName: Map<string, Set<Listener>>;
  /** Listeners for names that come and go. */
  readonly changes: Set<Listener>;
}

/** A listener's claim; `active` is false while the kernel gives no notices for the folder. */
export interface FolderSubscription {
  readonly active: boolean;
  cancel(): void;
}

export class DirectoryWatch {
  private readonly folders = new Map<string, Folder>();

  /** Calls `listener` when the file `name` in `folder` is written, made, moved or removed. */
  onFile(folder: string, name: string, listener: Listener): FolderSubscription {
    const watched = this.folder(folder);
    const listeners = watched.byName.get(name) ?? new Set();
    watched.byName.set(name, listeners.add(listener));
    return this.subscription(watched, () => {
      listeners.delete(listener);
      if (listeners.size === 0 && watched.byName.get(name) === listeners) watched.byName.delete(name);
    });
  }

  /** Calls `listener` when a name in `folder` comes or goes. */
  onChange(folder: string, listener: Listener): FolderSubscription {
    const watched = this.folder(folder);
    watched.changes.add(listener);
    return this.subscription(watched, () => watched.changes.delete(listener));
  }

  /** Sets up the watches of folders that were replaced, came back or could not be watched; their listeners are called. */
  verify(): void {
    for (const folder of this.folders.values()) this.renew(folder);
  }

  close(): void {
    for (const folder of this.folders.values()) folder.watcher?.close();
    this.folders.clear();
  }

  private subscription(folder: Folder, remove: () => void): FolderSubscription {
    return {
      get active() {
        return folder.watcher !== null;
      },
      cancel: () => {
        remove();
        if (folder.byName.size > 0 || folder.changes.size > 0 || this.folders.get(folder.path) !== folder) return;
        this.folders.delete(folder.path);
        folder.watcher?.close();
        folder.watcher = null;
      },
    };
  }

  private folder(path: string): Folder {
    const present = this.folders.get(path);
    if (present !== undefined) return present;
    const folder: Folder = { path, watcher: null, inode: null, byName: new Map(), changes: new Set() };
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
    for (const listeners of folder.byName.values()) call(listeners);
    call(folder.changes);
  }

  private onEvent(folder: Folder, event: string, name: string | null): void {
    if (name === null) {
      for (const listeners of folder.byName.values()) call(listeners);
      call(folder.changes);
      return;
    }
    const listeners = folder.byName.get(name);
    if (listeners !== undefined) call(listeners);
    if (event !== 'rename') return;
    call(folder.changes);
    if (name === basename(folder.path)) this.renew(folder);
  }
}

function call(listeners: ReadonlySet<Listener>): void {
  for (const listener of [...listeners]) listener();
}
