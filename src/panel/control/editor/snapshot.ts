/** One reading of the whole configuration folder, file by file and merged, with its Problems; kept until a file changes. */
import path from 'node:path';
import { changeStamp } from '../../../base/file-keeping';
import { listDir, readText } from '../../../base/files';
import { readConfiguration, type Configuration } from '../../../contracts/files/configuration';
import type { IniFile } from '../../../contracts/files/ini';
import { splitLines, type Line } from '../../../contracts/files/ini-lines';
import { checkConfiguration } from '../../../contracts/files/validate';
import type { Problem } from '../../../model/problem';

export interface Snapshot {
  readonly dir: string;
  readonly merged: Configuration;
  /** Files of `jail` and of `fail2ban`, in the order in which they are merged. */
  readonly jailLayers: readonly IniFile[];
  readonly serverLayers: readonly IniFile[];
  /** All Problems, found at the first call. */
  problems(): readonly Problem[];
  /** Lines of a file; none when it cannot be read. */
  lines(file: string): readonly Line[];
}

/**
 * Reads a folder. Throws AppError CONFIG_DIR_MISSING.
 * @param texts texts in the place of files, by their names below the folder
 */
export function takeSnapshot(dir: string, texts: ReadonlyMap<string, string | null> = new Map()): Snapshot {
  const merged = readConfiguration(dir, { texts });
  const known = new Map<string, readonly Line[]>();
  let problems: readonly Problem[] | null = null;
  return {
    dir,
    merged,
    jailLayers: merged.folder.layers('jail'),
    serverLayers: merged.folder.layers('fail2ban'),
    problems: () => (problems ??= checkConfiguration(merged)),
    lines(file) {
      const lines = known.get(file) ?? splitLines(textOf(file, texts.get(path.relative(dir, file))));
      known.set(file, lines);
      return lines;
    },
  };
}

/** Keeps the last snapshot of a folder as long as no file of it has changed. */
export class SnapshotKeeper {
  #last: { readonly stamp: string; readonly snapshot: Snapshot } | null = null;
  /** Files outside the usual folders that were looked for: they are never forgotten, so that one reading has the files of the one before. */
  readonly #elsewhere = new Set<string>();

  constructor(readonly dir: string) {}

  /** Throws AppError CONFIG_DIR_MISSING. */
  get(): Snapshot {
    const stamp = this.#stamp();
    if (this.#last?.stamp !== stamp) this.#last = { stamp, snapshot: takeSnapshot(this.dir) };
    return this.#last.snapshot;
  }

  /** Of all files of the folder, and of those elsewhere that were looked for until now: filters and actions are read when they are asked for. */
  #stamp(): string {
    const folders = ['', 'fail2ban.d', 'jail.d', 'filter.d', 'action.d'].map((name) => path.join(this.dir, name));
    const listed = new Set(folders);
    for (const file of this.#last?.snapshot.merged.folder.lookedFor ?? []) if (!listed.has(path.dirname(file))) this.#elsewhere.add(file);
    const files = folders.flatMap((folder) => listDir(folder).map((name) => path.join(folder, name)));
    return [...files, ...this.#elsewhere].map((file) => `${file} ${changeStamp(file)}`).join('\n');
  }
}

function textOf(file: string, given: string | null | undefined): string {
  if (given !== undefined) return given ?? '';
  try {
    return readText(file);
  } catch {
    return '';
  }
}
