/** Draws files in fail2ban's dialect: those of drawn configuration folders, changed line by line and sign by sign. */
import { drawConfig } from './config-cases';
import type { Random } from './random';

const LONGEST = 3000;
const SIGNS = [
  ...['[', ']', '=', ':', ' = ', ';', ' ;', '#', ' #', '%', '%%', '%(', ')s', '\n', '\n ', '\n\t', '\n\n', '\r', '\r\n', ' ', '\t', '\\'],
  ...['\0', '\v', '\f', '\x1c', '\x1e', '\x85', '\u00a0', '\u2028', '\u200b', '\ufeff', 'İ', 'ẞ', '😀', '"', "'", '<', '>', '/', '?'],
];
const LINES = [
  ...[
    '[DEFAULT]',
    '[default]',
    '[a]',
    '[a]]',
    '[[a]',
    '[]',
    '[ a ]',
    '[a] x',
    '[a',
    'x',
    'x=',
    '=x',
    ':',
    'x = 1',
    'X = 2',
    ' x = 3',
    '\ty: 4',
  ],
  ...[
    '# c',
    ' # c',
    '; c',
    ' ;c',
    '  y',
    '',
    ' ',
    'x = a ; b',
    'x = a;b',
    'x ; y = z',
    'x[a] = b',
    'rem x',
    '[INCLUDES]',
    'before = a.conf',
  ],
];

/** The files of a drawn folder. */
export function firstTexts(seed: number, count: number): string[] {
  return Array.from({ length: count }, (_none, number) => Object.values(drawConfig(seed, number)))
    .flat()
    .map((bytes) => bytes.toString().slice(0, LONGEST));
}

function once(random: Random, text: string, others: readonly string[]): string {
  const at = random.below(text.length + 1);
  const end = at + random.below(12);
  switch (random.below(9)) {
    case 0:
      return text.slice(0, at) + random.pick(SIGNS) + text.slice(at);
    case 1:
      return text.slice(0, at) + random.pick(SIGNS) + text.slice(at + 1);
    case 2:
      return text.slice(0, at) + text.slice(end);
    case 3: {
      const other = random.pick(others);
      const from = random.below(other.length + 1);
      return text.slice(0, at) + other.slice(from, from + random.below(60)) + text.slice(end);
    }
    default: {
      const lines = text.split('\n');
      const line = random.below(lines.length);
      const put = random.pick([
        random.pick(LINES),
        random.pick(LINES),
        random.pick(lines),
        `${random.pick([' ', '\t', '  '])}${lines[line]}`,
      ]);
      lines.splice(line, random.pick([0, 0, 1, 2]), ...(random.chance(0.8) ? [put] : []));
      return lines.join('\n');
    }
  }
}

/** A text made from one of the corpus by one to six changes; a part of it only, now and then. */
export function changedText(random: Random, corpus: readonly string[]): string {
  let text = random.pick(corpus);
  if (random.chance(0.6)) {
    const lines = text.split('\n');
    const from = random.below(lines.length);
    text = `${random.chance(0.8) ? '[a]\n' : ''}${lines.slice(from, from + 1 + random.below(12)).join('\n')}`;
  }
  for (let changes = random.pick([0, 1, 1, 2, 3, 6]); changes > 0; changes--) text = once(random, text, corpus);
  // Files are text: half characters are no part of them.
  return Buffer.from(text.slice(0, LONGEST)).toString();
}
