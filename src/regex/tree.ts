/** The tree of a pattern: what parse.ts makes from Python's syntax; emit.ts, matcher.ts and literals.ts read it. Flags are resolved in it. */
import type { CharSet } from './charset';

/** `\A`, `\Z`, `^`, `$` (with and without MULTILINE), `\b`, `\B`. */
export type Anchor = 'start' | 'end' | 'endOrNewline' | 'lineStart' | 'lineEnd' | 'word' | 'notWord';

export type RepeatMode = 'greedy' | 'lazy' | 'possessive';

export interface CharNode {
  readonly type: 'char';
  readonly code: number;
}
export interface SetNode {
  readonly type: 'set';
  readonly set: CharSet;
}
export interface SequenceNode {
  readonly type: 'sequence';
  readonly items: readonly Node[];
}
export interface AlternationNode {
  readonly type: 'alternation';
  readonly branches: readonly Node[];
}
export interface GroupNode {
  readonly type: 'group';
  readonly index: number;
  readonly body: Node;
}
export interface AtomicNode {
  readonly type: 'atomic';
  readonly body: Node;
}
export interface RepeatNode {
  readonly type: 'repeat';
  readonly min: number;
  /** Infinity when open. */
  readonly max: number;
  readonly mode: RepeatMode;
  readonly body: Node;
}
export interface LookNode {
  readonly type: 'look';
  readonly ahead: boolean;
  readonly negated: boolean;
  readonly body: Node;
  /** Code points that a look-behind goes back; 0 for a look-ahead. */
  readonly width: number;
}
export interface BackrefNode {
  readonly type: 'backref';
  readonly index: number;
  readonly ignoreCase: 'no' | 'ascii' | 'unicode';
}
export interface ConditionalNode {
  readonly type: 'conditional';
  readonly index: number;
  readonly yes: Node;
  readonly no: Node;
}
export interface AnchorNode {
  readonly type: 'anchor';
  readonly at: Anchor;
  /** Word boundaries by ASCII's idea of a word (flag `a`). */
  readonly ascii: boolean;
}

export type Node =
  | CharNode
  | SetNode
  | SequenceNode
  | AlternationNode
  | GroupNode
  | AtomicNode
  | RepeatNode
  | LookNode
  | BackrefNode
  | ConditionalNode
  | AnchorNode;

/** A pattern read: its tree and its groups. */
export interface PatternTree {
  readonly root: Node;
  /** Number of groups. */
  readonly groupCount: number;
  /** Names with the number of their group, in order of the number. */
  readonly names: ReadonlyMap<string, number>;
}

export const EMPTY: SequenceNode = { type: 'sequence', items: [] };
/** Matches nowhere. */
export const NEVER: AlternationNode = { type: 'alternation', branches: [] };

/** The parts a node is made of, in reading order. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.type) {
    case 'sequence':
      return node.items;
    case 'alternation':
      return node.branches;
    case 'group':
    case 'atomic':
    case 'repeat':
    case 'look':
      return [node.body];
    case 'conditional':
      return [node.yes, node.no];
    case 'char':
    case 'set':
    case 'backref':
    case 'anchor':
      return [];
  }
}

/** Whether `node` or a part of it satisfies `test`. */
export function contains(node: Node, test: (part: Node) => boolean): boolean {
  return test(node) || childrenOf(node).some((child) => contains(child, test));
}
