/** Makes a regular expression in Python's syntax, and a readable name, from a `datepattern` with its `%` tokens. */

/** What can go wrong with a `datepattern`, in words for its author. */
export class DatePatternError extends Error {
  constructor(readonly reason: string) {
    super(reason);
    this.name = 'DatePatternError';
  }
}

export interface DateExpression {
  /** Python syntax; group 1 is the text that is cut out of the line. */
  readonly regex: string;
  /** The pattern with its tokens put into words, as `fail2ban-regex` shows it. */
  readonly name: string;
  /** Whether group 1 is the whole match but for a boundary in front of it, so that its place follows from its length. */
  readonly wrapped: boolean;
  readonly lineBegin: boolean;
  readonly lineEnd: boolean;
  readonly wordBegin: boolean;
  readonly wordEnd: boolean;
}

/** Boundaries asked for by a prefix: `{UNB}` none, `{^LN-BEG}` the line's beginning, else words. */
export type DateBoundary = 'none' | 'line' | 'word';

export const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const;

const ZONE_NAME = '[A-Z](?:[A-Z]{2,4})?';
const OFFSET = '[+-][01]\\d(?::?\\d{2})?';
const short = (names: readonly string[]): string => names.map((name) => name.slice(0, 3)).join('|');

const TOKENS: Readonly<Record<string, string>> = {
  Y: '(?P<Y>\\d{4})',
  y: '(?P<y>\\d{2})',
  Exy: '(?P<y>\\d{2})',
  m: '(?P<m>0?[1-9]|1[0-2])',
  Exm: '(?P<m>0[1-9]|1[0-2])',
  d: '(?P<d>[1-2]\\d|[0 ]?[1-9]|3[0-1])',
  Exd: '(?P<d>[1-2]\\d|0[1-9]|3[0-1])',
  H: '(?P<H>[0-1]?\\d|2[0-3])',
  ExH: '(?P<H>[0-1]\\d|2[0-3])',
  k: ' ?(?P<H>[0-2]?\\d)',
  Exk: ' ?(?P<H>[0-1]?\\d|2[0-3])',
  I: '(?P<I>1[0-2]|0[1-9]|[1-9])',
  l: ' ?(?P<I>1?\\d)',
  Exl: ' ?(?P<I>1[0-2]|\\d)',
  M: '(?P<M>[0-5]?\\d)',
  ExM: '(?P<M>[0-5]\\d)',
  S: '(?P<S>[0-5]?\\d|6[0-1])',
  ExS: '(?P<S>[0-5]\\d|6[0-1])',
  f: '(?P<f>[0-9]{1,6})',
  p: '(?P<p>am|pm)',
  a: `(?P<a>${short(DAYS)})`,
  A: `(?P<A>${DAYS.join('|')})`,
  b: `(?P<b>${short(MONTHS)})`,
  B: `(?P<B>${MONTHS.join('|')})`,
  j: '(?P<j>36[0-6]|3[0-5]\\d|[1-2]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9])',
  U: '(?P<U>5[0-3]|[0-4]\\d|\\d)',
  W: '(?P<W>5[0-3]|[0-4]\\d|\\d)',
  w: '(?P<w>[0-6])',
  G: '(?P<G>\\d{4})',
  V: '(?P<V>5[0-3]|0[1-9]|[1-4]\\d|\\d)',
  u: '(?P<u>[1-7])',
  z: `(?P<z>Z|UTC|GMT|${OFFSET})`,
  Exz: `(?P<z>(?:${ZONE_NAME})?${OFFSET}|${ZONE_NAME})`,
  Z: '(?P<Z>Z|[A-Z]{3,5})',
  ExZ: `(?P<Z>${ZONE_NAME})`,
  '%': '%',
};

/** Tokens that stand for several others: of these Python tries the longer numbers first, fail2ban's own tokens do not. */
const DAY = '(?P<d>3[0-1]|[1-2]\\d|0[1-9]|[1-9]| [1-9])';
const CLOCK = '(?P<H>2[0-3]|[0-1]\\d|\\d):(?P<M>[0-5]\\d|\\d):(?P<S>6[0-1]|[0-5]\\d|\\d)';
const COMPOSED: Readonly<Record<string, string>> = {
  c: `%a\\s+%b\\s+${DAY}\\s+${CLOCK}\\s+%Y`,
  x: `(?P<m>1[0-2]|0[1-9]|[1-9])/${DAY}/%y`,
  X: CLOCK,
};

