/** Writes log lines from a filter's own expressions, as a program would write them, with an attacker's text wherever an expression lets any text stand. */
import { exampleOfSet } from '../../src/regex/example';
import { type CharSet, hasCode } from '../../src/regex/charset';
import { parsePattern } from '../../src/regex/parse';
import { expandTags } from '../../src/regex/tags';
import type { Node, PatternTree } from '../../src/regex/tree';
import type { Random } from './random';

/** Tags that say who failed; each becomes a group into which an address is written. */
const ADDRESS_TAG = /<(?:HOST|ADDR|IP4|IP6|DNS|SUBNET|F-ID\/|F-IP4\/|F-IP6\/|F-ADDR\/|F-DNS\/)>/g;
const LONGEST = 4000;

/** An expression whose lines can be written. */
export interface Writable {
  readonly tree: PatternTree;
  /** Names of the groups by their numbers. */
  readonly names: ReadonlyMap<number, string>;
}

/** What stands in a line: who, what the prefregex leaves to the failregex, and what is written where any text may stand. */
export interface Told {
  readonly address: string;
  readonly content?: string;
  /** A text of an attacker for one place; null for an ordinary word. */
  readonly free: () => string | null;
}

/** An expression of a filter, ready to be written; null for one that our parser refuses. */
export function writable(regex: string): Writable | null {
  let count = 0;
  const marked = regex.replace(ADDRESS_TAG, () => `(?P<who${count++}>x)`).replaceAll('<SKIPLINES>', '\\n');
  try {
    const tree = parsePattern(expandTags(marked, { usedns: 'no' }));
    return { tree, names: new Map([...tree.names].map(([name, index]) => [index, name])) };
  } catch {
    return null;
  }
}

/** A line that the expression was made for, drawn. */
export function writeLine(random: Random, { tree, names }: Writable, told: Told): string {
  const written = new Map<number, string>();

  const fill = (set: CharSet, min: number, max: number): string => {
    const wide = hasCode(set, 0x20) || hasCode(set, 0x3a) || hasCode(set, 0x2e);
    const text = (wide && max > 8 ? told.free() : null)?.replaceAll('\n', ' ') ?? null;
    const fitting = text === null ? '' : [...text].filter((sign) => hasCode(set, sign.codePointAt(0)!)).join('');
    if (fitting.length >= min && fitting !== '') return fitting;
    return (exampleOfSet(set) ?? '').repeat(Math.max(min, Math.min(max, random.below(3))));
  };

  const repeat = (body: Node, min: number, max: number): string => {
    const inner = body.type === 'group' && !names.has(body.index) ? body.body : body;
    if (inner.type === 'set') return fill(inner.set, min, max);
    const times = Math.min(max, min + random.below(2), 60);
    return Array.from({ length: times }, () => write(body)).join('');
  };

  const write = (node: Node): string => {
    switch (node.type) {
      case 'char':
        return String.fromCodePoint(node.code);
      case 'set':
        return exampleOfSet(node.set) ?? '';
      case 'sequence':
        return node.items.map(write).join('');
      case 'alternation':
        return node.branches.length === 0 ? '' : write(random.pick(node.branches));
      case 'conditional':
        return write(written.has(node.index) ? node.yes : node.no);
      case 'atomic':
        return write(node.body);
      case 'group': {
        const name = names.get(node.index) ?? '';
        const text = /^(?:who\d+|fid)$/.test(name)
          ? told.address
          : name === 'content' && told.content !== undefined
            ? told.content
            : write(node.body);
        written.set(node.index, text);
        return text;
      }
      case 'repeat':
        return repeat(node.body, node.min, node.max);
      case 'backref':
        return written.get(node.index) ?? '';
      case 'look':
      case 'anchor':
        return '';
    }
  };

  return write(tree.root).slice(0, LONGEST);
}
