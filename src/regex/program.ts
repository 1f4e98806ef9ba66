/** Makes of a tree the list of instructions that our own matcher runs. */
import { isAnchored } from './starts';
import type { CharSet } from './charset';
import { hasCode } from './charset';
import type { AnchorNode, LookNode, Node, PatternTree, RepeatNode } from './tree';

/** Instructions; behind each opcode its operands. */
export const Op = {
  /** code */
  Char: 0,
  /** index of a set */
  Set: 1,
  /** first, second: goes to the first, the second if that fails */
  Split: 2,
  /** target */
  Jump: 3,
  /** index into the marks */
  Mark: 4,
  /** register: begins a loop */
  LoopStart: 5,
  /** register, min, max, lazy, body; the tail follows: end of a round */
  LoopEnd: 6,
  /** set, min, max, lazy; the tail follows: a loop over single characters */
  Run: 7,
  /** register, target behind, kind (Look), width; the body follows */
  LookStart: 8,
  /** register, kind (Look) */
  LookEnd: 9,
  /** group, ignoring case (0 no, 1 ASCII, 2 Unicode) */
  Backref: 10,
  /** group, target when it is not set */
  Condition: 11,
  /** index into ANCHORS, ASCII only */
  Anchor: 12,
  Match: 13,
} as const;

export const Look = { Positive: 0, Negative: 1, Atomic: 2 } as const;

export const ANCHORS: readonly AnchorNode['at'][] = ['start', 'end', 'endOrNewline', 'lineStart', 'lineEnd', 'word', 'notWord'];

/** No limit of a loop. */
export const OPEN = 0x7fffffff;

/** A set with its ASCII part looked up by index. */
export interface FastSet {
  readonly ascii: Uint8Array;
  readonly set: CharSet;
}

export interface Program {
  readonly code: Int32Array;
  readonly sets: readonly FastSet[];
  readonly registers: number;
  readonly groupCount: number;
  /** Whether a match can only begin where the text begins. */
  readonly anchored: boolean;
}

/** @param onNode is told at which instruction each node begins */
export function buildProgram(tree: PatternTree, onNode: ((node: Node, pc: number) => void) | null = null): Program {
  const builder = new Builder(onNode);
  builder.add(tree.root);
  builder.code.push(Op.Match);
  return {
    code: Int32Array.from(builder.code),
    sets: builder.sets,
    registers: builder.registers,
    groupCount: tree.groupCount,
    anchored: isAnchored(tree.root),
  };
}

class Builder {
  readonly code: number[] = [];
  readonly sets: FastSet[] = [];
  registers = 0;

  constructor(readonly onNode: ((node: Node, pc: number) => void) | null) {}

  add(node: Node): void {
    this.onNode?.(node, this.code.length);
    switch (node.type) {
      case 'char':
        this.code.push(Op.Char, node.code);
        break;
      case 'set':
        this.code.push(Op.Set, this.#set(node.set));
        break;
      case 'sequence':
        for (const item of node.items) this.add(item);
        break;
      case 'alternation':
        this.#alternation(node.branches);
        break;
      case 'group':
        this.code.push(Op.Mark, 2 * node.index);
        this.add(node.body);
        this.code.push(Op.Mark, 2 * node.index + 1);
        break;
      case 'atomic':
        this.#look(Look.Atomic, 0, node.body);
        break;
      case 'look':
        this.#look(node.negated ? Look.Negative : Look.Positive, backOf(node), node.body);
        break;
      case 'repeat':
        this.#repeat(node);
        break;
      case 'backref':
        this.code.push(Op.Backref, node.index, node.ignoreCase === 'no' ? 0 : node.ignoreCase === 'ascii' ? 1 : 2);
        break;
      case 'conditional':
        this.#conditional(node.index, node.yes, node.no);
        break;
      case 'anchor':
        this.code.push(Op.Anchor, ANCHORS.indexOf(node.at), node.ascii ? 1 : 0);
        break;
    }
  }

  #set(set: CharSet): number {
    const ascii = new Uint8Array(128);
    for (let code = 0; code < 128; code++) if (hasCode(set, code)) ascii[code] = 1;
    return this.sets.push({ ascii, set }) - 1;
  }

  #alternation(branches: readonly Node[]): void {
    if (branches.length === 0) {
      this.code.push(Op.Set, this.#set({ negated: false, ranges: [], classes: [] }));
      return;
    }
    const ends: number[] = [];
    branches.forEach((branch, i) => {
      if (i === branches.length - 1) {
        this.add(branch);
        return;
      }
      const split = this.code.push(Op.Split, 0, 0) - 3;
      this.code[split + 1] = this.code.length;
      this.add(branch);
      ends.push(this.code.push(Op.Jump, 0) - 1);
      this.code[split + 2] = this.code.length;
    });
    for (const end of ends) this.code[end] = this.code.length;
  }

  #look(kind: number, back: number, body: Node): void {
    const register = this.registers++;
    const start = this.code.push(Op.LookStart, register, 0, kind, back) - 5;
    this.add(body);
    this.code.push(Op.LookEnd, register, kind);
    this.code[start + 2] = this.code.length;
  }

  #repeat(node: RepeatNode): void {
    const { body } = node;
    const single = body.type === 'char' || body.type === 'set';
    if (node.mode === 'possessive') {
      // Python matches each round of a possessive loop for good.
      const round: Node = single ? body : { type: 'atomic', body };
      this.#look(Look.Atomic, 0, { ...node, mode: 'greedy', body: round });
      return;
    }
    const max = Math.min(node.max, OPEN);
    const lazy = node.mode === 'lazy' ? 1 : 0;
    if (single) {
      const set = body.type === 'set' ? body.set : { negated: false, ranges: [body.code, body.code], classes: [] };
      this.code.push(Op.Run, this.#set(set), Math.min(node.min, OPEN), max, lazy);
      return;
    }
    const register = this.registers;
    this.registers += 2;
    this.code.push(Op.LoopStart, register);
    const jump = this.code.push(Op.Jump, 0) - 1;
    const start = this.code.length;
    this.add(body);
    this.code[jump] = this.code.length;
    this.code.push(Op.LoopEnd, register, Math.min(node.min, OPEN), max, lazy, start);
  }

  #conditional(index: number, yes: Node, no: Node): void {
    const condition = this.code.push(Op.Condition, index, 0) - 3;
    this.add(yes);
    const jump = this.code.push(Op.Jump, 0) - 1;
    this.code[condition + 2] = this.code.length;
    this.add(no);
    this.code[jump] = this.code.length;
  }
}

function backOf(node: LookNode): number {
  return node.ahead ? 0 : node.width;
}
