/** Writes a real journal file for a test, with the program that systemd receives journals with. */
import { execFileSync } from 'node:child_process';

const REMOTE = '/lib/systemd/systemd-journal-remote';

export interface JournalFields {
  /** Microseconds since the epoch. */
  readonly time: number;
  readonly fields: Readonly<Record<string, string>>;
}

/** The entries in the file's order; values must be without newlines. */
export function writeJournal(file: string, entries: readonly JournalFields[]): void {
  const input = entries.map(({ time, fields }) => {
    const head = `__REALTIME_TIMESTAMP=${time}\n__MONOTONIC_TIMESTAMP=${time % 1e9}\n_BOOT_ID=${'a'.repeat(32)}\n`;
    return `${head}${Object.entries(fields)
      .map(([name, value]) => `${name}=${value}\n`)
      .join('')}\n`;
  });
  execFileSync(REMOTE, [`--output=${file}`, '-'], { input: input.join(''), stdio: ['pipe', 'ignore', 'ignore'] });
}
