/** Makes the compiled regexes of a filter from its options, or the Problems that its author has to know. */
import type { JailConfig } from '../../model/jail-config';
import type { Problem } from '../../model/problem';
import { compilePattern } from '../../regex/compile';
import type { Pattern } from '../../regex/pattern';
import { compileFailregex, FailregexError, hasId } from '../../regex/tags';
import type { FilterPatterns } from './match-line';

/** The options of a jail that say how its lines are matched. */
export type FilterConfig = Pick<JailConfig, 'name' | 'prefregex' | 'failregex' | 'ignoreregex' | 'maxlines' | 'usedns'>;

export type CompiledFilter =
  { readonly patterns: FilterPatterns; readonly problems: null } | { readonly patterns: null; readonly problems: readonly Problem[] };

function problemOf(error: unknown, regex: string, jail: string, option: string): Problem {
  if (!(error instanceof FailregexError)) throw error;
  const position = error.pattern?.position ?? null;
  const written = position !== null && error.pattern?.source.startsWith(regex.slice(0, position)) === true;
  return { severity: 'error', jail, option, message: error.message, ...(written ? { column: position + 1 } : {}) };
}

/**
 * Compiles prefregex, failregexes and ignoreregexes; every one that is wrong is a Problem with its option and column.
 * @param offsets whether matches are asked where their groups stand, which costs time
 */
export function compileFilter(config: FilterConfig, offsets = false): CompiledFilter {
  const problems: Problem[] = [];
  const compile = (option: string, regex: string, multiline: boolean, needId: boolean): Pattern | null => {
    try {
      const { expanded, pattern } = compileFailregex(regex, { usedns: config.usedns, multiline, needId });
      if (multiline) return compilePattern(expanded, { flags: { multiline }, offsets: true });
      return offsets ? compilePattern(expanded, { namedOnly: true, flags: { multiline }, offsets }) : pattern;
    } catch (error) {
      problems.push(problemOf(error, regex, config.name, option));
      return null;
    }
  };
  const prefregex = config.prefregex === '' ? null : compile('prefregex', config.prefregex, false, false);
  const named = prefregex !== null && hasId(prefregex);
  const multiline = config.maxlines > 1;
  const failregex = config.failregex.map((regex) => compile('failregex', regex, multiline, !named));
  const ignoreregex = config.ignoreregex.map((regex) => compile('ignoreregex', regex, false, false));
  if (problems.length > 0) return { patterns: null, problems };
  const good = (list: readonly (Pattern | null)[]): readonly Pattern[] => list.filter((pattern) => pattern !== null);
  const { maxlines, usedns } = config;
  return {
    patterns: { prefregex, failregex: good(failregex), ignoreregex: good(ignoreregex), maxlines: Math.max(1, maxlines), usedns },
    problems: null,
  };
}
