/** Least and greatest number of characters that a part of a pattern takes, as Python computes them for look-behind. */
import type { Node } from './tree';

export type Width = readonly [least: number, greatest: number];

/** Python's MAXREPEAT: its «no limit». */
export const MAX_REPEAT = 4294967295;

/** @param groups widths of the groups closed so far, by number */
export function widthOf(node: Node, groups: readonly (Width | undefined)[]): Width {
  switch (node.type) {
    case 'char':
    case 'set':
      return [1, 1];
    case 'anchor':
    case 'look':
      return [0, 0];
    case 'sequence': {
      let least = 0;
      let greatest = 0;
      for (const item of node.items) {
        const [low, high] = widthOf(item, groups);
        least += low;
        greatest += high;
      }
      return bounded(least, greatest);
    }
    case 'alternation': {
      const widths = node.branches.map((branch) => widthOf(branch, groups));
      return [Math.min(...widths.map(([low]) => low)), Math.max(...widths.map(([, high]) => high))];
    }
    case 'conditional': {
      const [low, high] = widthOf(node.yes, groups);
      const [otherLow, otherHigh] = widthOf(node.no, groups);
      return [Math.min(low, otherLow), Math.max(high, otherHigh)];
    }
    case 'repeat': {
      const [low, high] = widthOf(node.body, groups);
      return bounded(low * node.min, high * Math.min(node.max, MAX_REPEAT));
    }
    case 'group':
    case 'atomic':
      return widthOf(node.body, groups);
    case 'backref':
      return groups[node.index] ?? [0, 0];
  }
}

function bounded(least: number, greatest: number): Width {
  return [Math.min(least, MAX_REPEAT - 1), Math.min(greatest, MAX_REPEAT)];
}
