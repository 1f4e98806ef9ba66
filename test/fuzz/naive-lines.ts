/** The lines of a log as one would read it who has all of it: an oracle for the reader that gets it in pieces. */
import { isAscii } from 'node:buffer';
import { MAX_LINE } from '../../src/base/file-cursor';

const LABELS: Readonly<Record<string, string>> = { 'utf-16-le': 'utf-16le', 'utf-16-be': 'utf-16be', cp1252: 'windows-1252' };

function decoded(bytes: Buffer, encoding: string): string {
  if (encoding === 'latin-1') return bytes.toString('latin1');
  if (encoding === 'ascii') return bytes.toString('latin1').replace(/[\x80-\xff]/g, '\ufffd');
  if (encoding === 'utf-8' || encoding === 'auto') return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  // Node's own decoders of Japanese and Korean change some control characters.
  if (!encoding.startsWith('utf-16') && isAscii(bytes)) return bytes.toString('latin1');
  return new TextDecoder(LABELS[encoding] ?? encoding).decode(bytes);
}

/** Whole lines only: at most MAX_LINE bytes of each, without NULs before it and carriage returns behind it. */
export function naiveLines(bytes: Buffer, encoding: string): readonly { readonly text: string; readonly end: number }[] {
  const unit = encoding.startsWith('utf-16') ? 2 : 1;
  const newline = Buffer.from(unit === 1 ? '0a' : encoding === 'utf-16-le' ? '0a00' : '000a', 'hex');
  const lines: { readonly text: string; readonly end: number }[] = [];
  for (let from = 0, at = bytes.indexOf(newline); at >= 0;) {
    if (at % unit !== 0) {
      at = bytes.indexOf(newline, at + 1);
      continue;
    }
    let start = from;
    while (unit === 1 && start < at && bytes[start] === 0) start++;
    const text = decoded(bytes.subarray(start, Math.min(at, start + MAX_LINE)), encoding).replace(/\r+$/, '');
    from = at + unit;
    lines.push({ text, end: from });
    at = bytes.indexOf(newline, from);
  }
  return lines;
}
