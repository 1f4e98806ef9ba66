/** Rewrites a tree so that nothing in it asks whether a group is set: conditions (and back references that may fail) become alternations. */
import type { Dependent } from './analyse';
import { surelySet } from './analyse';
import type { Node } from './tree';
import { NEVER, childrenOf, contains } from './tree';

/** The pattern cannot be said in JavaScript's RegExp with exactly Python's meaning; our own matcher runs it. */
export class NotExpressible extends Error {}

const MAX_ROUNDS = 20;
const MAX_NODES = 20000;

/**
 * A tree of the same meaning without conditions and without back references to groups that may be unset. The ways of matching keep
 * their order. A group may occur several times in the result (in different branches).
 * @throws NotExpressible
 */
export function expandDependents(root: Node): Node {
  let tree = root;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const unsure = new Set<Dependent>();
    surelySet(tree, new Set(), unsure);
    const [dependent] = unsure;
    if (dependent === undefined) return tree;
    tree = resolveIn(tree, dependent);
    if (sizeOf(tree) > MAX_NODES) break;
  }
  throw new NotExpressible('too many conditions');
}

function sizeOf(node: Node): number {
  return childrenOf(node).reduce((sum, child) => sum + sizeOf(child), 1);
}

const isGroup = (index: number) => (node: Node) => node.type === 'group' && node.index === index;

/** Resolves what depends on one group inside `node`, which contains `dependent`. */
function resolveIn(node: Node, dependent: Dependent): Node {
  const { index } = dependent;
  if (!contains(node, isGroup(index))) return settle(node, index, false);
  switch (node.type) {
    case 'sequence': {
      const at = node.items.findIndex((item) => contains(item, (part) => part === dependent));
      const setter = node.items.findIndex((item) => contains(item, isGroup(index)));
      if (setter === at) return { ...node, items: node.items.map((item, i) => (i === at ? resolveIn(item, dependent) : item)) };
      if (setter > at) return { ...node, items: node.items.map((item, i) => (i === at ? settle(item, index, false) : item)) };
      const last = node.items.findLastIndex((item) => contains(item, (part) => dependsOn(part, index)));
      const between = node.items.slice(setter + 1, last + 1);
      const first = node.items[setter]!;
      const replaced = distribute(first, index, (set) => sequence(between.map((item) => settle(item, index, set))));
      return sequence([...node.items.slice(0, setter), replaced, ...node.items.slice(last + 1)]);
    }
    case 'alternation':
      return {
        ...node,
        branches: node.branches.map((branch) => (contains(branch, (part) => part === dependent) ? resolveIn(branch, dependent) : branch)),
      };
    case 'repeat':
      // A later round would see the group as an earlier one left it.
      if (node.max > 1) throw new NotExpressible('a condition on a group inside the same loop');
      return { ...node, body: resolveIn(node.body, dependent) };
    case 'group':
      if (node.index === index) throw new NotExpressible('a condition on the group it stands in');
      return { ...node, body: resolveIn(node.body, dependent) };
    case 'atomic':
      return { ...node, body: resolveIn(node.body, dependent) };
    case 'look':
      return { ...node, body: resolveIn(node.body, dependent) };
    case 'conditional':
      throw new NotExpressible('a group inside a condition');
    case 'char':
    case 'set':
    case 'anchor':
    case 'backref':
      return node;
  }
}

function dependsOn(node: Node, index: number): boolean {
  return (node.type === 'conditional' || node.type === 'backref') && node.index === index;
}

/** `node` as it means where it is known whether group `index` is set. */
function settle(node: Node, index: number, set: boolean): Node {
  const part = (child: Node) => settle(child, index, set);
  switch (node.type) {
    case 'conditional':
      if (node.index === index) return part(set ? node.yes : node.no);
      return { ...node, yes: part(node.yes), no: part(node.no) };
    case 'backref':
      return node.index === index && !set ? NEVER : node;
    case 'sequence':
      return { ...node, items: node.items.map(part) };
    case 'alternation':
      return { ...node, branches: node.branches.map(part) };
    case 'group':
    case 'atomic':
    case 'repeat':
    case 'look':
      return { ...node, body: part(node.body) };
    case 'char':
    case 'set':
    case 'anchor':
      return node;
  }
}

