/** Durations: fail2ban's time words (`1d12h`, `2*3h`) to seconds, and seconds to the form of its log (`1w 1d 5h`). */
import { roundHalfEven } from './rounding';

/** Unit words in the order in which they are looked for: the order decides what `mo` or `s` can still mean. */
const UNITS: readonly (readonly [words: RegExp, seconds: string])[] = [
  [/(?<=[\d\s])d(?:a(?:ys?)?|d)?\b/g, '86400'],
  [/(?<=[\d\s])w(?:e(?:e(?:ks?)?)?|w)?\b/g, '604800'],
  [/(?<=[\d\s])mo(?:n(?:ths?)?)?\b/g, '2629800'],
  [/(?<=[\d\s])y(?:e(?:a(?:rs?)?)?|y)?\b/g, '31557600'],
  [/(?<=[\d\s])s(?:e(?:c(?:onds?)?)?|s)?\b/g, '1'],
  [/(?<=[\d\s])m(?:i(?:n(?:utes?)?)?|m)?\b/g, '60'],
  [/(?<=[\d\s])h(?:o(?:urs?|u)?|h)?\b/g, '3600'],
];

/** Longest text that is looked at: times come from files and from the socket. */
const MAX_LENGTH = 200;
const MAX_DEPTH = 32;

/** A time value that is no time value; the message says why. */
export class DurationError extends Error {
  constructor(text: string, reason: string) {
    super(`'${text.slice(0, MAX_LENGTH)}' is not a time value: ${reason}`);
    this.name = 'DurationError';
  }
}

/**
 * Seconds of a time value as jail.conf(5) describes them («TIME ABBREVIATION FORMAT»): a number, or numbers with units, added up, with
 * `+ - * /` and parentheses. `-1` stays −1. The result may have a fraction. Throws DurationError.
 */
export function parseDuration(value: string | number): number {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new DurationError(String(value), 'it must be finite');
    return value;
  }
  if (value.trim() === '') throw new DurationError(value, 'it is empty');
  if (value.length > MAX_LENGTH) throw new DurationError(value, `it is longer than ${MAX_LENGTH} characters`);
  let text = value.toLowerCase().replace(/([a-z])(\d)/g, '$1 $2');
  for (const [words, seconds] of UNITS) text = text.replace(words, `*${seconds}`);
  text = text.replace(/(\d)\s+(?=\d)/g, '$1+');
  const result = new Arithmetic(text, value).result();
  if (!Number.isFinite(result)) throw new DurationError(value, 'the result is not a number');
  return result;
}

/** The four operations over a text of numbers: what is left of a time value when its units are factors. */
class Arithmetic {
  private readonly tokens: readonly string[];
  private at = 0;
  private depth = 0;

  constructor(
    text: string,
    private readonly original: string,
  ) {
    this.tokens = text.match(/[\d._]+|[a-z]+|\S/g) ?? [];
  }

  result(): number {
    const value = this.sum();
    if (this.at < this.tokens.length) throw this.unexpected();
    return value;
  }

  private sum(): number {
    let value = this.product();
    for (;;) {
      if (this.take('+')) value += this.product();
      else if (this.take('-')) value -= this.product();
      else return value;
    }
  }

  private product(): number {
    let value = this.signed();
    for (;;) {
      if (this.take('*')) value *= this.signed();
      else if (this.take('/')) value /= this.signed();
      else return value;
    }
  }

  private signed(): number {
    let sign = 1;
    for (;;) {
      if (this.take('-')) sign = -sign;
      else if (!this.take('+')) return sign * this.atom();
    }
  }

  private atom(): number {
    if (this.take('(')) {
      if (++this.depth > MAX_DEPTH) throw new DurationError(this.original, 'its parentheses are too deep');
      const value = this.sum();
      if (!this.take(')')) throw new DurationError(this.original, "a ')' is missing");
      this.depth--;
      return value;
    }
    const token = this.tokens[this.at];
    if (token === undefined) throw new DurationError(this.original, 'a number is missing at the end');
    if (!NUMBER.test(token)) throw this.unexpected();
    this.at++;
    return Number(token.replaceAll('_', ''));
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }

  private unexpected(): DurationError {
    const token = this.tokens[this.at] ?? '';
    return new DurationError(this.original, /^[a-z]/.test(token) ? `'${token}' is not a unit of time` : `unexpected '${token}'`);
  }
}

/** Python's plain numbers: no leading zeros but zeros alone, single underscores between digits. */
const NUMBER = /^(?:0+(?:_0+)*|[1-9]\d*(?:_\d+)*|(?:\d+(?:_\d+)*)?\.\d+(?:_\d+)*|\d+(?:_\d+)*\.)$/;

type Unit = readonly [letter: string, seconds: number];
const MINUTE: Unit = ['m', 60];
const HOUR: Unit = ['h', 3600];
const DAY: Unit = ['d', 86400];
const WEEK: Unit = ['w', 604800];
const YEAR: Unit = ['y', 365 * 86400];

/** From how many seconds on the log rounds to which step, and the units it then shows. */
const STEPS: readonly (readonly [from: number, step: number, units: readonly Unit[]])[] = [
  [365 * 86400, 86400, [YEAR, WEEK, DAY]],
  [604800, 3600, [WEEK, DAY, HOUR]],
  [86400, 60, [DAY, HOUR, MINUTE]],
  [3595, 10, [HOUR, MINUTE]],
];

/** Seconds in the form of fail2ban's log: exact under an hour, then rounded, at most three parts: `59m 50s`, `24h`, `2d 7h 15m`, `0`. */
export function formatDuration(seconds: number): string {
  if (seconds === 0) return '0';
  if (seconds < 60) return `${seconds}s`;
  const coarse = STEPS.find(([from]) => seconds >= from);
  if (coarse === undefined) {
    const minutes = Math.floor(seconds / 60);
    const rest = seconds - minutes * 60;
    return rest === 0 ? `${minutes}m` : `${minutes}m ${rest}s`;
  }
  const [, step, units] = coarse;
  let rest = roundHalfEven(seconds / step) * step;
  const parts: string[] = [];
  for (const [letter, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${letter}`);
  }
  return parts.join(' ');
}
