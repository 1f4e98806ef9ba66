/** Tells from the literals in a line that all it could be is no failure and leaves no trace (a log-in, an orderly end), so that no regex need run. */
import { surelyOf, type Surely } from '../../regex/surely';
import { planGroups } from './captured';
import type { WantedLines } from './looked-for';
import type { FilterPatterns } from './match-line';
import { planPassing } from './passing';

/** Of a literal: nothing is sure; each regex that needs it is quiet; so they are unless a line holds more. */
type Quiet = 'no' | 'yes' | readonly (readonly (readonly string[])[])[];

export class QuietLines {
  /** The lines' sessions are told by what they begin with; false when they have none. */
  readonly inSessions: boolean;
  readonly #byLiteral: readonly Quiet[];

  private constructor(byLiteral: readonly Quiet[], inSessions: boolean) {
    this.#byLiteral = byLiteral;
    this.inSessions = inSessions;
  }

  /**
   * Null for filters that have no quiet lines, or whose regexes may give up on a line, which is told.
   * @param literals of which one stands in every line that matches
   */
  static of(patterns: FilterPatterns, literals: readonly string[] | null): QuietLines | null {
    const { prefregex, failregex, ignoreregex, maxlines } = patterns;
    const all = [...(prefregex === null ? [] : [prefregex]), ...failregex, ...ignoreregex];
    if (literals === null || maxlines !== 1 || all.some(({ way }) => way !== 'v8')) return null;
    const needsOne = (required: readonly string[]): boolean => required.every((text) => literals.some((literal) => text.includes(literal)));
    if (!failregex.every(({ required }) => required !== null && needsOne(required))) return null;
    const prefix = prefregex === null ? null : surelyOf(prefregex.source);
    const prefixNames = prefregex?.groupNames ?? [];
    const sure = failregex.map(({ source }) => surelyOf(source));
    const isQuiet = failregex.map(({ groupNames }, index) => isSurelyQuiet(prefixNames, groupNames, sure[index] as Surely));
    const inSessions = prefixNames.includes('mlfid');
    if (inSessions && prefix?.first !== 'mlfid') return null;
    const byLiteral = literals.map((literal): Quiet => {
      const others: (readonly (readonly string[])[])[] = [];
      for (const [index, { required }] of failregex.entries()) {
        if (isQuiet[index] === true || required === null || !required.some((text) => text.includes(literal))) continue;
        const more = (sure[index] as Surely).literals.filter((set) => !set.some((text) => text.includes(literal)));
        if (more.length === 0) return 'no';
        others.push(more);
      }
      return others.length === 0 ? 'yes' : others;
    });
    return byLiteral.every((quiet) => quiet === 'no') ? null : new QuietLines(byLiteral, inSessions);
  }

  /**
   * Whether all that a line could match is quiet.
   * @param at the line's place among those wanted
   * @param present has the line, which mostly need not be cut out
   */
  isQuiet({ first, literals }: WantedLines, at: number, present: { readonly line: string }): boolean {
    const from = first[at] as number;
    const to = first[at + 1] ?? literals.length;
    for (let index = from; index < to; index++) {
      const quiet = this.#byLiteral[literals[index] as number] as Quiet;
      if (quiet === 'no') return false;
      if (quiet !== 'yes' && holdsMore(quiet, present.line)) return false;
    }
    return to > from;
  }
}

/** Whether a line holds one text of each set of a list. */
function holdsMore(lists: readonly (readonly (readonly string[])[])[], line: string): boolean {
  for (const sets of lists) if (holdsAll(sets, line)) return true;
  return false;
}

function holdsAll(sets: readonly (readonly string[])[], line: string): boolean {
  for (const set of sets) if (!holdsOne(set, line)) return false;
  return true;
}

function holdsOne(set: readonly string[], line: string): boolean {
  for (const text of set) if (line.includes(text)) return true;
  return false;
}

/** Whether every match of a failregex passes without a trace, in a session of which nothing is kept (see `passes`). */
function isSurelyQuiet(prefixNames: readonly string[], names: readonly string[], { groups }: Surely): boolean {
  const plan = planPassing(planGroups(prefixNames, false), planGroups(names, false));
  if (plan === null || names.includes('mlfid')) return false;
  const passing = (plan.nofail === 'found' && groups.has('nofail')) || (plan.gained === 'found' && groups.has('mlfgained'));
  return passing && (plan.session === 'nowhere' || (plan.forget === 'found' && groups.has('mlfforget')));
}
