/** Bounds the text of matched lines that is kept in memory: attackers choose how long their lines are, and how many addresses write them. */
import { ownText } from '../../base/own-text';
import { matchedText, type MatchedLine, type TicketData } from '../../model/ticket';

/** Characters of lines that the counted failures of a jail may have together, and its bans. Sixty thousand ids with five usual lines each have as many. */
const MOST_TEXT = 32 * 1024 * 1024;
/** Characters that are left of a line when there are too many of all: enough to see what it was. */
const SHORT = 200;

export class KeptText {
  /** At least as many characters are kept: what is let go otherwise is not taken off. */
  #text = 0;

  constructor(private readonly most = MOST_TEXT) {}

  /** Tells of lines that are to be kept; true when it is time to look how many are. */
  add(lines: readonly MatchedLine[]): boolean {
    this.#text += lengthOf(lines);
    return this.#text > this.most;
  }

  /** Whether all that is kept is to be shortened. After so much more text it is asked again, so that looking at all costs little for each line. */
  isTooMuch(all: Iterable<readonly MatchedLine[]>): boolean {
    this.#text = 0;
    for (const lines of all) this.#text += lengthOf(lines);
    if (this.#text <= this.most / 2) return false;
    this.#text = 0;
    return true;
  }
}

/**
 * The same data with the last of several lines, of a long one and of long captured texts the beginnings. None of them is a part of a longer text any
 * more, which would keep all of that.
 */
export function shortened({ failures, matches, captured }: TicketData): TicketData {
  const last = matches.at(-1);
  const texts = Object.entries(captured).map(([name, value]) => [name, typeof value === 'string' ? short(value) : value.map(short)]);
  return {
    failures,
    matches: last === undefined ? [] : [short(matchedText(last))],
    captured: Object.fromEntries(texts) as TicketData['captured'],
  };
}

function short(text: string): string {
  return ownText(text.slice(0, SHORT));
}

function lengthOf(lines: readonly MatchedLine[]): number {
  let length = 0;
  for (const line of lines) length += typeof line === 'string' ? line.length : line[0].length + line[1].length + line[2].length;
  return length;
}
