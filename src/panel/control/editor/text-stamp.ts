/** All `.local` files of a folder as one short text: whether one of them was changed since can be told from it, file by file. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { AppError, messageOf } from '../../../base/errors';
import { readBytes } from '../../../base/files';
import { ownFiles } from './own-files';

const LENGTH = 16;
/** Characters of a stamp that is looked at. */
const MOST = 256 * 1024;

/** Throws AppError CONFIG_UNREADABLE. */
export function stampOf(dir: string): string {
  return ownFiles(dir)
    .map((file) => hash(file) + hash(bytesOf(path.join(dir, file))))
    .join('.');
}

/** Those of the files whose content is another one than when the stamp was made. */
export function changedSince(stamp: string, dir: string, files: readonly string[]): readonly string[] {
  const known = new Set(stamp.slice(0, MOST).split('.'));
  const names = new Set([...known].map((word) => word.slice(0, LENGTH)));
  const present = new Set(ownFiles(dir));
  return files.filter((file) => (present.has(file) ? !known.has(hash(file) + hash(bytesOf(path.join(dir, file)))) : names.has(hash(file))));
}

function hash(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, LENGTH);
}

function bytesOf(file: string): Buffer {
  try {
    return readBytes(file);
  } catch (error) {
    throw new AppError('CONFIG_UNREADABLE', `${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
