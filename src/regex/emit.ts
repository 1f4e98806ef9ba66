/** Writes a tree as the source of a JavaScript RegExp that means exactly what the pattern means in Python. */
import type { CharSet, ClassLetter } from './charset';
import { SPACE_RANGES, asciiRanges, complement, pairsOf } from './charset';
import { NotExpressible, expandDependents } from './expand';
import { groupsOf, hasGroup, isCaseless, isEmptyLast, isNullable, surelySet } from './analyse';
import type { AnchorNode, BackrefNode, GroupNode, LookNode, Node, PatternTree, RepeatNode } from './tree';
import { childrenOf } from './tree';

/** `ascii`: for texts of ASCII only, no flag; `full`: for all texts, flag `u`. */
export type Variant = 'ascii' | 'full';

export interface Emitted {
  readonly source: string;
  readonly flags: '' | 'u';
  /** For each group of the pattern (by number, 0 is the whole) the RegExp's captures that stand for it; at most one of them is set. */
  readonly slots: readonly (readonly number[])[];
}

/** Longer sources are not given to V8. */
const MAX_SOURCE = 1_000_000;
/** Nor what grows too large when V8 writes out counted loops. */
const MAX_UNROLLED = 20_000;
/** Loops with larger counts are not unrolled by V8 in good time. */
const MAX_COUNT = 1000;

/**
 * @throws NotExpressible when RegExp has no exact form of the pattern
 */
export function emitRegExp(tree: PatternTree, variant: Variant): Emitted {
  const root = expandDependents(tree.root);
  const emitter = new Emitter(variant, tree.groupCount, groupsOf(root));
  const source = emitter.emit(root);
  if (source.length > MAX_SOURCE || unrolledSize(root) > MAX_UNROLLED) throw new NotExpressible('too long');
  return { source, flags: variant === 'full' ? 'u' : '', slots: emitter.slots };
}

const WORD = '[\\p{L}\\p{N}_]';
const UNICODE_WORD_BOUNDARY = `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`;
const UNICODE_NO_BOUNDARY = `(?:(?<=${WORD})(?=${WORD})|(?<!${WORD})(?!${WORD}))`;
/** Python has neither a boundary nor a non-boundary in an empty text. */
const NOT_EMPTY_TEXT = '(?!^$)';

class Emitter {
  readonly slots: number[][];
  #captures = 0;
  #inLookbehind = false;

  constructor(
    readonly variant: Variant,
    groupCount: number,
    readonly groups: ReadonlyMap<number, GroupNode>,
  ) {
    this.slots = Array.from({ length: groupCount + 1 }, (_, i) => (i === 0 ? [0] : []));
  }

  emit(node: Node): string {
    switch (node.type) {
      case 'char':
        return this.#char(node.code);
      case 'set':
        return this.variant === 'ascii' ? asciiSet(node.set) : fullSet(node.set);
      case 'sequence':
        return node.items.map((item) => (item.type === 'alternation' ? this.#wrapped(item) : this.emit(item))).join('');
      case 'alternation':
        return node.branches.length === 0 ? '[]' : node.branches.map((branch) => this.emit(branch)).join('|');
      case 'group': {
        if (this.#inLookbehind) throw new NotExpressible('a group inside a look-behind');
        const slot = ++this.#captures;
        this.slots[node.index]!.push(slot);
        return `(${this.emit(node.body)})`;
      }
      case 'atomic':
        return this.#atomic(node.body);
      case 'repeat':
        return this.#repeat(node);
      case 'look':
        return this.#look(node);
      case 'backref':
        return this.#backref(node);
      case 'anchor':
        return this.#anchor(node);
      case 'conditional':
        throw new NotExpressible('a condition');
    }
  }

  #wrapped(node: Node): string {
    return `(?:${this.emit(node)})`;
  }

  #char(code: number): string {
    if (this.variant === 'ascii' && code > 0x7f) return '[]';
    return charSource(code);
  }

  /** A look-ahead never goes back into itself; what it saw is then taken by a back reference. */
  #atomic(body: Node): string {
    if (this.#inLookbehind) throw new NotExpressible('an atomic group inside a look-behind');
    const slot = ++this.#captures;
    return `(?:(?=(${this.emit(body)}))\\${slot})`;
  }

  #repeat(node: RepeatNode): string {
    if (node.mode === 'possessive') {
      // Python matches each round of a possessive loop for good.
      const { body } = node;
      const round: Node = body.type === 'char' || body.type === 'set' ? body : { type: 'atomic', body };
      return this.#atomic({ ...node, mode: 'greedy', body: round });
    }
    if (node.max === 0) return '';
    if (node.max === 1) {
      if (node.min === 1) return this.#wrapped(node.body);
      // JavaScript's «?» refuses a round that takes nothing, Python's doesn't.
      if (isNullable(node.body)) return node.mode === 'greedy' ? `(?:${this.emit(node.body)}|)` : `(?:|${this.emit(node.body)})`;
    } else checkLoop(node);
    const lazy = node.mode === 'lazy' ? '?' : '';
    return this.#quantified(node.body) + countSource(node.min, node.max) + lazy;
  }

