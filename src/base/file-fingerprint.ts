/** From a path an open regular file, and from an open file what tells it from another: inode, first line, a few bytes. */
import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import { createHash } from 'node:crypto';

export interface OpenFile {
  readonly fd: number;
  readonly stats: Stats;
}

/** A first line longer than this has no fingerprint. */
const MAX_FIRST_LINE = 1 << 20;
const HEAD = 256;
const ANCHOR = 64;

/** What is known of a file's bytes, to see later whether they are still there. */
export interface Sample {
  readonly headLength: number;
  /** SHA-1 of so many bytes at the beginning: of thousands of files they themselves would be much. */
  readonly headHash: string;
  readonly anchorAt: number;
  /** Each byte a character. */
  readonly anchor: string;
}

/**
 * Opens a regular file for reading; symbolic links are followed. Never waits: a FIFO, a device or a folder is refused.
 * @throws an Error whose `code` is the system's, or `NOT_A_FILE`
 */
export function openRegular(path: string): OpenFile {
  if (!statSync(path).isFile()) throw notAFile(path);
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw notAFile(path);
    return { fd, stats };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function notAFile(path: string): Error {
  return Object.assign(new Error(`${path} is not a regular file`), { code: 'NOT_A_FILE' });
}

/** True for errors of the system (a missing file, a failing disk), which have a code; false for our own. */
export function isSystemError(error: unknown): error is Error & { code: string } {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string';
}

/** True for the errors that mean «there is nothing at this path». */
export function isMissing(error: unknown): boolean {
  return isSystemError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/** SHA-1 of the first line with its newline, in hexadecimal, as fail2ban's database keeps it; '' while there is no complete line. */
export function firstLineHash(fd: number): string {
  const hash = createHash('sha1');
  const piece = Buffer.allocUnsafe(4096);
  for (let at = 0; at < MAX_FIRST_LINE;) {
    const got = readSync(fd, piece, 0, piece.length, at);
    if (got === 0) return '';
    const newline = piece.subarray(0, got).indexOf(10);
    if (newline >= 0) return hash.update(piece.subarray(0, newline + 1)).digest('hex');
    hash.update(piece.subarray(0, got));
    at += got;
  }
  return '';
}

/** The bytes at the beginning of a file and just before `offset`. */
export function sampleAt(fd: number, offset: number): Sample {
  const anchorAt = Math.max(0, offset - ANCHOR);
  const headLength = Math.min(HEAD, offset);
  return { headLength, headHash: headHash(fd, headLength), anchorAt, anchor: bytesAt(fd, anchorAt, offset - anchorAt) };
}

/** True when the file still has the bytes of the sample: nobody truncated it and wrote something else. */
export function hasSample(fd: number, sample: Sample): boolean {
  return headHash(fd, sample.headLength) === sample.headHash && bytesAt(fd, sample.anchorAt, sample.anchor.length) === sample.anchor;
}

function headHash(fd: number, length: number): string {
  return createHash('sha1')
    .update(bytesAt(fd, 0, length), 'latin1')
    .digest('hex');
}

const piece = Buffer.alloc(Math.max(HEAD, ANCHOR));

function bytesAt(fd: number, position: number, length: number): string {
  return piece.toString('latin1', 0, readSync(fd, piece, 0, length, position));
}
