/** A Pattern that runs on our own matcher. */
import { MarksMatch } from './matched';
import { DEFAULT_BUDGET, Matcher } from './matcher';
import { requiredLiterals } from './literals';
import type { Pattern, PatternMatch } from './pattern';
import type { Program } from './program';
import { buildProgram } from './program';
import { possibleStarts } from './starts';
import type { PatternTree } from './tree';

export class OwnPattern implements Pattern {
  #required: readonly string[] | null | undefined;
  readonly way = 'own';
  readonly groupNames: readonly string[];
  readonly groupCount: number;
  readonly names: ReadonlyMap<string, number>;
  readonly starts: readonly string[] | null;
  readonly #program: Program;

  constructor(
    readonly source: string,
    private readonly tree: PatternTree,
    readonly budget: number = DEFAULT_BUDGET,
  ) {
    this.names = tree.names;
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
    const matcher = new Matcher(this.#program, text, Math.min(to, text.length), this.budget);
    return matcher.search(from) ? new MarksMatch(this, text, matcher.marks) : null;
  }

  test(text: string): boolean {
    return new Matcher(this.#program, text, text.length, this.budget).search(0);
  }
}
