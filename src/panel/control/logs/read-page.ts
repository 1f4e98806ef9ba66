/** A page of a log: lines that a query wants, from an offset backwards or forwards, with a bound on what one query looks at. */
import type { TextSource } from '../../../base/file-text';
import { parseLogLine } from '../../../contracts/log/parse';
import { type Address, contains, parseAddress } from '../../../model/address';
import type { LogLine, LogPage, LogQuery } from './logs';

/** Bytes that are looked at in one go, and by one query in all. */
const WINDOW = 256 * 1024;
const MOST_READ = 8 * 1024 * 1024;
/** Lines of a page. */
const MOST_LINES = 1000;
/** Bytes of a line that are shown; one that is longer than a window is passed over. */
const LONGEST = 64 * 1024;
const NEWLINE = 10;

interface Piece {
  readonly offset: number;
  /** Behind its newline. */
  readonly end: number;
  readonly bytes: Buffer;
}

/** Lets others have their turn between two windows. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Reads the page that a query asks for. */
export async function readPage(source: TextSource, query: LogQuery): Promise<LogPage> {
  const limit = Math.max(1, Math.min(MOST_LINES, Math.trunc(query.limit)));
  const wanted = filterOf(query);
  const from = query.from === null ? null : Math.max(0, Math.min(source.size, Math.trunc(query.from)));
  return query.direction === 'older' ? older(source, from, limit, wanted) : newer(source, from ?? 0, limit, wanted);
}

async function older(source: TextSource, from: number | null, limit: number, wanted: Wanted): Promise<LogPage> {
  const begin = from ?? lastLineEnd(source);
  const lines: LogLine[] = [];
  let end = begin;
  for (let read = 0; end > 0 && lines.length < limit && read < MOST_READ; read += WINDOW) {
    const start = Math.max(0, end - WINDOW);
    const pieces = piecesOf(source.read(start, end - start), start, start === 0);
    for (const piece of pieces.toReversed()) {
      const line = lineOf(piece, wanted);
      if (line !== null) lines.push(line);
      end = piece.offset;
      if (lines.length === limit) break;
    }
    // One line fills the window: it is passed over.
    if (pieces.length === 0) end = start;
    await breathe();
  }
  return { lines: lines.reverse(), older: end > 0 ? end : null, newer: begin };
}

async function newer(source: TextSource, from: number, limit: number, wanted: Wanted): Promise<LogPage> {
  const lines: LogLine[] = [];
  const last = lastLineEnd(source);
  let at = from;
  for (let read = 0; at < last && lines.length < limit && read < MOST_READ; read += WINDOW) {
    const length = Math.min(WINDOW, last - at);
    const pieces = piecesOf(source.read(at, length), at, true);
    for (const piece of pieces) {
      const line = lineOf(piece, wanted);
      if (line !== null) lines.push(line);
      at = piece.end;
      if (lines.length === limit) break;
    }
    if (pieces.length === 0) at += length;
    await breathe();
  }
  return { lines, older: from > 0 ? from : null, newer: at };
}

/** Behind the last newline: what follows may still be written to. */
function lastLineEnd(source: TextSource): number {
  for (let end = source.size; end > 0;) {
    const start = Math.max(0, end - WINDOW);
    const at = source.read(start, end - start).lastIndexOf(NEWLINE);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}

/** The whole lines of some bytes. @param whole whether they begin with the beginning of a line */
function piecesOf(bytes: Buffer, offset: number, whole: boolean): readonly Piece[] {
  const pieces: Piece[] = [];
  let start = whole ? 0 : bytes.indexOf(NEWLINE) + 1;
  if (start === 0 && !whole) return pieces;
  for (let end = bytes.indexOf(NEWLINE, start); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    pieces.push({ offset: offset + start, end: offset + end + 1, bytes: bytes.subarray(start, Math.min(end, start + LONGEST)) });
    start = end + 1;
  }
  return pieces;
}

/** Whether a line is one that the query wants. */
type Wanted = (text: string, line: LogLine) => boolean;

function lineOf({ offset, bytes }: Piece, wanted: Wanted): LogLine | null {
  const text = bytes.toString('utf8').replace(/\r+$/, '');
  const parsed = parseLogLine(text);
  const jail = parsed === null ? null : (parsed.event?.jail ?? /^\[([^\]]{1,200})\] /.exec(parsed.message)?.[1] ?? null);
  const line = { offset, time: parsed?.time ?? null, level: parsed?.level ?? null, jail, text };
  return wanted(parsed?.message ?? text, line) ? line : null;
}

function filterOf({ level, jail, address, text }: LogQuery): Wanted {
  const word = text?.toLowerCase() ?? null;
  const wantedAddress = address === null ? null : parseAddress(address);
  return (message, line) => {
    if (word !== null && !line.text.toLowerCase().includes(word)) return false;
    if (level !== null && line.level !== level) return false;
    if (jail !== null && line.jail !== jail) return false;
    if (address === null) return true;
    return wantedAddress === null ? message.includes(address) : namesWithin(message, wantedAddress);
  };
}

/** Words of a line that are looked at as addresses. */
const MOST_WORDS = 100;

function namesWithin(message: string, wanted: Address): boolean {
  const words = (message.match(/[0-9a-fA-F.:]{2,45}(?:\/\d{1,3})?/g) ?? []).slice(0, MOST_WORDS);
  return words.some((word) => {
    const address = parseAddress(word);
    return address !== null && contains(wanted, address);
  });
}
