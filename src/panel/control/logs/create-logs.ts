/** Makes the Logs: the server's log as it says itself, or where it was said to be while it is silent, with its rotations. */
import path from 'node:path';
import { fileStamp } from '../../../base/file-keeping';
import { rotatedFiles } from '../../../base/file-rotated';
import { fileBytes, openTextSource } from '../../../base/file-text';
import { AppError, messageOf } from '../../../base/errors';
import { parseTarget } from '../../../contracts/log/target-options';
import type { Control } from '../control';
import { checkLogPath } from './allowed-paths';
import type { LogFile, LogPlace, Logs } from './logs';
import { readPage } from './read-page';

export interface LogsOptions {
  readonly control: Pick<Control, 'serverSettings'>;
  /** Where the log is while the server does not tell: a full path. */
  readonly usual: string;
  /** Folders, or patterns of them, in which the log may lie; elsewhere it is not read. */
  readonly folders: readonly string[];
}

/** Compressed in a way that cannot be read here. */
const OTHERS = /\.(?:bz2|xz|zst|lz4)$/;

export function createLogs({ control, usual, folders }: LogsOptions): Logs {
  async function place(): Promise<LogPlace | null> {
    try {
      const { logtarget } = await control.serverSettings();
      if (logtarget === null) return null;
      const { kind, name } = parseTarget(logtarget);
      return { target: name, isFile: kind === 'FILE' };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return fileStamp(usual) === null ? null : { target: usual, isFile: true };
    }
  }

  async function files(): Promise<readonly LogFile[]> {
    const where = await place();
    if (where?.isFile !== true || !path.isAbsolute(where.target)) return [];
    const present = fileOf(where.target);
    const rotated = rotatedFiles(where.target)
      .toReversed()
      .filter((file) => !OTHERS.test(file.path))
      .map((file): LogFile => ({ name: path.basename(file.path), path: file.path, bytes: file.bytes, modified: file.written }));
    return [...(present === null ? [] : [present]), ...rotated].filter((file) => checkLogPath(file.path, folders).ok);
  }

  /** The real path of a file by its name. */
  async function pathOf(name: string): Promise<string> {
    const file = (await files()).find((one) => one.name === name);
    const checked = file === undefined ? null : checkLogPath(file.path, folders);
    if (checked?.ok !== true) throw new AppError('BAD_ARGUMENT', `there is no log file '${name.slice(0, 100)}'`);
    return checked.path;
  }

  return {
    place,
    files,
    async read(query) {
      const file = await pathOf(query.file);
      try {
        const source = await openTextSource(file);
        try {
          return await readPage(source, query);
        } finally {
          source.close();
        }
      } catch (error) {
        throw new AppError('BAD_ARGUMENT', `${query.file} cannot be read: ${messageOf(error)}`, { cause: error });
      }
    },
    async *open(name) {
      yield* fileBytes(await pathOf(name));
    },
  };
}

function fileOf(file: string): LogFile | null {
  const stamp = fileStamp(file);
  return stamp === null ? null : { name: path.basename(file), path: file, bytes: stamp.size, modified: stamp.modified / 1000 };
}
