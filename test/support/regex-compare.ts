/** Runs patterns our ways and tells where they differ from Python's answers. */
import { AppError } from '../../src/base/errors';
import { NotExpressible } from '../../src/regex/expand';
import { compilePattern } from '../../src/regex/compile';
import type { Pattern } from '../../src/regex/pattern';
import { PatternError } from '../../src/regex/pattern';
import type { ReAnswer, ReJob } from './python-re';

export interface Comparison {
  /** Pairs of pattern and text that were compared on V8 and on our matcher. */
  v8: number;
  own: number;
  /** Of those, how many match. */
  matched: number;
  /** Patterns that neither side compiles. */
  refused: number;
  /** Searches that took more than the budget, or that Python gave up. */
  skipped: number;
  readonly differences: string[];
}

/** What a pattern finds, in Python's form: spans of all groups in code points. */
function spansOf(pattern: Pattern, text: string, namedOnly: boolean): string {
  const match = pattern.search(text);
  if (match === null) return 'null';
  const toCodePoints = (offset: number) => [...text.slice(0, offset)].length;
  const isAstral = /[\ud800-\udfff]/.test(text);
  const spans: (readonly [number, number])[] = [];
  const all = Array.from({ length: pattern.groupCount + 1 }, (_, i) => i);
  for (const key of namedOnly ? [0, ...pattern.groupNames] : all) {
    const [start, end] = match.span(key) ?? [-1, -1];
    spans.push(start < 0 || !isAstral ? [start, end] : [toCodePoints(start), toCodePoints(end)]);
  }
  return JSON.stringify(spans);
}

function compile(job: ReJob, way: 'v8' | 'own'): Pattern | { readonly error: string; readonly position: number | null } | null {
  try {
    return compilePattern(job.pattern, {
      way,
      offsets: true,
      namedOnly: job.namedOnly ?? false,
      flags: { multiline: job.multiline ?? false },
    });
  } catch (error) {
    if (error instanceof PatternError) return { error: error.reason, position: error.position };
    if (error instanceof NotExpressible) return null;
    throw error;
  }
}

/** Compares both our ways with Python on every job. */
export function compareWithPython(jobs: readonly ReJob[], answers: readonly ReAnswer[]): Comparison {
  const result: Comparison = { v8: 0, own: 0, matched: 0, refused: 0, skipped: 0, differences: [] };
  jobs.forEach((job, i) => {
    for (const way of ['v8', 'own'] as const) compareJob(job, answers[i]!, way, result);
  });
  return result;
}

function compareJob(job: ReJob, answer: ReAnswer, way: 'v8' | 'own', result: Comparison): void {
  const pattern = compile(job, way);
  if (pattern === null) return;
  if ('error' in answer || 'error' in pattern) {
    const ours = 'error' in pattern ? `${pattern.error} @${pattern.position}` : 'compiles';
    const theirs = 'error' in answer ? `${answer.error} @${answer.position}` : 'compiles';
    if (ours !== theirs) result.differences.push(`${JSON.stringify(job.pattern)}: Python: ${theirs}; ours: ${ours}`);
    else result.refused++;
    return;
  }
  job.texts.forEach((text, i) => {
    const theirs = answer.matches[i]!;
    if (theirs === 'timeout') {
      result.skipped++;
      return;
    }
    try {
      const ours = spansOf(pattern, text, job.namedOnly ?? false);
      result[way]++;
      if (theirs !== null) result.matched++;
      if (ours === JSON.stringify(theirs)) return;
      const where = `${way} ${JSON.stringify(job.pattern)} on ${JSON.stringify(text)}`;
      result.differences.push(`${where}: Python: ${JSON.stringify(theirs)}; ours: ${ours}`);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      result.skipped++;
    }
  });
}
