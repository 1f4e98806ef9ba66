/** Draws patterns in Python's syntax, half of them made from those of the stock filters, and texts that nearly match them. */
import { expandTags } from '../../src/regex/tags';
import type { ReJob } from '../support/python-re';
import { createRandomRe, type RandomRe } from '../support/regex-grammar';
import { fuzzWorld, type FuzzWorld } from './filter-cases';
import { writable, writeLine } from './hostile-lines';
import { type Random, randomOf } from './random';

/** Texts for each pattern: to read and to compile one costs both sides as much as many searches. */
const TEXTS = 40;
const LONGEST = 400;
const LOOPS = ['*', '+', '?', '*?', '+?', '??', '{2}', '{,3}', '{1,2}?'];
const SIGNS = [' ', '\n', 'a', 'B', '1', ':', '.', '[', ']', '"', '\t', 'ß', 'É', 'K', 'ſ', '٣', '😀', '\x1c', '\x85', '\r', '\0'];

/** What the patterns of the stock filters are drawn from. */
export interface RegexWorld {
  /** Patterns with their tags expanded, and samples of their filter. */
  readonly stock: readonly { readonly pattern: string; readonly multiline: boolean; readonly samples: readonly string[] }[];
}

/** The regexes of all stock filters that have samples. */
export function regexWorld({ sets, seeds }: FuzzWorld = fuzzWorld()): RegexWorld {
  const found = new Map<string, RegexWorld['stock'][number]>();
  sets.forEach(({ prefregex, failregex, ignoreregex, maxlines, usedns }, at) => {
    const samples = (seeds[at] ?? []).map(({ text }) => text.slice(0, LONGEST));
    for (const regex of [prefregex, ...failregex, ...ignoreregex].filter((one) => one !== '')) {
      const [pattern, multiline] = [expandTags(regex, { usedns }), maxlines > 1];
      found.set(`${multiline} ${pattern}`, { pattern, multiline, samples });
    }
  });
  return { stock: [...found.values()] };
}

/** A piece of the text that stands between two places, and what is around it. */
function cut(random: Random, text: string): readonly [before: string, piece: string, after: string] {
  const from = random.below(text.length + 1);
  const to = Math.min(text.length, from + random.below(12));
  return [text.slice(0, from), text.slice(from, to), text.slice(to)];
}

function changedPattern(random: Random, pattern: string, re: RandomRe): string {
  const [before, piece, after] = cut(random, pattern);
  switch (random.below(8)) {
    case 0:
      return before + after;
    case 1:
      return `${before}${piece}${piece}${after}`;
    case 2:
      return `${before}(?:${piece})${random.pick(LOOPS)}${after}`;
    case 3:
      return `${before}(${piece})${random.chance(0.5) ? '?' : ''}${after}`;
    case 4:
      return `(?i)${pattern}`;
    case 5:
      return `${before}${piece}${random.pick(LOOPS)}${after}`;
    case 6:
      return pattern.replace(/[*+]/g, (loop) => (random.chance(0.2) ? random.pick(LOOPS) : loop));
    default:
      return `${before}${re.pattern()}${piece}${after}`;
  }
}

function changedText(random: Random, text: string): string {
  const [before, piece, after] = cut(random, text);
  switch (random.below(7)) {
    case 0:
      return before + after;
    case 1:
      return `${before}${piece}${random.pick(SIGNS)}${after}`;
    case 2:
      return `${before}${piece.toUpperCase()}${after}`;
    case 3:
      return `${before}${piece}${piece}${after}`;
    case 4:
      return `${text}\n`;
    case 5:
      return `${random.pick(SIGNS)}${text}`;
    default:
      return before + piece.toLowerCase() + random.pick(SIGNS) + after.slice(1);
  }
}

/** A text without half characters: Python's texts have none that come from files. */
function whole(text: string): string {
  return Buffer.from(text.slice(0, LONGEST)).toString();
}

/** Case `number` of the run with this seed: a pattern, and texts near to it. */
export function drawRegexCase({ stock }: RegexWorld, seed: number, number: number): ReJob {
  const random = randomOf(seed, number);
  const re = createRandomRe(random.below(2 ** 31));
  const from = stock.length > 0 && random.chance(0.4) ? random.pick(stock) : null;
  let pattern = from?.pattern ?? re.pattern();
  if (from !== null) for (let changes = random.below(4); changes > 0; changes--) pattern = changedPattern(random, pattern, re);
  const written = writable(pattern);
  const near = (): string => {
    const sample = from !== null && random.chance(0.3) ? random.pick(from.samples) : null;
    if (sample !== null || written === null) return sample ?? re.text();
    const line = writeLine(random, written, { address: '192.0.2.7', free: () => (random.chance(0.5) ? re.text() : null) });
    return random.chance(0.3) ? re.text() + line : line;
  };
  const texts = Array.from({ length: TEXTS }, () => {
    if (random.chance(0.2)) return re.text();
    let text = near();
    for (let changes = random.below(3); changes > 0; changes--) text = changedText(random, text);
    return whole(text);
  });
  return {
    pattern,
    multiline: from?.multiline === true || random.chance(0.15),
    namedOnly: from !== null || random.chance(0.2),
    texts: [...new Set(texts)],
  };
}
