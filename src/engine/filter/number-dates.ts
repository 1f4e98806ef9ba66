/** Makes the templates of dates that are numbers: seconds since the epoch (EPOCH), also in milli- and microseconds (LEPOCH), and TAI64N. */
import { boundDate } from './date-pattern';
import { type DateTemplate, lazyFinder } from './date-template';
import { plainDigits } from './time-zone';

const SECONDS = '\\d{10,11}\\b(?:\\.\\d{3,6})?';
const LONG = '\\d{10,11}(?:\\d{3}(?:\\.\\d{1,6}|\\d{3})?)?';
const END = '(?=\\b|\\W|$)';

/** At the line's beginning, behind a bracket there, or where auditd puts its stamp. */
const PLACES = '(?:^|(?<=^\\[)|(?<=\\baudit\\())';
const LINE_BEGIN = '^(?:\\W{0,2})?';

/** Seconds of the digits: longer ones are milliseconds (13 digits) or microseconds (16). */
function secondsOfDigits(written: string, long: boolean): number {
  const text = plainDigits(written);
  const value = Number(text);
  if (!long || text.length < 13) return value;
  return text.length >= 16 && !text.includes('.') ? value / 1_000_000 : value / 1000;
}

/** EPOCH or LEPOCH where logs have them; with `lineBegin` only at the line's beginning. */
export function epochTemplate(long: boolean, lineBegin: boolean): DateTemplate {
  const digits = long ? LONG : SECONDS;
  const regex = lineBegin ? `${LINE_BEGIN}(${digits})${END}` : `(${PLACES}${digits})${END}`;
  return {
    name: (lineBegin ? '{^LN-BEG}' : '') + (long ? 'LongEpoch' : 'Epoch'),
    pattern: '',
    regex,
    lineBegin,
    lineEnd: false,
    wordBegin: false,
    wordEnd: true,
    find: lazyFinder(regex, true),
    timeOf: (found, text) => secondsOfDigits(text.slice(found.from, found.to), long),
    isZoned: () => false,
  };
}

/** A pattern with `{EPOCH}` or `{LEPOCH}` in it: all of it is cut out of the line, the digits are the time. */
export function epochPatternTemplate(pattern: string): DateTemplate {
  const long = /\{LEPOCH\}/i.test(pattern);
  const expression = pattern.replace(/\{L?EPOCH\}/i, `(?P<epoch>${long ? LONG : SECONDS})`);
  const bounded = boundDate(`(${expression.trim()})`, 'word');
  const plain = boundDate(expression, 'word');
  const shape = /\((?!\?)/.test(expression) ? bounded : plain;
  return {
    name: pattern,
    pattern: '',
    regex: shape.regex,
    lineBegin: plain.lineBegin,
    lineEnd: plain.lineEnd,
    wordBegin: plain.wordBegin,
    wordEnd: plain.wordEnd,
    find: lazyFinder(shape.regex, shape.wrapped),
    timeOf: (found) => {
      const digits = found.field('epoch');
      return digits === null ? null : secondsOfDigits(digits, long);
    },
    isZoned: () => false,
  };
}

/** TAI64N: `@` and 24 hexadecimal digits; no correction for leap seconds, as fail2ban reads it. */
export function tai64nTemplate(lineBegin: boolean): DateTemplate {
  const regex = `${lineBegin ? LINE_BEGIN : ''}(@[0-9a-f]{24})${END}`;
  return {
    name: `${lineBegin ? '{^LN-BEG}' : ''}TAI64N`,
    pattern: '',
    regex,
    lineBegin,
    lineEnd: false,
    wordBegin: false,
    wordEnd: true,
    find: lazyFinder(regex, true),
    timeOf: (found, text) => Number.parseInt(text.slice(found.from + 2, found.from + 17), 16),
    isZoned: () => true,
  };
}