  #quantified(body: Node): string {
    const simple = body.type === 'char' || body.type === 'set' || body.type === 'group';
    return simple ? this.emit(body) : this.#wrapped(body);
  }

  #look(node: LookNode): string {
    const outer = this.#inLookbehind;
    if (!node.ahead) this.#inLookbehind = true;
    const body = this.emit(node.body);
    this.#inLookbehind = outer;
    return `(?${node.ahead ? '' : '<'}${node.negated ? '!' : '='}${body})`;
  }

  #backref(node: BackrefNode): string {
    const group = this.groups.get(node.index);
    if (node.ignoreCase !== 'no' && (group === undefined || !isCaseless(group.body))) {
      throw new NotExpressible('a back reference that ignores case');
    }
    // Of several slots one is set; the others match nothing at all in JavaScript.
    return `(?:${this.slots[node.index]!.map((slot) => `\\${slot}`).join('')})`;
  }

  #anchor(node: AnchorNode): string {
    const ascii = node.ascii || this.variant === 'ascii';
    switch (node.at) {
      case 'start':
        return '^';
      case 'end':
        return '$';
      case 'endOrNewline':
        return '(?=\\n?$)';
      case 'lineStart':
        return '(?<![^\\n])';
      case 'lineEnd':
        return '(?=\\n|$)';
      case 'word':
        return ascii ? '\\b' : UNICODE_WORD_BOUNDARY;
      case 'notWord':
        return (ascii ? '\\B' : UNICODE_NO_BOUNDARY) + NOT_EMPTY_TEXT;
    }
  }
}

function unrolledSize(node: Node): number {
  const inside = childrenOf(node).reduce((sum, child) => sum + unrolledSize(child), 1);
  return node.type === 'repeat' ? inside * Math.max(1, node.max === Infinity ? node.min : node.max) : inside;
}

/** JavaScript forgets a loop's groups at each round and refuses empty rounds; only loops that cannot show it are let through. */
function checkLoop(node: RepeatNode): void {
  if (node.min > MAX_COUNT || (node.max !== Infinity && node.max > MAX_COUNT)) throw new NotExpressible('a large count');
  if (hasGroup(node.body)) {
    if (isNullable(node.body)) throw new NotExpressible('a group in a loop whose rounds may be empty');
    const sure = surelySet(node.body, new Set(), new Set());
    for (const index of groupsOf(node.body).keys()) if (!sure.has(index)) throw new NotExpressible('a group that not every round sets');
  } else if (node.mode === 'greedy' && !isEmptyLast(node.body)) {
    throw new NotExpressible('a loop that prefers empty rounds');
  }
}

function countSource(min: number, max: number): string {
  if (max === Infinity) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

/** One character in a form that means itself inside and outside of classes, with and without flag `u`. */
function charSource(code: number): string {
  const text = String.fromCodePoint(code);
  if (/^[A-Za-z0-9_ ]$/.test(text)) return text;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff && !(code >= 0xd800 && code <= 0xdfff) ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}

function rangesSource(ranges: readonly number[]): string {
  return pairsOf(ranges)
    .map(([lo, hi]) => (lo === hi ? charSource(lo) : `${charSource(lo)}-${charSource(hi)}`))
    .join('');
}

/** The ASCII part of a set; the shorter of its two forms. */
function asciiSet(set: CharSet): string {
  const inside = asciiRanges(set);
  const outside = asciiRanges({ ...set, negated: !set.negated });
  if (outside.length === 0) return '[^]';
  return outside.length < inside.length ? `[^${rangesSource(outside)}]` : `[${rangesSource(inside)}]`;
}

const CLASS_SOURCE: Record<ClassLetter, string> = {
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  w: '\\p{L}\\p{N}_',
  W: '',
  s: rangesSource(SPACE_RANGES),
  S: rangesSource(complement(SPACE_RANGES)),
};

const NOT_WORD = '[^\\p{L}\\p{N}_]';

function fullSet(set: CharSet): string {
  const members = rangesSource(set.ranges) + set.classes.map((letter) => CLASS_SOURCE[letter]).join('');
  // Flag v has classes within classes, but the V8 of Node 20 matches them wrongly in loops; so \W stands beside the class.
  if (set.classes.includes('W')) return set.negated ? `(?:(?!${NOT_WORD})[^${members}])` : `(?:[${members}]|${NOT_WORD})`;
  return `[${set.negated ? '^' : ''}${members}]`;
}
