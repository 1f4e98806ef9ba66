/** Makes an event of the history from a line of the server's log. */
import { parseLogLine } from '../../contracts/log/parse';
import type { JailEvent } from '../../model/event';
import { type HistoryEvent, isHistoryKind } from './history';

/** Names and ids longer than this are cut: they come from hostile text. */
const MAX_WORD = 255;

/** Null for lines that tell of no address. The time is the line's: when the server acted, not when the attack was. */
export function readEvent(line: string): HistoryEvent | null {
  const parsed = parseLogLine(line);
  const event: JailEvent | null = parsed?.event ?? null;
  if (parsed === null || event === null || !isHistoryKind(event.kind) || !('id' in event) || event.id === undefined) return null;
  return { time: parsed.time, jail: event.jail.slice(0, MAX_WORD), kind: event.kind, id: event.id.slice(0, MAX_WORD) };
}
