/** The journal of the one edit that is under way: what its files were and are to be, on disk before the first of them is touched. */
import path from 'node:path';
import { messageOf } from '../../../base/errors';
import { moveFile } from '../../../base/file-keeping';
import type { FileRights } from '../../../base/file-rights';
import { exists, readText, writeFileSafely } from '../../../base/files';
import { makePrivateFolder, removeFile } from '../../../base/folders';
import type { Logger } from '../../../base/logger';
import { isOwnName } from './own-files';
import type { TextChange } from './working-texts';

/** A change with what is needed to make it undone. */
export interface PendingFile extends TextChange {
  /** Of the file before; null when it was not there. */
  readonly rights: FileRights | null;
}

const PRIVATE = 0o600;

export class PendingEdit {
  readonly #file: string;

  constructor(
    private readonly folder: string,
    private readonly logger: Logger,
  ) {
    this.#file = path.join(folder, 'pending.json');
  }

  /** Throws what the file system says. */
  begin(files: readonly PendingFile[]): void {
    makePrivateFolder(this.folder);
    writeFileSafely(this.#file, JSON.stringify(files), PRIVATE);
  }

  /** Emptied, not removed: that is on the disk when this returns. Throws what the file system says. */
  end(): void {
    try {
      writeFileSafely(this.#file, '[]', PRIVATE);
    } catch {
      // On a full disk this is the other way.
      removeFile(this.#file);
    }
  }

  /** What was under way when we were ended; none when nothing was. A journal that cannot be understood is put aside. */
  read(): readonly PendingFile[] {
    if (!exists(this.#file)) return [];
    try {
      const content: unknown = JSON.parse(readText(this.#file));
      if (Array.isArray(content) && content.every(isPendingFile)) return content;
      throw new Error('it does not hold changes of files');
    } catch (error) {
      this.logger.log('ERROR', 'bailiff.editor', `${this.#file} cannot be understood and is put aside: ${messageOf(error)}`);
      moveFile(this.#file, `${this.#file}.damaged`);
      return [];
    }
  }
}

function isPendingFile(value: unknown): value is PendingFile {
  if (typeof value !== 'object' || value === null) return false;
  const { file, before, after, rights } = value as Record<string, unknown>;
  const isText = (text: unknown): boolean => text === null || typeof text === 'string';
  return typeof file === 'string' && isOwnPath(file) && isText(before) && isText(after) && isRights(rights);
}

/** A name that an edit may have, or one that somebody gave a file by hand. */
function isOwnPath(file: string): boolean {
  return isOwnName(file) || /^(?:jail|fail2ban|filter|action)\.d\/[^/\0]+\.local$/.test(file);
}

function isRights(value: unknown): boolean {
  if (value === null) return true;
  if (typeof value !== 'object') return false;
  const { mode, uid, gid } = value as Record<string, unknown>;
  return [mode, uid, gid].every((number) => Number.isInteger(number));
}
