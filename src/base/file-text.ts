/** The text of a file by byte offsets, whether it is plain or gzipped; and all its bytes as they are on the disk. */
import { closeSync, createReadStream, readSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { isGzip } from './file-archive';
import { openRegular } from './file-fingerprint';

export interface TextSource {
  /** Bytes of the text. */
  readonly size: number;
  /** The bytes from an offset on, as many as there are. */
  read(offset: number, length: number): Buffer;
  close(): void;
}

/** Bytes of a gzipped text that are looked at; it is held in memory as a whole. */
const MOST_TEXT = 32 * 1024 * 1024;

/** Rejects with what the file system or the decompression says. */
export async function openTextSource(path: string): Promise<TextSource> {
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

/** All bytes of a regular file, piece by piece. Throws what the file system says. */
export async function* fileBytes(path: string): AsyncGenerator<Buffer> {
  const { fd } = openRegular(path);
  for await (const part of createReadStream('', { fd })) yield part as Buffer;
}

function ofBytes(text: Buffer): TextSource {
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
