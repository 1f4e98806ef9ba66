/** Whether the end of a file holds one of several lines, exactly as they are; read without holding up the process. */
import { open, stat } from 'node:fs/promises';

const NEWLINE = 10;
const RETURN = 13;

/**
 * Looks at the last `maxBytes` of a regular file. False for a file that is not there, may not be read or is no regular file.
 * @param lines without line ends; empty ones are looked for in vain
 */
export async function endHoldsLine(file: string, lines: readonly string[], maxBytes: number): Promise<boolean> {
  const end = await readEnd(file, maxBytes).catch(() => null);
  return end !== null && lines.some((line) => line !== '' && holds(end, Buffer.from(line, 'utf8')));
}

async function readEnd(file: string, maxBytes: number): Promise<Buffer | null> {
  // Opening a FIFO would wait for its writer.
  if (!(await stat(file)).isFile()) return null;
  const handle = await open(file, 'r');
  try {
    const stats = await handle.stat();
    const from = Math.max(0, stats.size - maxBytes);
    const bytes = Buffer.alloc(stats.size - from);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function holds(bytes: Buffer, line: Buffer): boolean {
  for (let at = bytes.indexOf(line); at >= 0; at = bytes.indexOf(line, at + 1)) {
    const behind = bytes[at + line.length];
    const begins = at === 0 || bytes[at - 1] === NEWLINE;
    if (begins && (behind === undefined || behind === NEWLINE || behind === RETURN)) return true;
  }
  return false;
}
