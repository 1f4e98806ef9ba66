/** The text of a log file by byte offsets, whether it is plain or gzipped. */
import { closeSync, createReadStream, readSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { isGzip } from '../../../base/file-archive';
import { openRegular } from '../../../base/file-fingerprint';

export interface LogSource {
  /** Bytes of the text. */
  readonly size: number;
  /** The bytes from an offset on, as many as there are. */
  read(offset: number, length: number): Buffer;
  close(): void;
}

/** Bytes of a gzipped log's text that are looked at; it is held in memory as a whole. */
const MOST_TEXT = 32 * 1024 * 1024;

/** Rejects with what the file system or the decompression says. */
export async function openLogSource(path: string): Promise<LogSource> {
  if (isGzip(path)) return ofBytes(await unzipped(path));
  const { fd, stats } = openRegular(path);
  return {
    size: stats.size,
    read(offset, length) {
      const bytes = Buffer.allocUnsafe(length);
      return bytes.subarray(0, readSync(fd, bytes, 0, length, offset));
    },
    close: () => closeSync(fd),
  };
}

function ofBytes(text: Buffer): LogSource {
  return {
    size: text.length,
    read: (offset, length) => text.subarray(offset, offset + length),
    close: () => undefined,
  };
}

/** The beginning of the text, up to the most that is looked at. */
async function unzipped(path: string): Promise<Buffer> {
  const { fd } = openRegular(path);
  const parts: Buffer[] = [];
  let size = 0;
  const file = createReadStream('', { fd });
  const text = createGunzip();
  file.on('error', (error) => text.destroy(error));
  try {
    for await (const part of file.pipe(text)) {
      const bytes = part as Buffer;
      parts.push(bytes.subarray(0, MOST_TEXT - size));
      size += bytes.length;
      if (size >= MOST_TEXT) break;
    }
  } finally {
    file.destroy();
  }
  return Buffer.concat(parts);
}
