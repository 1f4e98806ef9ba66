/** Rewrites loops that can split a text into rounds in many equal ways into loops that can't; ways keep their order. */
import type { Node, RepeatNode } from './tree';
import { hasGroup, isEmptyLast, isFreelyNullable, isNullable } from './analyse';

/** A tree of the same meaning, for both ways of matching. */
export function flattenLoops(node: Node): Node {
  switch (node.type) {
    case 'repeat':
      return flattenRepeat({ ...node, body: flattenLoops(node.body) });
    case 'sequence':
      return { ...node, items: node.items.map(flattenLoops) };
    case 'alternation':
      return { ...node, branches: node.branches.map(flattenLoops) };
    case 'group':
    case 'atomic':
    case 'look':
      return { ...node, body: flattenLoops(node.body) };
    case 'conditional':
      return { ...node, yes: flattenLoops(node.yes), no: flattenLoops(node.no) };
    case 'char':
    case 'set':
    case 'anchor':
    case 'backref':
      return node;
  }
}

/** A greedy loop without an upper limit, with a lower of 0 or 1. */
function isOpenLoop(node: RepeatNode): boolean {
  return node.mode === 'greedy' && node.min <= 1 && node.max === Infinity;
}

function flattenRepeat(node: RepeatNode): Node {
  if (!isOpenLoop(node)) return node;
  const inner = node.body.type === 'sequence' && node.body.items.length === 1 ? node.body.items[0]! : node.body;
  if (inner.type === 'repeat' && isOpenLoop(inner) && (inner.body.type === 'char' || inner.body.type === 'set')) {
    // `(?:a*)*`, `(?:a+)+` and their like are one loop.
    return { ...inner, min: node.min * inner.min };
  }
  return splitLoop(node) ?? node;
}

/**
 * `(?:a*|b)*`: the empty way of the first branch ends the loop before the second branch is tried (in JavaScript it would be tried
 * first). The same order, and the same in JavaScript: `a*(?:ba*)*?`. Null when the loop is not of this form.
 */
function splitLoop(node: RepeatNode): Node | null {
  if (node.body.type !== 'alternation' || hasGroup(node.body)) return null;
  const { branches } = node.body;
  const empty = branches.findIndex(isNullable);
  if (empty < 0 || empty === branches.length - 1) return null;
  const first = oneOf(branches.slice(0, empty + 1));
  const others = oneOf(branches.slice(empty + 1));
  // Where the empty way can fail, the second branch is tried before the loop ends.
  if (!isFreelyNullable(first) || !isEmptyLast(first) || isNullable(others)) return null;
  const firsts = flattenRepeat({ ...node, min: 0, body: first });
  const rest: Node = { ...node, min: 0, mode: 'lazy', body: { type: 'sequence', items: [others, firsts] } };
  return { type: 'sequence', items: [firsts, rest] };
}

function oneOf(branches: readonly Node[]): Node {
  return branches.length === 1 ? branches[0]! : { type: 'alternation', branches };
}
