/** From the files that rotation put away beside a log: those that hold something unread, oldest first, known by the hash of their first line. */
import { archiveHash, isGzip } from '../../base/file-archive';
import { messageOf } from '../../base/errors';
import { type FileStamp, fileStamp } from '../../base/file-keeping';
import { type RotatedFile, rotatedFiles } from '../../base/file-rotated';
import type { KnownFile } from './read-positions';

/** A rotation in the middle of a look: it is repeated. */
const ATTEMPTS = 5;

export interface OlderFile extends RotatedFile {
  readonly hash: string;
}

export interface OlderFiles {
  readonly files: readonly OlderFile[];
  /** Why a file could not be looked at. */
  readonly problems: readonly string[];
}

/**
 * All rotations of the log that can be read, oldest first, each once: of a file and its compressed copy, the plain one.
 * @param live what was at the path when following began; it is nobody else's to read
 */
export async function surveyOlder(path: string, live: FileStamp | null): Promise<OlderFiles> {
  for (let attempt = 1; ; attempt++) {
    const found: OlderFile[] = [];
    const problems: string[] = [];
    let disturbed = false;
    for (const file of rotatedFiles(path)) {
      if (file.inode === live?.inode) continue;
      const hash = await hashOf(file).catch((error: unknown) => void problems.push(`${file.path}: ${messageOf(error)}`));
      disturbed ||= hash === undefined && fileStamp(file.path)?.inode !== file.inode;
      if (hash !== undefined && hash !== '') found.push({ ...file, hash });
    }
    if (!disturbed || attempt === ATTEMPTS) return { files: eachOnce(found), problems };
  }
}

async function hashOf(file: RotatedFile): Promise<string> {
  if (/\.(?:bz2|xz|zst|lz4)$/.test(file.path)) throw new Error('it is compressed in a way that cannot be read');
  const hash = await archiveHash(file.path);
  if (fileStamp(file.path)?.inode !== file.inode) throw new Error('it was rotated meanwhile');
  return hash;
}

function eachOnce(files: readonly OlderFile[]): OlderFile[] {
  const best = new Map<string, OlderFile>();
  for (const file of files) {
    const other = best.get(file.hash);
    if (other === undefined || (isGzip(other.path) && !isGzip(file.path))) best.set(file.hash, file);
  }
  return files.filter((file) => best.get(file.hash) === file);
}

/** Those of the files that may hold something unread. What was written before a file whose past is dealt with stays unread. */
export function unreadOf(files: readonly OlderFile[], known: ReadonlyMap<string, KnownFile>, liveHash: string): readonly OlderFile[] {
  if (known.get(liveHash)?.olderDone === true) return [];
  const first = files.findLastIndex((file) => known.get(file.hash)?.olderDone === true);
  return files.slice(Math.max(0, first)).filter((file) => {
    const at = known.get(file.hash);
    if (file.hash === liveHash || at?.done === true) return false;
    return at === undefined || isGzip(file.path) || at.offset < file.bytes;
  });
}

/** The path of a file that was surveyed before; null when it is gone. */
export async function whereIs(log: string, file: OlderFile): Promise<string | null> {
  if (fileStamp(file.path)?.inode === file.inode) return file.path;
  const { files } = await surveyOlder(log, null);
  return files.find((other) => other.hash === file.hash)?.path ?? null;
}
