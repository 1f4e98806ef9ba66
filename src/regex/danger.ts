/** Tells of a pattern whether a line can make it take very long, at which part of it, and what the shortest such line looks like. */
import { allOf, overlaps } from './characters';
import { ALL_STEPS, slowLine, type SlowLine, type StepAllowance } from './danger-line';
import { explosiveLoop } from './explosive';
import { flattenLoops } from './loops';
import { isNullable } from './analyse';
import { parsePattern } from './parse';
import type { PatternFlags } from './pattern';
import type { Node, PatternTree, RepeatNode } from './tree';
import { childrenOf } from './tree';
import { withoutUnnamed } from './unnamed';

/** Places of a pattern at which lines are tried. */
const MOST_LOOPS = 2;

export interface PatternDanger {
  /** `explosive`: a few characters more double the time; `slow`: it grows with the square of the line's length, or worse. */
  readonly kind: 'explosive' | 'slow';
  /** Where the loop stands that does it, counted from 0 in characters of the source. */
  readonly column: number;
  /** A line that shows it; null when none was found: then it may be harmless after all. */
  readonly line: SlowLine | null;
}

/**
 * What is dangerous about a pattern; null when nothing is known. Looks at the pattern's shape, and tries lines with our own matcher.
 * @param allowance steps that the tries may take together, which they are taken from; about a tenth of a second when not given
 * @throws PatternError in the words of Python's re.error
 */
export function findDanger(
  source: string,
  flags: PatternFlags = {},
  allowance: StepAllowance = { steps: ALL_STEPS },
): PatternDanger | null {
  const places = new Map<Node, number>();
  const written = parsePattern(source, flags, places);
  const kept = withoutUnnamed(written);
  const tree: PatternTree = { ...kept, root: flattenLoops(kept.root) };
  const columnOf = (loop: Node): number => places.get(loopAsWritten(written.root, loop) ?? loop) ?? 0;
  const explosive = explosiveLoop(tree.root);
  if (explosive !== null)
    return { kind: 'explosive', column: columnOf(explosive), line: slowLine(tree, explosive, 'explosive', allowance) };
  for (const loop of neighbours(tree.root)) {
    const line = slowLine(tree, loop, 'slow', allowance);
    if (line !== null) return { kind: 'slow', column: columnOf(loop), line };
  }
  return null;
}

/** Loops without an upper limit that are followed at once by another one that takes the same characters: `.*.*`. */
function neighbours(node: Node): RepeatNode[] {
  const found: RepeatNode[] = [];
  const visit = (part: Node): void => {
    if (part.type === 'sequence') found.push(...inSequence(part.items));
    childrenOf(part).forEach(visit);
  };
  visit(node);
  return found.slice(0, MOST_LOOPS);
}

function inSequence(items: readonly Node[]): RepeatNode[] {
  const found: RepeatNode[] = [];
  let open: RepeatNode | null = null;
  for (const item of items) {
    const loop = openLoop(item);
    if (loop !== null) {
      if (open !== null && overlaps(allOf(open), allOf(loop))) found.push(open);
      open = loop;
    } else if (!isNullable(item)) open = null;
  }
  return found;
}

/** The loop over single characters that a part is, apart from groups around it. */
function openLoop(node: Node): RepeatNode | null {
  if (node.type === 'group') return openLoop(node.body);
  if (node.type !== 'repeat' || node.max !== Infinity || node.mode === 'possessive') return null;
  return node.body.type === 'set' || node.body.type === 'char' ? node : null;
}

/** The smallest loop of the pattern as it was read that holds all the characters of a loop of the rewritten one. */
function loopAsWritten(root: Node, loop: Node): Node | null {
  const wanted = leavesOf(loop);
  let best: { node: Node; size: number } | null = null;
  const visit = (node: Node): void => {
    if (node.type === 'repeat' && node.max === Infinity) {
      const leaves = leavesOf(node);
      const holds = wanted.size > 0 && [...wanted].every((leaf) => leaves.has(leaf));
      if (holds && (best === null || leaves.size < best.size)) best = { node, size: leaves.size };
    }
    childrenOf(node).forEach(visit);
  };
  visit(root);
  return (best as { node: Node } | null)?.node ?? null;
}

function leavesOf(node: Node): Set<Node> {
  const leaves = new Set<Node>();
  const visit = (part: Node): void => {
    const children = childrenOf(part);
    if (children.length === 0) leaves.add(part);
    children.forEach(visit);
  };
  visit(node);
  return leaves;
}
