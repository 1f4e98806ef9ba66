/** Makes events of the history from lines of the server's log. */
import { othersTurn } from '../../base/clock';
import { parseLogLine } from '../../contracts/log/parse';
import type { JailEvent } from '../../model/event';
import { type EventPlace, type HistoryEvent, isHistoryKind } from './history';

/** Names and ids longer than this are cut: they come from hostile text. */
const MAX_WORD = 255;

/** Country and network of an id; quick, and never throws. */
export type Locate = (id: string) => EventPlace;

/** The lawful nothing: no place is known. */
export const nowhere: Locate = () => ({ country: null, asn: null });

/** Null for lines that tell of no address. The time is the line's: when the server acted, not when the attack was. */
export function readEvent(line: string, locate: Locate): HistoryEvent | null {
  const parsed = parseLogLine(line);
  const event: JailEvent | null = parsed?.event ?? null;
  if (parsed === null || event === null || !isHistoryKind(event.kind) || !('id' in event) || event.id === undefined) return null;
  const id = bounded(event.id);
  const { country, asn } = locate(id);
  return { time: parsed.time, jail: bounded(event.jail), kind: event.kind, id, country, asn };
}

/** Lines that are read before others have their turn: each takes up to a twentieth of a millisecond. */
const AT_ONCE = 50;

/** Of many lines; pages are answered meanwhile. */
export async function readEvents(lines: readonly string[], locate: Locate): Promise<readonly HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  for (let at = 0; at < lines.length; at += AT_ONCE) {
    if (at > 0) await othersTurn();
    for (const line of lines.slice(at, at + AT_ONCE)) {
      const event = readEvent(line, locate);
      if (event !== null) events.push(event);
    }
  }
  return events;
}

/** NULs end a text for SQLite's functions, and half a surrogate pair is no text: neither is kept. */
function bounded(word: string): string {
  return word
    .slice(0, MAX_WORD)
    .replaceAll('\0', '\ufffd')
    .replace(/[\ud800-\udbff]$/, '');
}
