/** Sends a file to be kept as it is made: a hundred thousand lines in pieces, so that others are answered meanwhile. */
import type { Response } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DownloadAnswer } from './page';

/** Characters of a piece. */
const PIECE = 16_384;

export async function download(res: Response, answer: DownloadAnswer): Promise<void> {
  res.set({ 'Content-Type': answer.type, 'Cache-Control': 'no-store' });
  res.attachment(answer.name);
  res.set('Content-Type', answer.type);
  await pipeline(Readable.from(inPieces(answer.body)), res);
}

/** Texts one behind the other are one piece: each has its price on the way. */
export async function* inPieces(body: AsyncIterable<string | Uint8Array>): AsyncGenerator<string | Uint8Array> {
  let text = '';
  for await (const part of body) {
    if (typeof part === 'string') {
      text += part;
      if (text.length < PIECE) continue;
    }
    if (text !== '') yield text;
    text = '';
    if (typeof part !== 'string') yield part;
  }
  if (text !== '') yield text;
}
