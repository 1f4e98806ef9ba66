/** A matched line with its date, its address, its user and the rest of what matched marked. */
import type { LineExplanation } from '../../../model/explanation';
import type { TestedLine, TestedRegex } from '../../../model/filter-test';
import type { MarkedLine } from './ban-board';

/** Characters of a line that are shown. */
const MAX_LINE = 2000;

type Span = MarkedLine['spans'][number];
/** Where a piece is: offset and length. */
export type Piece = readonly [from: number, length: number] | null;

/** What is known of a line, wherever it comes from. */
interface Known {
  readonly date: Piece;
  readonly address: Piece;
  readonly user: Piece;
  readonly userName: string | null;
  readonly failregex: string | null;
}

/** By the configuration that runs. */
export function markExplained(line: string, id: string, explanation: LineExplanation): MarkedLine {
  const { date, failure, failregex } = explanation;
  return mark(line, {
    date: findWord(line, date.text),
    address: findWord(line, failure?.address ?? failure?.dns ?? failure?.id ?? id) ?? findWord(line, id),
    user: findWord(line, failure?.user ?? ''),
    userName: failure?.user ?? null,
    failregex: failure === null ? null : (failregex[failure.failregex]?.regex ?? null),
  });
}

/** By a filter that was tried on it. */
export function markTested(line: string, tested: TestedLine, regexes: readonly TestedRegex[]): MarkedLine {
  const { date, address, user, failure } = tested;
  const failregexes = regexes.filter(({ option }) => option === 'failregex');
  const failregex = failure === null ? null : (failregexes[failure.failregex]?.regex ?? null);
  return mark(line, { date, address, user, userName: failure?.user ?? null, failregex });
}

/** By its words alone, where nobody can say more. */
export function markPlain(line: string, id: string, users: readonly string[]): MarkedLine {
  const userName = users.find((user) => findWord(line, user) !== null) ?? null;
  return mark(line, { date: null, address: findWord(line, id), user: findWord(line, userName ?? ''), userName, failregex: null });
}

/** Where a word stands in a line, not as a part of a longer word or number; null when it does not. */
export function findWord(line: string, word: string): Piece {
  if (word === '') return null;
  const isWord = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{N}_]/u.test(char);
  for (let at = line.indexOf(word); at >= 0; at = line.indexOf(word, at + 1)) {
    const whole = !(isWord(word[0]) && isWord(line[at - 1])) && !(isWord(word.at(-1)) && isWord(line[at + word.length]));
    if (whole) return [at, word.length];
  }
  return null;
}

function mark(line: string, known: Known): MarkedLine {
  const text = line.slice(0, MAX_LINE);
  const inner: Span[] = [];
  for (const what of ['date', 'address', 'user'] as const) {
    const piece = known[what];
    const from = piece?.[0] ?? 0;
    const length = Math.min(piece?.[1] ?? 0, text.length - from);
    if (length > 0 && !inner.some((other) => from < other.from + other.length && other.from < from + length)) {
      inner.push({ from, length, what });
    }
  }
  inner.sort((a, b) => a.from - b.from);
  // What a failregex took is the line but for its date; what is marked in it is cut out of that.
  const spans = known.failregex === null ? inner : withMatch(text, inner);
  return { text, spans, failregex: known.failregex, user: known.userName };
}

function withMatch(text: string, inner: readonly Span[]): Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (const span of [...inner, { from: text.length, length: 0, what: 'match' as const }]) {
    const piece = text.slice(from, span.from);
    const blanks = piece.length - piece.trimStart().length;
    const length = piece.trim().length;
    if (length > 0) spans.push({ from: from + blanks, length, what: 'match' });
    if (span.length > 0) spans.push(span);
    from = span.from + span.length;
  }
  return spans;
}