/** `node` followed by what `rest` makes, which is told whether group `index` is set; ways keep their order. */
function distribute(node: Node, index: number, rest: (set: boolean) => Node): Node {
  if (!contains(node, isGroup(index))) return sequence([node, rest(false)]);
  switch (node.type) {
    case 'group':
      if (node.index === index) return sequence([node, rest(true)]);
      return throughGroup(node, index, rest);
    case 'sequence': {
      const at = node.items.findIndex((item) => contains(item, isGroup(index)));
      const after = node.items.slice(at + 1);
      return sequence([...node.items.slice(0, at), distribute(node.items[at]!, index, (set) => sequence([...after, rest(set)]))]);
    }
    case 'alternation':
      return { ...node, branches: node.branches.map((branch) => distribute(branch, index, rest)) };
    case 'repeat': {
      if (node.max !== 1 || node.mode === 'possessive') break;
      const taken = distribute(node.body, index, rest);
      if (node.min === 1) return taken;
      const branches = node.mode === 'greedy' ? [taken, rest(false)] : [rest(false), taken];
      return { type: 'alternation', branches };
    }
    case 'look':
      if (!node.ahead || node.negated) return sequence([node, rest(false)]);
      break;
    case 'atomic':
    case 'conditional':
    case 'char':
    case 'set':
    case 'anchor':
    case 'backref':
      break;
  }
  if (surelySet(node, new Set(), new Set()).has(index)) return sequence([node, rest(true)]);
  throw new NotExpressible('a condition on a group inside a loop');
}

/** A group around the one asked for must close before the rest: it is split only where what precedes has a single way to match. */
function throughGroup(node: Extract<Node, { type: 'group' }>, index: number, rest: (set: boolean) => Node): Node {
  const branches = waysOf(node.body, index).map((way) => sequence([{ ...node, body: way.node }, rest(way.set)]));
  return { type: 'alternation', branches };
}

function waysOf(node: Node, index: number): { readonly node: Node; readonly set: boolean }[] {
  if (!contains(node, isGroup(index))) return [{ node, set: false }];
  switch (node.type) {
    case 'group':
      if (node.index === index) return [{ node, set: true }];
      return waysOf(node.body, index).map((way) => ({ node: { ...node, body: way.node }, set: way.set }));
    case 'alternation':
      return node.branches.flatMap((branch) => waysOf(branch, index));
    case 'repeat': {
      if (node.max !== 1 || node.min !== 0 || node.mode === 'possessive') break;
      const taken = waysOf(node.body, index);
      const left = { node: sequence([]), set: false };
      return node.mode === 'greedy' ? [...taken, left] : [left, ...taken];
    }
    case 'sequence': {
      const at = node.items.findIndex((item) => contains(item, isGroup(index)));
      const before = node.items.slice(0, at);
      if (!before.every(hasOneWay)) break;
      return waysOf(node.items[at]!, index).map((way) => ({
        node: sequence([...before, way.node, ...node.items.slice(at + 1)]),
        set: way.set,
      }));
    }
    case 'look':
    case 'atomic':
    case 'conditional':
    case 'char':
    case 'set':
    case 'anchor':
    case 'backref':
      break;
  }
  if (surelySet(node, new Set(), new Set()).has(index)) return [{ node, set: true }];
  throw new NotExpressible('a condition on a group inside another');
}

function hasOneWay(node: Node): boolean {
  return (
    node.type === 'char' ||
    node.type === 'set' ||
    node.type === 'anchor' ||
    (node.type === 'look' && !contains(node, (part) => part.type === 'group'))
  );
}

function sequence(items: readonly Node[]): Node {
  const flat = items.flatMap((item) => (item.type === 'sequence' ? item.items : [item]));
  return flat.length === 1 ? flat[0]! : { type: 'sequence', items: flat };
}
