/** Writes a moment as a datepattern would have it: its tokens by their values, what is optional now and then. */
import type { Random } from './random';

/** A moment by its parts: possible or not. */
export interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const ZONES = [
  'Z',
  'UTC',
  'GMT',
  '+0100',
  '-05:30',
  '+14',
  '-1200',
  'CET',
  'CEST',
  'EST',
  'PDT',
  'A',
  'XYZ',
  'cet',
  'Thu',
  '+0200',
  '+01:00',
];

const two = (value: number): string => String(value).padStart(2, '0');
const spaced = (value: number): string => String(value).padStart(2);

function tokenText(random: Random, token: string, parts: Parts): string {
  const { year, month, day, hour, minute, second } = parts;
  const date = new Date(Date.UTC(2000 + (year % 100), month - 1, day));
  const yearDay = Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
  const exact = token.startsWith('Ex');
  const loose = (value: number): string => (exact || random.chance(0.8) ? two(value) : random.pick([String(value), spaced(value)]));
  switch (exact ? token.slice(2) : token) {
    case 'Y':
    case 'G':
      return String(year).padStart(4, '0');
    case 'y':
      return two(year % 100);
    case 'm':
      return loose(month);
    case 'd':
      return loose(day);
    case 'H':
      return loose(hour);
    case 'k':
      return random.chance(0.5) ? spaced(hour) : loose(hour);
    case 'I':
    case 'l':
      return loose(hour % 12 === 0 ? 12 : hour % 12);
    case 'p':
      return random.pick(hour < 12 ? ['AM', 'am'] : ['PM', 'pm']);
    case 'M':
      return loose(minute);
    case 'S':
      return loose(second);
    case 'f':
      return random.pick(['0', '5', '123', '123456', '1234567', '']);
    case 'a':
      return (DAYS[random.chance(0.9) ? date.getUTCDay() : random.below(7)] ?? 'Mon').slice(0, 3);
    case 'A':
      return DAYS[date.getUTCDay()] ?? 'Monday';
    case 'b':
      return cased(random, (MONTHS[month - 1] ?? 'Foo').slice(0, 3));
    case 'B':
      return cased(random, MONTHS[month - 1] ?? 'Foo');
    case 'j':
      return random.chance(0.8) ? String(yearDay).padStart(3, '0') : String(1 + random.below(367));
    case 'U':
    case 'W':
    case 'V':
      return two(random.below(54));
    case 'w':
      return String(date.getUTCDay());
    case 'u':
      return String(1 + random.below(7));
    case 'z':
    case 'Z':
      return random.pick(ZONES);
    case 'c':
      return formatAs(random, '%a %b %d %H:%M:%S %Y', parts);
    case 'x':
      return formatAs(random, '%m/%d/%y', parts);
    case 'X':
      return formatAs(random, '%H:%M:%S', parts);
    default:
      return token;
  }
}

const cased = (random: Random, word: string): string => (random.chance(0.9) ? word : random.pick([word.toUpperCase(), word.toLowerCase()]));

/** The moment in the shape of a pattern, as nearly as a few replacements make it. */
export function formatAs(random: Random, pattern: string, parts: Parts): string {
  const separator = random.pick(['-', '-', '/', '.']);
  return pattern
    .replace(/^(?:\{\^LN-BEG\}|\{UNB\}|\^|\*\*)+/i, '')
    .replace(/\(\?P<_sep>[^)]*\)|\(\?P=_sep\)/g, separator)
    .replace(/\(\?:([^()]*)\)\?/g, (_all, inner: string) => (random.chance(0.5) ? inner : ''))
    .replace(/\(\?:([^()]*)\)/g, (_all, inner: string) => random.pick(inner.split('|')))
    .replace(/\[\^[^\]]*\]([*+]?)/g, (_all, many: string) => (many === '' ? 'x' : 'text '))
    .replace(/\[([^\]\\]+)\](\??)/g, (_all, signs: string, optional: string) =>
      optional !== '' && random.chance(0.5) ? '' : random.pick([...signs]),
    )
    .replace(/\\s[*+]?/g, () => random.pick([' ', ' ', '', '  ']))
    .replace(/\\d\+/g, () => String(random.below(1000)))
    .replace(/ \?/g, () => random.pick(['', ' ']))
    .replace(/\\(\W)/g, '$1')
    .replace(/[()^$]|\*\*/g, '')
    .replace(/%(Ex[a-zA-Z]|[a-zA-Z])/g, (_all, token: string) => tokenText(random, token, parts));
}
