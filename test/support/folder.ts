/** A folder of the test's own, removed after it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Makes a new folder; `remove` takes it away with all that is in it. */
export function temporaryFolder(name = 'bailiff-test-'): { readonly path: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), name));
  return { path: folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
