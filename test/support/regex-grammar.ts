/** Random patterns in Python's syntax, and random texts for them, from a seed. */

export interface RandomRe {
  pattern(): string;
  text(): string;
}

/** A small generator of numbers, the same for the same seed. */
function createRandom(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
}

const LETTERS = ['a', 'b', 'c', 'A', 'B', '1', ' ', '_', '-', '\n', 'é', 'É', 'ß', 'K', 'k', 's', 'ſ', '٣', '😀', '\x1c', '\x85', '.'];
const CLASSES = ['\\d', '\\w', '\\s', '\\D', '\\W', '\\S'];
const ANCHORS = ['^', '$', '\\b', '\\B', '\\A', '\\Z'];
const QUANTIFIERS = ['*', '+', '?', '{2}', '{1,2}', '{,2}', '{1,}', '*', '+', '?', '{0}', '{', '{x}', '{,}', '{}'];
const SUFFIXES = ['', '', '', '?'];
/** CPython before 3.11.5 goes wrong on possessive loops over more than one character; see docs/regex.md. */
const SINGLE_CHARACTER = /^(?:[^()^$\\\]*+?{]|\\[dwsDWSnt.]|\[[^\]^]+\])$/u;
/** It also looks for the first character of `(?a:…)` with the flags outside. */
const STARTS_WITH_ASCII_FLAG = /^(?:\(|\?P<\w+>|\?:|\?=|\?>|\?\w+\)|\?#note\))*\(\?ai?:/;
const MEMBERS = [
  'a',
  'b',
  'c',
  'A-C',
  'a-c',
  '\\d',
  '\\w',
  '\\W',
  '\\S',
  '-',
  ']',
  '^',
  '1',
  'é',
  'É-ß',
  '\\n',
  '\\]',
  '\\x41',
  'k',
  '[',
  '&&',
  '😀',
];
const JUNK = [
  '(',
  ')',
  '[',
  '*',
  '|',
  '\\',
  '(?',
  '(?P',
  '(?P<',
  '(?P<1>a)',
  '(?z)',
  '(?-',
  '\\q',
  '\\x4',
  '\\400',
  '(?<a',
  '(?P=x)',
  '\\8',
  '[b-a]',
];
const FLAG_GROUPS = ['(?i:', '(?s:', '(?m:', '(?a:', '(?i-s:', '(?-i:', '(?x: ', '(?u:', '(?ai:'];
const GLOBAL_FLAGS = ['(?i)', '(?s)', '(?m)', '(?x)', '(?im)', '(?a)', '(?u)', '(?ia)'];

export function createRandomRe(seed: number): RandomRe {
  const random = createRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!;
  let groups = 0;
  let names: string[] = [];

  function atom(depth: number): string {
    const kind = random(depth > 0 ? 30 : 12);
    if (kind < 6) return escape(pick(LETTERS));
    if (kind < 8) return pick(CLASSES);
    if (kind === 8) return '.';
    if (kind === 9) return pick(ANCHORS);
    if (kind < 12) return charClass();
    if (kind < 15) return capture(depth);
    if (kind < 17) return `(?:${alternation(depth - 1)})`;
    if (kind === 17) return `(?=${alternation(depth - 1)})`;
    if (kind === 18) return `(?!${alternation(depth - 1)})`;
    if (kind === 19) return `(?${pick(['<=', '<!'])}${sequence(1)})`;
    if (kind < 22) return groups === 0 ? 'a' : reference();
    if (kind < 24) return condition(depth);
    if (kind === 24) return `(?>${alternation(depth - 1)})`;
    if (kind === 25) return pick(FLAG_GROUPS) + alternation(depth - 1) + ')';
    if (kind === 26) return '(?#note)';
    if (kind === 27) return pick(['\\n', '\\t', '\\x41', '\\101', '\\0', '\\u00e9', '\\.', '\\U0001F600']);
    if (kind === 28) return random(8) === 0 ? pick(JUNK) : 'b';
    return capture(depth);
  }

  function escape(letter: string): string {
    return letter === '.' ? '\\.' : letter;
  }

  function reference(): string {
    if (names.length > 0 && random(2) === 0) return `(?P=${pick(names)})`;
    return `\\${1 + random(groups)}`;
  }

  function condition(depth: number): string {
    const group = names.length > 0 && random(2) === 0 ? pick(names) : String(1 + random(groups + 1));
    return `(?(${group})${sequence(depth - 1)}${random(2) === 0 ? '' : `|${sequence(depth - 1)}`})`;
  }

  function capture(depth: number): string {
    groups++;
    if (random(2) === 0) return `(${alternation(depth - 1)})`;
    const name = random(40) === 0 ? 'n1' : `n${groups}`;
    const inside = alternation(depth - 1);
    names.push(name);
    return `(?P<${name}>${inside})`;
  }

  function charClass(): string {
    let members = '';
    for (let count = 1 + random(3); count > 0; count--) members += pick(MEMBERS);
    return `[${random(3) === 0 ? '^' : ''}${members}]`;
  }

  function item(depth: number): string {
    const text = atom(depth);
    if (random(3) !== 0) return text;
    const possessive = SINGLE_CHARACTER.test(text) && random(5) === 0;
    return text + pick(QUANTIFIERS) + (possessive ? '+' : pick(SUFFIXES));
  }

  function sequence(depth: number): string {
    let text = '';
    for (let count = random(4); count > 0; count--) text += item(depth);
    return text;
  }

  function alternation(depth: number): string {
    let text = sequence(depth);
    while (random(4) === 0) text += `|${sequence(depth)}`;
    return text;
  }

  return {
    pattern() {
      groups = 0;
      names = [];
      const text = (random(8) === 0 ? pick(GLOBAL_FLAGS) : '') + item(3) + alternation(3);
      return STARTS_WITH_ASCII_FLAG.test(text) ? `b${text}` : text;
    },
    text() {
      const ascii = random(2) === 0;
      let text = '';
      for (let count = random(10); count > 0; count--) {
        const letter = pick(random(2) === 0 ? ['a', 'b', 'c'] : LETTERS);
        text += ascii && letter > '\x7f' ? 'a' : letter;
      }
      return text;
    },
  };
}
