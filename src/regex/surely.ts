/** Tells what is sure of every match of a pattern: literals that its text holds, and groups that took something. */
import { groupsOf, isNullable, surelySet } from './analyse';
import { literalSets } from './literals';
import { parsePattern } from './parse';

export interface Surely {
  /** Of each of these lists a matching text contains at least one. */
  readonly literals: readonly (readonly string[])[];
  /** Names of groups that are set in every match, to more than nothing. */
  readonly groups: ReadonlySet<string>;
  /** The group with which every match begins, where the text begins; null when there is none. */
  readonly first: string | null;
}

export function surelyOf(source: string): Surely {
  const { root, names } = parsePattern(source);
  const sure = surelySet(root, new Set(), new Set());
  const bodies = groupsOf(root);
  const groups = [...names].filter(([, index]) => sure.has(index) && bodies.has(index) && !isNullable(bodies.get(index)!.body));
  const [start, first] = root.type === 'sequence' ? root.items : [];
  const begins = start?.type === 'anchor' && start.at === 'start' && first?.type === 'group';
  return {
    literals: literalSets(root),
    groups: new Set(groups.map(([name]) => name)),
    first: begins ? ([...names].find(([, index]) => index === first.index)?.[0] ?? null) : null,
  };
}
