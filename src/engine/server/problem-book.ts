/** The problems of the present configuration: kept for who asks, and each told in the log once. */
import type { Logger } from '../../base/logger';
import { formatProblem, type Problem } from '../../model/problem';

export class ProblemBook {
  #problems: readonly Problem[] = [];

  constructor(
    readonly logger: Logger,
    readonly name: string,
  ) {}

  all(): readonly Problem[] {
    return this.#problems;
  }

  /** Those of one jail are replaced (null: all are); what was not known before goes into the log. */
  replace(jail: string | null, problems: readonly Problem[]): void {
    const kept = jail === null ? [] : this.#problems.filter((problem) => problem.jail !== jail);
    this.#tell(problems);
    this.#problems = [...kept, ...problems];
  }

  add(problem: Problem): void {
    this.#tell([problem]);
    this.#problems = [...this.#problems, problem];
  }

  #tell(problems: readonly Problem[]): void {
    const known = new Set(this.#problems.map(formatProblem));
    for (const problem of problems) {
      const text = formatProblem(problem);
      if (!known.has(text)) this.logger.log(problem.severity === 'error' ? 'ERROR' : 'WARNING', this.name, text);
    }
  }
}
