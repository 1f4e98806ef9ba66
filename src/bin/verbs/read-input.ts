/** All of a file that was named on the command line, or of standard input for `-`; bounded. */
import { AppError, messageOf } from '../../base/errors';
import { fileStamp } from '../../base/file-keeping';
import { readText } from '../../base/files';
import { realFile } from '../../base/real-file';

/** Bytes. */
export const MOST_INPUT = 64 * 1024 * 1024;

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
