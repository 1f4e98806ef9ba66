/** Tells what is sure of every match of a pattern: literals that its text holds, and groups that took something. */
import { groupsOf, isNullable, surelySet } from './analyse';
import { literalSets } from './literals';
import { parsePattern } from './parse';
import type { Anchor, Node } from './tree';

export interface Surely {
  /** Of each of these lists a matching text contains at least one. */
  readonly literals: readonly (readonly string[])[];
  /** Names of groups that are set in every match, to more than nothing. */
  readonly groups: ReadonlySet<string>;
  /** The group with which every match begins, where the text begins; null when there is none. */
  readonly first: string | null;
  /** The group with which every match ends, where the text ends or before its last newline; null when there is none. */
  readonly last: string | null;
}

export function surelyOf(source: string): Surely {
  const { root, names } = parsePattern(source);
  const sure = surelySet(root, new Set(), new Set());
  const bodies = groupsOf(root);
  const groups = [...names].filter(([, index]) => sure.has(index) && bodies.has(index) && !isNullable(bodies.get(index)!.body));
  const items = root.type === 'sequence' ? root.items : [];
  const named = (node: Node | undefined): string | null =>
    node?.type === 'group' ? ([...names].find(([, index]) => index === node.index)?.[0] ?? null) : null;
  const isAt = (node: Node | undefined, at: Anchor): boolean => node?.type === 'anchor' && node.at === at;
  return {
    literals: literalSets(root),
    groups: new Set(groups.map(([name]) => name)),
    first: isAt(items[0], 'start') ? named(items[1]) : null,
    last: isAt(items.at(-1), 'endOrNewline') ? named(items.at(-2)) : null,
  };
}
