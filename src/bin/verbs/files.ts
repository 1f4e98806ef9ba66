/** Files that are named on the command line: read whole (`-` is standard input), bounded; or written, private. */
import { AppError, messageOf } from '../../base/errors';
import { fileStamp } from '../../base/file-keeping';
import { exists, readText, writeFileSafely } from '../../base/files';
import { realFile } from '../../base/real-file';

/** Bytes. */
export const MOST_INPUT = 64 * 1024 * 1024;

/** Both as the verbs have them. */
export interface NamedFiles {
  read(this: void, file: string): Promise<string>;
  /** @param replace a file that is there */
  write(this: void, file: string, text: string, replace: boolean): void;
}

const PRIVATE = 0o600;

/** @throws AppError BAD_ARGUMENT for what cannot be read, is too large, or is no regular file */
export async function readInput(file: string): Promise<string> {
  if (file === '-') return readStream(process.stdin);
  const found = realFile(file);
  if (found === null) throw new AppError('BAD_ARGUMENT', `there is no file '${file}'`);
  if (found.kind !== 'file') throw new AppError('BAD_ARGUMENT', `'${file}' is no regular file; '-' reads standard input`);
  if ((fileStamp(file)?.size ?? 0) > MOST_INPUT) throw tooLarge(file);
  try {
    return readText(file);
  } catch (error) {
    throw new AppError('BAD_ARGUMENT', `'${file}' cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

async function readStream(input: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of input) {
    bytes += part.length;
    if (bytes > MOST_INPUT) throw tooLarge('standard input');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function tooLarge(what: string): AppError {
  return new AppError('BAD_ARGUMENT', `${what} is larger than ${MOST_INPUT / 1024 / 1024} MiB`);
}

/** @throws AppError BAD_ARGUMENT for a file that is there and not to be replaced, CONFIG_UNWRITABLE for one that cannot be written */
export function writeOutput(file: string, text: string, replace: boolean): void {
  if (exists(file) && !replace) throw new AppError('BAD_ARGUMENT', `'${file}' is there already: --force replaces it`);
  try {
    writeFileSafely(file, text, PRIVATE);
  } catch (error) {
    throw new AppError('CONFIG_UNWRITABLE', `'${file}' cannot be written: ${messageOf(error)}`, { cause: error });
  }
}
