/** Looks for the shortest line that makes a loop of a pattern take long: a beginning, a piece again and again, and an end that does not fit. */
import { AppError } from '../base/errors';
import { allOf } from './characters';
import { exampleBefore, exampleOf } from './example';
import { Matcher } from './matcher';
import type { Program } from './program';
import { buildProgram } from './program';
import type { Node, PatternTree, RepeatNode } from './tree';
import { childrenOf } from './tree';

export interface SlowLine {
  /** The line; cut where it is long. */
  readonly text: string;
  /** Characters of the whole line. */
  readonly length: number;
  /** More steps than this are taken on it. */
  readonly steps: number;
}

/** Steps that may still be taken. */
export interface StepAllowance {
  steps: number;
}

/** How far a search for a line goes. */
interface Measure {
  /** Characters that the piece is repeated to at most. */
  readonly longest: number;
  /** A line that takes more steps than this shows it. */
  readonly steps: number;
}

const MEASURES: Readonly<Record<'explosive' | 'slow', Measure>> = {
  explosive: { longest: 60, steps: 50_000 },
  slow: { longest: 1000, steps: 200_000 },
};
/** Steps of all tries together, when nothing else is said. */
export const ALL_STEPS = 1_500_000;
const MOST_PIECES = 12;
const SHOWN = 200;
const ENDS = ['\u0001', '\n', ' ', '!'];
/** Single characters that are tried as the piece, as far as the loop takes them. */
const SINGLE = [...'a0 -.:/_A'];

/** The shortest line found; null when no line was. */
export function slowLine(
  tree: PatternTree,
  loop: RepeatNode,
  kind: 'explosive' | 'slow',
  allowance: StepAllowance = { steps: ALL_STEPS },
): SlowLine | null {
  const tries = new Tries(buildProgram(tree), MEASURES[kind], allowance);
  const before = exampleBefore(tree.root, loop) ?? '';
  let best: string | null = null;
  for (const piece of piecesOf(loop)) {
    for (const end of ENDS) {
      const line = tries.shortest(before, piece, end);
      if (line === null) continue;
      if (best === null || line.length < best.length) best = line;
      break;
    }
  }
  return best === null ? null : { text: best.slice(0, SHOWN), length: best.length, steps: MEASURES[kind].steps };
}

/** Pieces that one or more rounds of a loop could take. */
function piecesOf(loop: RepeatNode): readonly string[] {
  const taken = allOf(loop.body);
  const single = SINGLE.filter((char) => taken[char.charCodeAt(0)] === 1);
  const parts: string[] = [exampleOf(loop.body)];
  const visit = (node: Node): void => {
    if (node.type === 'alternation') parts.push(...node.branches.map(exampleOf));
    if (node.type === 'repeat') parts.push(exampleOf(node.body));
    childrenOf(node).forEach(visit);
  };
  visit(loop.body);
  return [...new Set([...parts, ...single])].filter((piece) => piece !== '' && piece.length <= 20).slice(0, MOST_PIECES);
}

/** Tries lines on the program until all steps are spent. */
class Tries {
  constructor(
    private readonly program: Program,
    private readonly measure: Measure,
    private readonly allowance: StepAllowance,
  ) {}

  /** The line with the fewest pieces that is slow, by halving; null when the longest is not. */
  shortest(before: string, piece: string, end: string): string | null {
    const line = (count: number): string => before + piece.repeat(count) + end;
    let slow = Math.ceil(this.measure.longest / piece.length);
    if (!this.#isSlow(line(slow))) return null;
    let quick = 0;
    while (slow - quick > 1) {
      const middle = (slow + quick) >> 1;
      if (this.#isSlow(line(middle))) slow = middle;
      else quick = middle;
    }
    return line(slow);
  }

  #isSlow(line: string): boolean {
    const { steps } = this.measure;
    if (this.allowance.steps < steps) return false;
    let taken = 0;
    const watch = (): void => void (taken += 1);
    try {
      new Matcher(this.program, line, line.length, steps, watch).search(0);
      this.allowance.steps -= taken;
      return false;
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'REGEX_BUDGET')) throw error;
      this.allowance.steps -= steps;
      return true;
    }
  }
}
