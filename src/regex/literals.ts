/** Finds in a tree the literals of which every matching text must contain at least one. */
import { pairsOf } from './charset';
import type { Node, RepeatNode, SetNode } from './tree';

/** More alternatives than this are no help to a pre-filter. */
const MAX_LITERALS = 400;
/** Shorter literals are in nearly every line. */
const MIN_LENGTH = 2;
/** Neighbouring choices are multiplied up to this many texts. */
const MAX_EXACT = 16;
/** Characters of a class that is taken for a choice. */
const MAX_MEMBERS = 3;
/** A literal that is longer is no rarer. */
const LONG = 12;

/** The best set of such literals; null when there is none worth looking for. */
export function requiredLiterals(root: Node): readonly string[] | null {
  const best = requiredOf(root);
  return best !== null && shortest(best) >= MIN_LENGTH ? best : null;
}

type Literals = readonly string[];

/** All such sets that are known of neighbouring texts in the pattern: a matching text contains one of each. */
export function literalSets(root: Node): readonly Literals[] {
  const sets: Literals[] = [];
  collect(root, sets);
  return sets.filter((set) => shortest(set) >= MIN_LENGTH);
}

function collect(node: Node, sets: Literals[]): void {
  if (node.type === 'group' || node.type === 'atomic') collect(node.body, sets);
  else if (node.type === 'sequence') {
    ofSequence(node.items, sets);
    for (const item of node.items) if (item.type === 'group' || item.type === 'atomic') collect(item.body, sets);
  } else {
    const required = requiredOf(node);
    if (required !== null) sets.push(required);
  }
}

function shortest(literals: Literals): number {
  return Math.min(...literals.map((literal) => literal.length));
}

/** Words that every line of some kind of log has. */
const COMMON = /HTTP|GET|POST|HEAD|from|client|user/g;

/** What a literal's characters are worth: letters and digits tell lines apart, blanks, signs and common words hardly do. */
const weightOf = (literal: string): number => {
  const rare = literal.replace(COMMON, '').replace(/[^\p{L}\p{N}]/gu, '').length;
  return Math.min(rare + (literal.length - rare) / 4, LONG);
};

/** Rare literals are worth much, many of them less: eight times as many are worth one character less. */
const worth = (literals: Literals): number => Math.min(...literals.map(weightOf)) - Math.log2(literals.length) / 3;

function better(a: Literals | null, b: Literals | null): Literals | null {
  if (a === null || b === null) return a ?? b;
  return worth(b) > worth(a) ? b : a;
}

function requiredOf(node: Node): Literals | null {
  switch (node.type) {
    case 'char':
      return [String.fromCodePoint(node.code)];
    case 'sequence':
      return ofSequence(node.items);
    case 'alternation':
      return union(node.branches, requiredOf, MAX_LITERALS);
    case 'conditional':
      return union([node.yes, node.no], requiredOf, MAX_LITERALS);
    case 'group':
    case 'atomic':
      return requiredOf(node.body);
    case 'repeat':
      return node.min > 0 ? requiredOf(node.body) : null;
    case 'look':
      return node.ahead && !node.negated ? requiredOf(node.body) : null;
    case 'set':
    case 'anchor':
    case 'backref':
      return null;
  }
}

/** The texts of all branches; null when those of one are not known, or when they are more than `most`. */
function union(branches: readonly Node[], textsOf: (branch: Node) => Literals | null, most: number): Literals | null {
  const all = new Set<string>();
  for (const branch of branches) {
    const texts = textsOf(branch);
    if (texts === null) return null;
    for (const text of texts) all.add(text);
  }
  return all.size === 0 || all.size > most ? null : [...all];
}

/** Neighbouring texts make one literal, also across the borders of groups; a choice among few multiplies them. */
function ofSequence(items: readonly Node[], sets: Literals[] = []): Literals | null {
  let best: Literals | null = null;
  let run: Literals = [''];
  const take = (literals: Literals | null): void => {
    best = better(best, literals);
    if (literals !== null) sets.push(literals);
  };
  const endRun = (next: Literals): void => {
    if (shortest(run) > 0) take(run);
    run = next;
  };
  for (const item of items) {
    const texts = exactTexts(item);
    const longer = texts === null ? null : product(run, texts);
    if (longer !== null) run = longer;
    else endRun(texts ?? ['']);
    if (texts === null || item.type === 'look') take(requiredOf(item));
  }
  endRun(['']);
  return best;
}

/** Each of the first texts with each of the second behind it; null when they are too many. */
function product(first: Literals, second: Literals): Literals | null {
  if (first.length * second.length > MAX_EXACT) return null;
  return [...new Set(first.flatMap((start) => second.map((end) => start + end)))];
}

/** All the texts that `node` takes; null when they are many. */
function exactTexts(node: Node): Literals | null {
  switch (node.type) {
    case 'char':
      return [String.fromCodePoint(node.code)];
    case 'anchor':
    case 'look':
      return [''];
    case 'set':
      return membersOf(node);
    case 'sequence':
      return node.items.reduce<Literals | null>((texts, item) => then(texts, exactTexts(item)), ['']);
    case 'alternation':
      return union(node.branches, exactTexts, MAX_EXACT);
    case 'group':
    case 'atomic':
      return exactTexts(node.body);
    case 'repeat':
      return exactRounds(node);
    case 'backref':
    case 'conditional':
      return null;
  }
}

const then = (first: Literals | null, second: Literals | null): Literals | null =>
  first === null || second === null ? null : product(first, second);

function membersOf({ set }: SetNode): Literals | null {
  if (set.negated || set.classes.length > 0) return null;
  const members: string[] = [];
  for (const [low, high] of pairsOf(set.ranges)) {
    for (let code = low; code <= high; code++) {
      if (members.push(String.fromCodePoint(code)) > MAX_MEMBERS) return null;
    }
  }
  return members;
}

function exactRounds({ min, max, body }: RepeatNode): Literals | null {
  const round = max <= MAX_EXACT ? exactTexts(body) : null;
  if (round === null) return null;
  let texts: Literals | null = [''];
  const all = new Set<string>();
  for (let count = 0; count <= max && texts !== null; count++) {
    if (count >= min) for (const text of texts) all.add(text);
    if (count < max) texts = product(texts, round);
  }
  return texts === null || all.size > MAX_EXACT ? null : [...all];
}
