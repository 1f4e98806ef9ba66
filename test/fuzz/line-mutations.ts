/** Makes from a sample line one that nobody has seen: other people, addresses, dates, smuggled texts, broken bytes. */
import { drawAddress, drawControl, drawDate, drawName, drawPort } from './drawn-values';
import type { Random } from './random';

/** A sample line and the user name that its expectation tells. */
export interface Seed {
  readonly text: string;
  readonly user: string | null;
}

/** What mutations draw from. */
export interface Pool {
  /** Ends of lines of all samples. */
  readonly tails: readonly string[];
  readonly now: number;
}

const ADDRESS = /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])|(?<![\w:])(?:[\da-f]{1,4}:){7}[\da-f]{1,4}|(?<![\w:])[\da-f:]*::[\da-f:]*/gi;
const PORT = /(?<=port |port: |port=|\d:)\d{2,5}\b/g;
const WORD = /[\w.@-]+/g;
const DATE =
  /\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? \d{4}|\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z| ?[+-]\d\d:?\d\d)?|\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d(?: [+-]\d{4})?|\w{3} [ \d]\d \d\d:\d\d:\d\d|\d\d[-.]\w{2,3}[-.]\d{2,4} \d\d:\d\d:\d\d|\d{10}\.\d+/;
const USER = /(?<=\b(?:user|for|login|name|account|logname|authid)[ =:]+["'<[]?)[^\s"'>\],]+/gi;

/** Replaces one of the places that a regex finds. */
function replaceOne(random: Random, text: string, regex: RegExp, value: (old: string) => string): string {
  const found = [...text.matchAll(regex)];
  if (found.length === 0) return text;
  const match = random.pick(found);
  return text.slice(0, match.index) + value(match[0]) + text.slice(match.index + match[0].length);
}

function otherUser(random: Random, { text, user }: Seed, pool: Pool): string {
  const name = drawName(random, pool.tails);
  if (user !== null && user !== '' && text.includes(user)) {
    const at = text.lastIndexOf(user);
    return text.slice(0, at) + name + text.slice(at + user.length);
  }
  return replaceOne(random, text, USER, () => name);
}

function otherDate(random: Random, text: string, pool: Pool): string {
  const found = DATE.exec(text);
  const date = drawDate(random, pool.now);
  if (found === null) return random.chance(0.5) ? `${date} ${text}` : text;
  const [before, after] = [text.slice(0, found.index), text.slice(found.index + found[0].length)];
  switch (random.below(7)) {
    case 0:
      return before + after;
    case 1:
      return `${before}${found[0]} ${date}${after}`;
    case 2:
      return `${date} ${text}`;
    case 3:
      return `${text} ${date}`;
    default:
      return before + date + after;
  }
}

/** The beginnings that syslog daemons and journals put before a message. */
function otherPrefix(random: Random, text: string, pool: Pool): string {
  const date = drawDate(random, pool.now);
  const host = random.pick(['host', 'a.b.example', '192.0.2.7', '-', 'bücher', 'kernel:']);
  const message = text.replace(/^.{0,40}?\d\d:\d\d:\d\d\S* (?:\S+ )?/, '');
  const tag = `${random.pick(['sshd', 'postfix/smtpd', 'x', 'dovecot', 'kernel', ''])}${random.pick(['', '[123]', '[1]', '[]'])}: `;
  return random.pick([
    `${date} ${host} ${message}`,
    `${date} ${host} ${tag}${message}`,
    `<38>1 ${date} ${host} ${tag.replace(/\W+/g, ' ')}- - ${message}`,
    `${host} ${message}`,
    message,
    `${date} ${message}`,
    `[${date}] ${message}`,
    ` ${text}`,
    `${host} ${text}`,
  ]);
}

function broken(random: Random, text: string, pool: Pool): string {
  const at = random.below(text.length + 1);
  switch (random.below(7)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(at);
    case 2:
      return text.slice(0, at) + drawControl(random) + text.slice(at);
    case 3:
      return text.slice(0, at) + text.slice(Math.min(at + 1 + random.below(5), text.length));
    case 4:
      return text + text.slice(at);
    case 5:
      return `${text.slice(0, at)} ${random.pick(pool.tails)}`;
    default:
      return text + random.pick([' ', '\t', '.', '"', ']', ' [preauth]', ' from 1.2.3.4', ' from 1.2.3.4 port 22', ' rhost=1.2.3.4']);
  }
}

function once(random: Random, seed: Seed, pool: Pool): string {
  const { text } = seed;
  switch (random.below(10)) {
    case 0:
    case 1:
      return otherUser(random, seed, pool);
    case 2:
    case 3:
      return replaceOne(random, text, ADDRESS, () => drawAddress(random));
    case 4:
      return replaceOne(random, text, PORT, () => drawPort(random));
    case 5:
    case 6:
      return otherDate(random, text, pool);
    case 7:
      return replaceOne(random, text, WORD, (word) =>
        random.pick([drawName(random, pool.tails), drawAddress(random), word + word, word.toUpperCase()]),
      );
    case 8:
      return broken(random, text, pool);
    default:
      return otherPrefix(random, text, pool);
  }
}

/** A line as a reader of files brings it: without the line's end, no longer than 16,384 characters, no half characters. */
function asRead(text: string): string {
  return text.replace(/\n/g, ' ').slice(0, 16384).replace(/\r+$/, '');
}

/** A sample line with one to four changes. */
export function mutate(random: Random, seed: Seed, pool: Pool): string {
  let { text } = seed;
  for (let changes = random.pick([1, 1, 1, 2, 2, 3, 4]); changes > 0; changes--) text = once(random, { text, user: seed.user }, pool);
  return asRead(text);
}