const WORDS: Readonly<Record<string, string>> = {
  a: 'DAY',
  A: 'DAYNAME',
  b: 'MON',
  B: 'MONTH',
  d: 'Day',
  H: '24hour',
  I: '12hour',
  j: 'Yearday',
  m: 'Month',
  M: 'Minute',
  p: 'AMPM',
  S: 'Second',
  U: 'Yearweek',
  w: 'Weekday',
  W: 'Yearweek',
  y: 'Year2',
  Y: 'Year',
  z: 'Zone offset',
  Z: 'Zone name',
  f: 'Microseconds',
  '%': '%',
};

/** Years that a log line can plausibly bear: last year to in three years, and all of this century so far. */
function plausibleYear(now: number): string {
  const year = new Date(now * 1000).getFullYear();
  const decades = new Set([year - 1, year + 3].map((value) => Math.floor(value / 10)));
  for (let value = 2000; value <= year; value += 3) decades.add(Math.floor(value / 10));
  const byCentury = new Map<number, string>();
  for (const decade of [...decades].sort((a, b) => a - b)) {
    const century = Math.floor(decade / 10);
    byCentury.set(century, (byCentury.get(century) ?? '') + String(decade % 10));
  }
  const parts = [...byCentury].map(([century, digits]) => `${century}${digits.length > 1 ? `[${digits}]` : digits}\\d`);
  return parts.length > 1 ? `(?P<Y>(?:${parts.join('|')}))` : `(?P<Y>${parts[0] ?? '\\d{3}\\d'})`;
}

function expandTokens(pattern: string, now: number): string {
  return pattern.replace(/%(Ex[a-zA-Z]|[^])?/g, (_token, key: string | undefined, at: number) => {
    if (key === undefined) throw new DatePatternError('incomplete format');
    if (key === 'ExY') return plausibleYear(now);
    const body = COMPOSED[key] === undefined ? TOKENS[key] : expandTokens(COMPOSED[key], now);
    if (body !== undefined) return body;
    const code = (key.codePointAt(0) ?? 0).toString(16);
    throw new DatePatternError(
      key.length > 1 ? `unknown token %${key}` : `unsupported format character '${key}' (0x${code}) at index ${at + 1}`,
    );
  });
}

/** The pattern with its tokens put into words: `%ExY-%m` is `ExYear-Month`. */
export function nameOfPattern(pattern: string): string {
  return pattern.replace(/%(Ex)?([a-zA-Z%])/g, (token, extended: string | undefined, key: string) => {
    const word = WORDS[key];
    return (extended ?? '') + (word ?? (extended === undefined ? token : `%${key}`));
  });
}

interface Bounded {
  readonly regex: string;
  readonly wrapped: boolean;
  readonly lineBegin: boolean;
  readonly lineEnd: boolean;
  readonly wordBegin: boolean;
  readonly wordEnd: boolean;
}

/**
 * Puts boundaries around a regular expression and makes sure that it captures what is to be cut out.
 * @param boundary what the pattern's prefix asked for
 */
export function boundDate(expression: string, boundary: DateBoundary): Bounded {
  let body = expression.trim();
  let flags = '';
  body = body.replace(/(?<!\\)\(\?[aiLmsux]+\)/, (found) => {
    flags = found;
    return '';
  });
  const begin = boundary !== 'none' && !/^(?:\(\?:|\()*(?:\^|\*\*)/.test(body);
  const end = boundary !== 'none' && !/(?:\$\)?|\\b|\\s|\*\*)$/.test(body);
  const lineBegin = (begin && boundary === 'line') || /^\(?\^(?!\|)/.test(body);
  const lineEnd = /(?<!\\)\$$/.test(body);
  body = body.replace(/^\*\*|\*\*$/g, '');
  const wrapped = !/(?<!\\)\((?!\?)/.test(body);
  if (wrapped) {
    const parts = /^(\^?)([\s\S]*?)((?<!\\)\$)?$/.exec(body);
    body = parts === null ? `(${body})` : `${parts[1]}(${parts[2]})${parts[3] ?? ''}`;
  }
  const front = !begin ? '' : boundary === 'line' ? '^(?:\\W{0,2})?' : '(?=^|\\b|\\W)';
  const back = end ? '(?=\\b|\\W|$)' : '';
  return { regex: flags + front + body + back, wrapped, lineBegin, lineEnd, wordBegin: begin && boundary === 'word', wordEnd: end };
}

/**
 * Reads one `datepattern` (jail.conf(5)), without its prefix.
 * @param now seconds since the epoch: `%ExY` takes plausible years only
 * @throws DatePatternError when it has a token that does not exist
 */
export function parseDatePattern(pattern: string, boundary: DateBoundary, now: number): DateExpression {
  const cased = /(?<!%)%(?:Ex)?[aAbBpc]/.test(pattern) ? '(?iu)' : '';
  const prefix = boundary === 'line' ? '{^LN-BEG}' : '';
  return { ...boundDate(cased + expandTokens(pattern, now), boundary), name: prefix + nameOfPattern(pattern) };
}
