/** A private folder for the files of one task, which is gone when the task has ended, however it ended; or one that its owner removes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

/**
 * Makes a folder that only its owner may enter, writes files into it, and hands it to `task`. Rejects as the task does, and with what the
 * file system says.
 * @param files texts by plain names
 */
export async function inTemporaryFolder<T>(files: Readonly<Record<string, string>>, task: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bailiff-'));
  try {
    for (const [name, text] of Object.entries(files))
      writeFileSync(path.join(folder, path.basename(name)), text, { mode: 0o600, flag: 'wx' });
    return await task(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes a folder that only its owner may enter, until `remove` takes it away; a second call does nothing. Throws what the file system says. */
export function makeTemporaryFolder(): { readonly path: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'bailiff-'));
  return { path: folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
