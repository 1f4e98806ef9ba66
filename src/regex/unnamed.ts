/** Drops from a tree the unnamed groups that nothing refers to; the others keep their numbers. */
import type { Node, PatternTree } from './tree';
import { childrenOf } from './tree';

export function withoutUnnamed(tree: PatternTree): PatternTree {
  const kept = new Set(tree.names.values());
  const visit = (node: Node) => {
    if (node.type === 'backref' || node.type === 'conditional') kept.add(node.index);
    childrenOf(node).forEach(visit);
  };
  visit(tree.root);
  return { ...tree, root: drop(tree.root, kept) };
}

function drop(node: Node, kept: ReadonlySet<number>): Node {
  const part = (child: Node) => drop(child, kept);
  switch (node.type) {
    case 'group':
      return kept.has(node.index) ? { ...node, body: part(node.body) } : part(node.body);
    case 'sequence':
      return { ...node, items: node.items.map(part) };
    case 'alternation':
      return { ...node, branches: node.branches.map(part) };
    case 'atomic':
    case 'repeat':
    case 'look':
      return { ...node, body: part(node.body) };
    case 'conditional':
      return { ...node, yes: part(node.yes), no: part(node.no) };
    case 'char':
    case 'set':
    case 'anchor':
    case 'backref':
      return node;
  }
}
