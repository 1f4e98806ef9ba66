/** What can be said about a tree without running it: which groups are surely set, what may match nothing, what has no case. */
import type { BackrefNode, ConditionalNode, GroupNode, Node } from './tree';
import { childrenOf, contains } from './tree';
import { isCased } from './casing';
import { pairsOf } from './charset';

/** A node whose meaning depends on whether a group is set. */
export type Dependent = BackrefNode | ConditionalNode;

/**
 * The groups that are set whenever `node` has matched, given those set before.
 * @param unsure gets every back reference and condition whose group is not surely set where it stands
 */
export function surelySet(node: Node, before: ReadonlySet<number>, unsure: Set<Dependent>): ReadonlySet<number> {
  switch (node.type) {
    case 'char':
    case 'set':
    case 'anchor':
      return before;
    case 'sequence':
      return node.items.reduce((set, item) => surelySet(item, set, unsure), before);
    case 'alternation':
      return common(
        node.branches.map((branch) => surelySet(branch, before, unsure)),
        before,
      );
    case 'group':
      return new Set([...surelySet(node.body, before, unsure), node.index]);
    case 'atomic':
      return surelySet(node.body, before, unsure);
    case 'repeat': {
      const after = surelySet(node.body, before, unsure);
      return node.min > 0 ? after : before;
    }
    case 'look': {
      const after = surelySet(node.body, before, unsure);
      return node.negated ? before : after;
    }
    case 'backref':
      if (!before.has(node.index)) unsure.add(node);
      return before;
    case 'conditional':
      // Even where the outcome is sure the condition is to be resolved: JavaScript has none.
      unsure.add(node);
      return common([surelySet(node.yes, new Set([...before, node.index]), unsure), surelySet(node.no, before, unsure)], before);
  }
}

function common(sets: readonly ReadonlySet<number>[], before: ReadonlySet<number>): ReadonlySet<number> {
  const [first, ...others] = sets;
  if (first === undefined) return before;
  return new Set([...first].filter((index) => others.every((other) => other.has(index))));
}

/** The groups of a tree by their number. */
export function groupsOf(root: Node): Map<number, GroupNode> {
  const groups = new Map<number, GroupNode>();
  const visit = (node: Node) => {
    if (node.type === 'group') groups.set(node.index, node);
    childrenOf(node).forEach(visit);
  };
  visit(root);
  return groups;
}

export function hasGroup(node: Node): boolean {
  return contains(node, (part) => part.type === 'group');
}

/** Whether `node` can match without taking a character (true when in doubt). */
export function isNullable(node: Node): boolean {
  switch (node.type) {
    case 'char':
    case 'set':
      return false;
    case 'sequence':
      return node.items.every(isNullable);
    case 'alternation':
      return node.branches.some(isNullable);
    case 'group':
    case 'atomic':
      return isNullable(node.body);
    case 'repeat':
      return node.min === 0 || isNullable(node.body);
    case 'conditional':
      return isNullable(node.yes) || isNullable(node.no);
    case 'look':
    case 'anchor':
    case 'backref':
      return true;
  }
}

/** Whether `node` can match nothing wherever it stands: no anchor, look or reference decides it. */
export function isFreelyNullable(node: Node): boolean {
  switch (node.type) {
    case 'sequence':
      return node.items.every(isFreelyNullable);
    case 'alternation':
      return node.branches.some(isFreelyNullable);
    case 'group':
      return isFreelyNullable(node.body);
    case 'repeat':
      return node.min === 0 || isFreelyNullable(node.body);
    case 'char':
    case 'set':
    case 'atomic':
    case 'conditional':
    case 'look':
    case 'anchor':
    case 'backref':
      return false;
  }
}

/**
 * Whether matching nothing is the last way that `node` tries. Then a loop over it means the same in Python (an empty round
 * ends the loop) and in JavaScript (an empty round is refused).
 */
export function isEmptyLast(node: Node): boolean {
  if (!isNullable(node)) return true;
  switch (node.type) {
    case 'sequence':
      return node.items.every(isEmptyLast);
    case 'alternation':
      return node.branches.every((branch, i) => isEmptyLast(branch) && (!isNullable(branch) || i === node.branches.length - 1));
    case 'group':
      return isEmptyLast(node.body);
    case 'repeat':
      return (node.mode === 'greedy' && isEmptyLast(node.body)) || node.max === 0;
    case 'look':
    case 'anchor':
      return true;
    case 'atomic':
    case 'backref':
    case 'conditional':
    case 'char':
    case 'set':
      return false;
  }
}

/** Whether what `node` matches is surely free of letters that have a case. */
export function isCaseless(node: Node): boolean {
  switch (node.type) {
    case 'char':
      return !isCased(node.code, false);
    case 'set':
      if (node.set.negated || node.set.classes.some((letter) => letter !== 'd' && letter !== 's')) return false;
      return pairsOf(node.set.ranges).every(([lo, hi]) => hi - lo < 0x100 && !rangeIsCased(lo, hi));
    case 'backref':
    case 'conditional':
      return false;
    case 'look':
    case 'anchor':
      return true;
    case 'sequence':
    case 'alternation':
    case 'group':
    case 'atomic':
    case 'repeat':
      return childrenOf(node).every(isCaseless);
  }
}

function rangeIsCased(lo: number, hi: number): boolean {
  for (let code = lo; code <= hi; code++) if (isCased(code, false)) return true;
  return false;
}
