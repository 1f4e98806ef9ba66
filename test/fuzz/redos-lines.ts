/** Makes lines that take a pattern long: from its own loops, and better ones by search, as our matcher counts their steps. */
import { AppError } from '../../src/base/errors';
import { exampleBefore, exampleOf } from '../../src/regex/example';
import { Matcher } from '../../src/regex/matcher';
import { buildProgram, type Program } from '../../src/regex/program';
import { childrenOf, type Node, type PatternTree, type RepeatNode } from '../../src/regex/tree';
import type { Random } from './random';

/** Characters of a line while it is searched for, and steps after which it is slow enough. */
const SHORT = 300;
const ENOUGH = 200_000;
const ROUNDS = 12;
/** What is mixed into the pieces: what separates parts of log lines. */
const SIGNS = [...' :;,="\'()[]<>/@.-_aA1\t'];

/** Loops without an upper limit. */
export function openLoops(root: Node): readonly RepeatNode[] {
  const own = root.type === 'repeat' && root.max === Infinity ? [root] : [];
  return [...own, ...childrenOf(root).flatMap(openLoops)];
}

/** Lines of so many characters that lead to a loop of a pattern, go round it very often, and end as it cannot. */
export function pumped(root: Node, length: number): readonly string[] {
  return openLoops(root).flatMap((loop) => {
    const before = exampleBefore(root, loop) ?? '';
    const once = exampleOf(loop.body);
    const pieces = new Set([once, ...['a', ' ', ': a', 'a=1 '].filter((piece) => once.length === 1 && piece !== once)]);
    return [...pieces].filter((piece) => piece !== '').map((piece) => lineOf({ before, piece, end: '\u0001' }, length));
  });
}

interface Recipe {
  readonly before: string;
  readonly piece: string;
  readonly end: string;
}

const lineOf = ({ before, piece, end }: Recipe, length: number): string => before + piece.repeat(Math.ceil(length / piece.length)) + end;

function stepsOn(program: Program, line: string): number {
  const matcher = new Matcher(program, line, line.length, ENOUGH);
  try {
    matcher.search(0);
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'REGEX_BUDGET')) throw error;
  }
  return ENOUGH - Math.max(0, matcher.left);
}

/** One sign or piece more, less or other; or another end. */
function changed(random: Random, recipe: Recipe, others: readonly string[]): Recipe {
  const { piece, end } = recipe;
  const at = random.below(piece.length + 1);
  switch (random.below(5)) {
    case 0:
      return { ...recipe, piece: `${piece.slice(0, at)}${random.pick(SIGNS)}${piece.slice(at)}` };
    case 1:
      return piece.length > 1 ? { ...recipe, piece: piece.slice(0, at) + piece.slice(at + 1) || piece } : recipe;
    case 2:
      return { ...recipe, piece: (piece + random.pick(others)).slice(0, 40) };
    case 3:
      return { ...recipe, before: recipe.before + random.pick(others) };
    default:
      return { ...recipe, end: random.chance(0.5) ? random.pick(SIGNS) : random.pick(SIGNS) + end.slice(0, 20) };
  }
}

/** The line of so many characters that took most steps of those that were tried; null for a pattern without loops. */
export function searchedLine(random: Random, tree: PatternTree, length: number): string | null {
  const loops = openLoops(tree.root);
  if (loops.length === 0) return null;
  const program = buildProgram(tree);
  const others = [...new Set(loops.map((loop) => exampleOf(loop.body)))].filter((piece) => piece !== '');
  if (others.length === 0) return null;
  const loop = random.pick(loops);
  const piece = exampleOf(loop.body);
  let best: Recipe = { before: exampleBefore(tree.root, loop) ?? '', piece: piece === '' ? 'a' : piece, end: '\u0001' };
  let steps = stepsOn(program, lineOf(best, SHORT));
  for (let round = 0; round < ROUNDS && steps < ENOUGH; round++) {
    const next = changed(random, best, others);
    const taken = stepsOn(program, lineOf(next, SHORT));
    if (taken >= steps) [best, steps] = [next, taken];
  }
  return lineOf(best, length);
}
