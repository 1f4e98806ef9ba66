/** A Pattern that runs on our own matcher. */
import { MarksMatch } from './matched';
import { DEFAULT_BUDGET, Matcher } from './matcher';
import { requiredLiterals } from './literals';
import type { Pattern, PatternMatch } from './pattern';
import type { Program } from './program';
import { buildProgram } from './program';
import { possibleStarts } from './starts';
import type { PatternTree } from './tree';

/** Steps that a search may take in any case: many times what an ordinary line takes; and at most, where it is told how many for each sign. */
const LEAST_BUDGET = 20_000;
const MOST_OF_LEAST = 60_000;
/** Steps by which the budget of the next search grows again after one that took many. */
const REGAINED = 2_000;

export class OwnPattern implements Pattern {
  #required: readonly string[] | null | undefined;
  readonly way = 'own';
  readonly groupNames: readonly string[];
  readonly groupCount: number;
  readonly names: ReadonlyMap<string, number>;
  readonly named: readonly number[];
  readonly starts: readonly string[] | null;
  readonly #program: Program;
  /** What the next search may take, where nobody says how much: many hostile lines one after the other get less and less. */
  #left = DEFAULT_BUDGET;
  #taken = 0;

  constructor(
    readonly source: string,
    private readonly tree: PatternTree,
    readonly budget?: number,
    private readonly leastPerSign = 0,
  ) {
    this.names = tree.names;
    this.named = [...tree.names.values()];
    this.groupNames = [...tree.names.keys()];
    this.groupCount = tree.groupCount;
    this.starts = possibleStarts(tree.root);
    this.#program = buildProgram(tree);
  }

  /** Looked for when it is first asked for: nobody asks it of dates. */
  get required(): readonly string[] | null {
    if (this.#required === undefined) this.#required = requiredLiterals(this.tree.root);
    return this.#required;
  }

  search(text: string, from = 0, to = text.length): PatternMatch | null {
    const matcher = this.#matcher(text, Math.min(to, text.length));
    return this.#run(matcher, from) ? new MarksMatch(this, text, matcher.marks) : null;
  }

  /**
   * A search of its own: what other searches take or took has nothing to do with it.
   * @throws AppError REGEX_BUDGET when it needs more steps
   */
  searchWithin(text: string, steps: number): PatternMatch | null {
    const matcher = new Matcher(this.#program, text, text.length, steps);
    return matcher.search(0) ? new MarksMatch(this, text, matcher.marks) : null;
  }

  test(text: string): boolean {
    return this.#run(this.#matcher(text, text.length), 0);
  }

  /** Steps taken since this was last asked. */
  takeSteps(): number {
    const taken = this.#taken;
    this.#taken = 0;
    return taken;
  }

  #matcher(text: string, end: number): Matcher {
    const least = Math.min(MOST_OF_LEAST, Math.max(LEAST_BUDGET, this.leastPerSign * end));
    return new Matcher(this.#program, text, end, this.budget ?? Math.max(this.#left, least));
  }

  #run(matcher: Matcher, from: number): boolean {
    try {
      return matcher.search(from);
    } finally {
      const spent = matcher.budget - Math.max(0, matcher.left);
      this.#taken += spent;
      this.#left = Math.min(DEFAULT_BUDGET, Math.max(0, this.#left - spent) + REGAINED);
    }
  }
}
