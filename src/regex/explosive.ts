/** Finds loops that can split one text into rounds in exponentially many ways; those patterns get a budget of steps. */
import type { Characters } from './characters';
import { allOf, either, firstOf, overlaps } from './characters';
import { isNullable } from './analyse';
import type { Node, RepeatNode } from './tree';
import { childrenOf } from './tree';

/**
 * Whether a loop of the tree may take exponential time on a text that does not match. True also for some harmless loops: the answer
 * only decides who runs the pattern.
 */
export function isExplosive(node: Node): boolean {
  return explosiveLoop(node) !== null;
}

/** The first loop that makes a tree explosive; null when none does. */
export function explosiveLoop(node: Node): RepeatNode | null {
  if (node.type === 'repeat' && node.max === Infinity && node.mode !== 'possessive') {
    if (!isDeterministic(node.body, firstOf(node.body)) && (isAmbiguous(node.body) || meetsItself(node.body))) return node;
  }
  for (const child of childrenOf(node)) {
    const found = explosiveLoop(child);
    if (found !== null) return found;
  }
  return null;
}

/** Whether the next character always says which way to go inside `node`, which may be followed by `follow`. */
function isDeterministic(node: Node, follow: Characters): boolean {
  switch (node.type) {
    case 'char':
    case 'set':
    case 'anchor':
    case 'look':
      return true;
    case 'backref':
    case 'conditional':
    case 'atomic':
      return false;
    case 'group':
      return isDeterministic(node.body, follow);
    case 'sequence': {
      let behind = follow;
      for (const item of node.items.toReversed()) {
        if (!isDeterministic(item, behind)) return false;
        behind = beginning(item, behind);
      }
      return true;
    }
    case 'alternation': {
      const empty = node.branches.filter(isNullable);
      if (empty.some((branch) => node.branches.some((other) => other !== branch && overlaps(beginning(branch, follow), firstOf(other))))) {
        return false;
      }
      return areDistinct(node.branches) && node.branches.every((branch) => isDeterministic(branch, follow));
    }
    case 'repeat': {
      const first = firstOf(node.body);
      if (node.min !== node.max && overlaps(first, follow)) return false;
      return isDeterministic(node.body, either(first, follow));
    }
  }
}

/** Whether no text can begin two of the branches: somewhere in the characters that they surely begin with they differ. */
function areDistinct(branches: readonly Node[]): boolean {
  const starts = branches.map((branch) => beginningsOf(branch));
  const differ = (a: readonly Characters[], b: readonly Characters[]) => a.some((one, i) => b[i] !== undefined && !overlaps(one, b[i]));
  return starts.every((start, i) => starts.every((other, j) => i >= j || differ(start, other)));
}

/** Character by character what `node` surely begins with, as far as that is known. */
function beginningsOf(node: Node): Characters[] {
  if (node.type === 'group') return beginningsOf(node.body);
  if (node.type !== 'sequence') return isNullable(node) ? [] : [firstOf(node)];
  const found: Characters[] = [];
  for (const item of node.items) {
    if (item.type === 'anchor' || item.type === 'look') continue;
    if (item.type !== 'char' && item.type !== 'set') return [...found, ...beginningsOf(item).slice(0, 1)];
    found.push(firstOf(item));
  }
  return found;
}

/** What may come at the start of `node`, or behind it when it may be empty. */
function beginning(node: Node, follow: Characters): Characters {
  return isNullable(node) ? either(firstOf(node), follow) : firstOf(node);
}

function isAmbiguous(body: Node): boolean {
  switch (body.type) {
    case 'alternation':
      return !areDistinct(body.branches) || body.branches.some(isAmbiguous);
    case 'group':
      return isAmbiguous(body.body);
    case 'repeat':
      if (body.max === Infinity) return body.mode !== 'possessive';
      // Two rounds of one are one round of two.
      return (isOptional(body) && body.max > 1) || isAmbiguous(body.body);
    case 'sequence':
      return body.items.some((item, i) => isUnseparated(body.items, item, i));
    case 'atomic':
    case 'char':
    case 'set':
    case 'anchor':
    case 'backref':
    case 'look':
    case 'conditional':
      return false;
  }
}

/** Whether the loops in `item` could also take all that must stand between two of its rounds. */
function isUnseparated(items: readonly Node[], item: Node, at: number): boolean {
  const others = items.filter((other, i) => i !== at && !isNullable(other)).map(allOf);
  if (others.length === 0 && isAmbiguous(item)) return true;
  return openLoopsOf(item).some((characters) => others.every((other) => overlaps(other, characters)));
}

/** Whether a round can end with a loop, and the next begin with one, that take the same characters: `(?:[^"]*"[^"]*)*`. */
function meetsItself(body: Node): boolean {
  if (body.type === 'group') return meetsItself(body.body);
  if (body.type !== 'sequence') return false;
  const heads = edgeLoops(body.items);
  const tails = edgeLoops(body.items.toReversed());
  return heads.some((head) => tails.some((tail) => head !== tail && overlaps(allOf(head), allOf(tail))));
}

/** The loops over single characters with which a sequence may begin; seen backwards, end. */
function edgeLoops(items: readonly Node[]): RepeatNode[] {
  const loops: RepeatNode[] = [];
  for (const item of items) {
    const loop = singleLoop(item);
    if (loop !== null) loops.push(loop);
    if (!isNullable(item)) break;
  }
  return loops;
}

function singleLoop(node: Node): RepeatNode | null {
  if (node.type === 'group') return singleLoop(node.body);
  if (node.type !== 'repeat' || node.max !== Infinity || node.mode === 'possessive') return null;
  return node.body.type === 'char' || node.body.type === 'set' ? node : null;
}

const isOptional = ({ min, max, mode }: RepeatNode): boolean => min !== max && mode !== 'possessive';

/** The characters that each loop of `node` takes which may take more or less of them. */
function openLoopsOf(node: Node): Characters[] {
  if (node.type === 'atomic' || node.type === 'look') return [];
  const own = node.type === 'repeat' && isOptional(node) ? [allOf(node.body)] : [];
  return [...own, ...childrenOf(node).flatMap(openLoopsOf)];
}
