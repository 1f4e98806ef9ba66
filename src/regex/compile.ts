/** Makes a Pattern from Python's syntax: on V8 where that is exact, on our own matcher otherwise. */
import { NotExpressible } from './expand';
import { flattenLoops } from './loops';
import { isExplosive } from './explosive';
import type { Pattern, PatternFlags } from './pattern';
import { parsePattern } from './parse';
import { withoutUnnamed } from './unnamed';
import { OwnPattern } from './run-own';
import { RegExpPattern } from './run-v8';

export interface CompileOptions {
  readonly flags?: PatternFlags;
  /** Steps that our own matcher may take for one search; AppError REGEX_BUDGET beyond. */
  readonly budget?: number;
  /** Steps for each sign of a text that our own matcher may take in any case, however many the searches before it took. */
  readonly leastPerSign?: number;
  /** Whether matches know the offsets of their groups (`span`). */
  readonly offsets?: boolean;
  /** Only named groups are asked for: the others, where nothing refers to them, read null. Faster, and more patterns suit V8. */
  readonly namedOnly?: boolean;
  /** Forces a way; `v8` where it cannot be exact is an error. Chosen when not given. */
  readonly way?: 'v8' | 'own';
}

/** Patterns know nothing of their searches, so one serves all who want it: a check, the jail, the next reload. */
const compiled = new Map<string, Pattern>();
const KEPT = 1000;

/**
 * The pattern of a text in the syntax of Python 3.11's `re` (str patterns).
 * @throws PatternError in the words of Python's re.error
 */
export function compilePattern(source: string, options: CompileOptions = {}): Pattern {
  const key = `${JSON.stringify(options)} ${source}`;
  let pattern = compiled.get(key);
  if (pattern === undefined) {
    pattern = compile(source, options);
    if (compiled.size >= KEPT) compiled.delete(compiled.keys().next().value ?? '');
    compiled.set(key, pattern);
  }
  return pattern;
}

function compile(source: string, options: CompileOptions): Pattern {
  const parsed = parsePattern(source, options.flags);
  const kept = options.namedOnly === true ? withoutUnnamed(parsed) : parsed;
  const tree = { ...kept, root: flattenLoops(kept.root) };
  if (options.way === 'v8' || (options.way === undefined && !isExplosive(tree.root))) {
    try {
      return new RegExpPattern(source, tree, options.offsets ?? false, options.leastPerSign);
    } catch (error) {
      if (!(error instanceof NotExpressible) || options.way === 'v8') throw error;
    }
  }
  return new OwnPattern(source, tree, options.budget, options.leastPerSign);
}
