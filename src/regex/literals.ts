/** Finds in a tree the literals of which every matching text must contain at least one. */
import type { Node } from './tree';

/** More alternatives than this are no help to a pre-filter. */
const MAX_LITERALS = 64;
/** Shorter literals are in nearly every line. */
const MIN_LENGTH = 2;

/** The best set of such literals; null when there is none worth looking for. */
export function requiredLiterals(root: Node): readonly string[] | null {
  const best = requiredOf(root);
  return best !== null && shortest(best) >= MIN_LENGTH ? best : null;
}

type Literals = readonly string[];

function shortest(literals: Literals): number {
  return Math.min(...literals.map((literal) => literal.length));
}

function better(a: Literals | null, b: Literals | null): Literals | null {
  if (a === null || b === null) return a ?? b;
  const difference = shortest(a) - shortest(b);
  return difference > 0 || (difference === 0 && a.length <= b.length) ? a : b;
}

function requiredOf(node: Node): Literals | null {
  switch (node.type) {
    case 'char':
      return [String.fromCodePoint(node.code)];
    case 'sequence':
      return ofSequence(node.items);
    case 'alternation':
      return union(node.branches);
    case 'conditional':
      return union([node.yes, node.no]);
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

function union(branches: readonly Node[]): Literals | null {
  const all = new Set<string>();
  for (const branch of branches) {
    const literals = requiredOf(branch);
    if (literals === null) return null;
    for (const literal of literals) all.add(literal);
  }
  return all.size === 0 || all.size > MAX_LITERALS ? null : [...all];
}

/** Neighbouring characters make one literal, also across the borders of groups. */
function ofSequence(items: readonly Node[]): Literals | null {
  let best: Literals | null = null;
  let run = '';
  const endRun = () => {
    if (run !== '') best = better(best, [run]);
    run = '';
  };
  for (const item of items) {
    const text = exactText(item);
    if (text !== null) {
      run += text;
      continue;
    }
    endRun();
    best = better(best, requiredOf(item));
  }
  endRun();
  return best;
}

/** The text that `node` matches when it can match no other; null when there are several. */
function exactText(node: Node): string | null {
  switch (node.type) {
    case 'char':
      return String.fromCodePoint(node.code);
    case 'anchor':
      return '';
    case 'sequence': {
      const texts = node.items.map(exactText);
      return texts.includes(null) ? null : texts.join('');
    }
    case 'group':
    case 'atomic':
      return exactText(node.body);
    case 'set':
    case 'alternation':
    case 'repeat':
    case 'look':
    case 'backref':
    case 'conditional':
      return null;
  }
}
