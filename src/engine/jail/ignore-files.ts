/** Files of trusted addresses (`ignoreip = file:/etc/trusted`), read when they are first needed and again when they change. */
import { fileStamp, sameStamp, type FileStamp } from '../../base/file-keeping';
import { messageOf } from '../../base/errors';
import { readIgnoreEntries, type IgnoreEntries } from './ignore-entries';
import { readText } from '../../base/files';
import type { Clock } from '../../base/clock';

/** Seconds between two looks at a file, and after one that failed. */
const LOOK_AGAIN = 1;
const AFTER_ERROR = 60;
/** Characters; a larger file is not a list of trusted addresses. */
const MAX_SIZE = 16 * 1024 * 1024;
const EMPTY: IgnoreEntries = { singles: new Set(), others: [] };

interface Known {
  stamp: FileStamp | null;
  entries: IgnoreEntries;
  lookAt: number;
}

/** The files of one jail. */
export class IgnoreFiles {
  readonly #known = new Map<string, Known>();

  constructor(
    readonly clock: Clock,
    readonly onError: (path: string, message: string) => void,
  ) {}

  /** What the file lists now; nothing while it cannot be read (the old list stays while a file is only gone for a moment of an edit). */
  entries(path: string): IgnoreEntries {
    const now = this.clock.monotonic();
    const known = this.#known.get(path) ?? { stamp: null, entries: EMPTY, lookAt: -Infinity };
    this.#known.set(path, known);
    if (now < known.lookAt) return known.entries;
    known.lookAt = now + LOOK_AGAIN;
    try {
      const stamp = fileStamp(path);
      if (stamp === null) throw new Error('the file is not there or may not be read');
      if (sameStamp(stamp, known.stamp)) return known.entries;
      if (stamp.size > MAX_SIZE) throw new Error('the file is too large');
      known.entries = readIgnoreEntries(wordsOf(readText(path)).filter((word) => !word.startsWith('file:')));
      known.stamp = stamp;
    } catch (error) {
      known.lookAt = now + AFTER_ERROR;
      this.onError(path, messageOf(error));
    }
    return known.entries;
  }
}

/** Words between commas and white space; `#` and `;` begin a comment at the start of a line or after white space. */
export function wordsOf(text: string): readonly string[] {
  return text
    .split(/\r\n|\n|\r/)
    .flatMap((line) => line.replace(/(^|\s)[#;].*$/, '').split(/[\s,]+/))
    .filter((word) => word !== '');
}
