/** Tells of a pattern and a text where matching stops: how far into the text it came, and at which part of the pattern. */
import { AppError } from '../base/errors';
import { hasCode } from './charset';
import { Matcher } from './matcher';
import { parsePattern } from './parse';
import type { PatternFlags } from './pattern';
import { buildProgram, Op, type Program } from './program';
import type { Node, RepeatNode } from './tree';

export interface PatternExplanation {
  readonly matched: boolean;
  /** Where the match, or the try that came furthest, begins: an offset in UTF-16 units. */
  readonly start: number;
  /** Where the match ends; of a pattern that does not match, the place in the text that its furthest part could not take. */
  readonly furthest: number;
  /** The part of the pattern that was tried there, counted from 0 in characters of the source; its length when it matched. */
  readonly patternColumn: number;
  /** False when the budget of steps was spent before everything was tried: the rest is what was seen until then. */
  readonly complete: boolean;
}

/** Steps that may be taken; enough for any pattern that is not explosive. */
const BUDGET = 300_000;

/** Numbers that an instruction which takes text, or asks about a place, has in the program. */
const SIZES: Readonly<Record<number, number>> = { [Op.Char]: 2, [Op.Set]: 2, [Op.Run]: 5, [Op.Backref]: 3, [Op.Anchor]: 3 };

/** How far a try came. */
interface Reached {
  rank: number;
  start: number;
  position: number;
  node: Node | null;
}

/** A part of the pattern, and how far back it stands. */
interface Part {
  readonly node: Node;
  readonly rank: number;
}

/** Explains one pattern on many texts. */
export class PatternExplainer {
  /** Characters of the source. */
  readonly #length: number;
  readonly #program: Program;
  /** By the instruction that begins them. */
  readonly #parts: (Part | undefined)[] = [];
  /** Where they stand in the source. */
  readonly #places = new Map<Node, number>();

  /** @throws PatternError in the words of Python's re.error */
  constructor(source: string, flags?: PatternFlags) {
    const tree = parsePattern(source, flags, this.#places);
    const ranks = new Map<Node, number>();
    rankParts(tree.root, 0, ranks);
    this.#length = [...source].length;
    this.#program = buildProgram(tree, (node, pc) => {
      const rank = ranks.get(node);
      if (rank !== undefined && isTried(node)) this.#parts[pc] ??= { node, rank };
    });
  }

  /**
   * Searches with our own matcher and watches it. «Furthest» goes by the pattern first: a part that stands further back in it counts more than
   * a character more of the text, so that a greedy `.*` that ran to the end of the line does not hide where the words behind it failed.
   */
  explain(text: string, budget = BUDGET): PatternExplanation {
    const program = this.#program;
    const reached: Reached = { rank: -1, start: 0, position: 0, node: null };
    const tried = { pc: -1, position: 0, start: 0 };
    const stopped = (): void => {
      const part = this.#parts[tried.pc];
      if (part === undefined || part.rank < reached.rank) return;
      if (part.rank === reached.rank && tried.position - tried.start <= reached.position - reached.start) return;
      Object.assign(reached, { rank: part.rank, start: tried.start, position: tried.position, node: part.node });
    };
    const matcher = new Matcher(program, text, text.length, budget, (pc, position, start) => {
      // What took its piece of the text goes on right behind itself; nothing that failed resumes there.
      if (pc !== tried.pc + (SIZES[program.code[tried.pc] ?? -1] ?? 0)) stopped();
      Object.assign(tried, { pc, position, start });
    });
    let complete = true;
    try {
      if (matcher.search(0)) {
        return { matched: true, start: matcher.marks[0]!, furthest: matcher.marks[1]!, patternColumn: this.#length, complete };
      }
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'REGEX_BUDGET')) throw error;
      complete = false;
    }
    stopped();
    const { start, position, node } = reached;
    const furthest = node?.type === 'repeat' ? endOfRun(node, text, position) : position;
    return { matched: false, start, furthest, patternColumn: node === null ? 0 : (this.#places.get(node) ?? 0), complete };
  }
}

/** Parts at which a try can stop; of those that contain others, only a choice is worth pointing at. */
function isTried(node: Node): boolean {
  if (node.type === 'repeat') return isSingle(node.body);
  return !['sequence', 'group', 'atomic', 'conditional'].includes(node.type);
}

const isSingle = (node: Node): boolean => node.type === 'char' || node.type === 'set';

/** Numbers the parts by how far back they stand; branches of a choice begin with the same number. Returns the next one. */
function rankParts(node: Node, rank: number, ranks: Map<Node, number>): number {
  ranks.set(node, rank);
  const furthest = (parts: readonly Node[]): number => Math.max(rank, ...parts.map((part) => rankParts(part, rank, ranks)));
  switch (node.type) {
    case 'sequence':
      return node.items.reduce((next, item) => rankParts(item, next, ranks), rank);
    case 'alternation':
      return furthest(node.branches);
    case 'conditional':
      return furthest([node.yes, node.no]);
    case 'group':
    case 'atomic':
      return rankParts(node.body, rank, ranks);
    case 'repeat':
      return isSingle(node.body) ? rank + 1 : rankParts(node.body, rank, ranks);
    case 'look':
    case 'char':
    case 'set':
    case 'backref':
    case 'anchor':
      return rank + 1;
  }
}

/** Where a loop over single characters that found too few of them stopped. */
function endOfRun({ body, max }: RepeatNode, text: string, from: number): number {
  let position = from;
  for (let count = 0; count < max && position < text.length; count++) {
    const code = text.codePointAt(position) ?? 0;
    const taken = body.type === 'char' ? body.code === code : body.type === 'set' && hasCode(body.set, code);
    if (!taken) break;
    position += code > 0xffff ? 2 : 1;
  }
  return position;
}
