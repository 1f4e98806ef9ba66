/** Makes an event of the history from a line of the server's log. */
import { parseLogLine } from '../../contracts/log/parse';
import type { HistoryEvent } from './history';

/** Names and ids longer than this are cut: they come from hostile text. */
const MAX_WORD = 255;

/** Null for lines that tell of no address. The time is the line's: when the server acted, not when the attack was. */
export function readEvent(line: string): HistoryEvent | null {
  const parsed = parseLogLine(line);
  const event = parsed?.event ?? null;
  if (parsed === null || event === null) return null;
  switch (event.kind) {
    case 'found':
    case 'ban':
    case 'restore-ban':
    case 'unban':
    case 'ignore':
    case 'already-banned':
      return { time: parsed.time, jail: event.jail.slice(0, MAX_WORD), kind: event.kind, id: event.id.slice(0, MAX_WORD) };
    default:
      return null;
  }
}
