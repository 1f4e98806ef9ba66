/** Makes of several patterns one RegExp that tells whether any of them could match somewhere in a text of ASCII only. */
import { emitRegExp } from './emit';
import { NotExpressible } from './expand';
import { isExplosive } from './explosive';
import { flattenLoops } from './loops';
import { parsePattern } from './parse';
import type { Node } from './tree';
import { widthOf } from './width';

/** Characters of a match that are looked at. */
const LOOKED_AT = 6;

/**
 * Finds something wherever one of the patterns does, and a little more: only the first characters of each are looked at, so that it is soon compiled.
 * Null when RegExp has no exact form of one of them, or might take for ever.
 */
export function couldBeAnyOf(sources: readonly string[]): RegExp | null {
  const branches: Node[] = [];
  let groupCount = 0;
  for (const source of sources) {
    const tree = parsePattern(source);
    const root = flattenLoops(renumbered(beginningOf(tree.root, LOOKED_AT), groupCount));
    if (isExplosive(root)) return null;
    branches.push(root);
    groupCount += tree.groupCount;
  }
  try {
    const root: Node = { type: 'alternation', branches };
    const { source, flags } = emitRegExp({ root, groupCount, names: new Map() }, 'ascii');
    return new RegExp(source, flags);
  } catch (error) {
    if (error instanceof NotExpressible) return null;
    throw error;
  }
}

/** The same with its groups counted from `by` on. */
function renumbered(node: Node, by: number): Node {
  const inner = (child: Node): Node => renumbered(child, by);
  switch (node.type) {
    case 'sequence':
      return { ...node, items: node.items.map(inner) };
    case 'alternation':
      return { ...node, branches: node.branches.map(inner) };
    case 'group':
      return { ...node, index: node.index + by, body: inner(node.body) };
    case 'atomic':
    case 'repeat':
    case 'look':
      return { ...node, body: inner(node.body) };
    case 'backref':
      return { ...node, index: node.index + by };
    case 'conditional':
      return { ...node, index: node.index + by, yes: inner(node.yes), no: inner(node.no) };
    case 'char':
    case 'set':
    case 'anchor':
      return node;
  }
}

/** A pattern that matches wherever this one does: without what comes behind its first characters. */
function beginningOf(node: Node, characters: number): Node {
  if (node.type === 'group') return { ...node, body: beginningOf(node.body, characters) };
  if (node.type === 'alternation') return { ...node, branches: node.branches.map((branch) => beginningOf(branch, characters)) };
  if (node.type !== 'sequence') return node;
  const items: Node[] = [];
  let left = characters;
  for (const item of node.items) {
    const [least] = widthOf(item, []);
    if (least >= left) return { ...node, items: [...items, beginningOf(item, left)] };
    items.push(item);
    left -= least;
  }
  return node;
}
