/** What the prefregex of a filter leaves of a line (`<F-CONTENT>`), and what else it captures. */
import type { Pattern, PatternMatch } from '../../regex/pattern';
import { surelyOf } from '../../regex/surely';
import { addNew, Captured, capturedOf, type GroupPlan, planGroups, textOf } from './captured';

const NEWLINE = 10;

export class Prefix {
  readonly plan: GroupPlan;
  /** Where the content is among the groups; −1 when it is not. */
  readonly #contentPlace: number;
  /** Whether the content goes on to the end of a text. */
  readonly #contentIsLast: boolean;
  /** No group adds to another. */
  readonly #isPlain: boolean;

  constructor(pattern: Pattern | null, keepUnset: boolean) {
    this.plan = planGroups(pattern?.groupNames ?? [], keepUnset);
    this.#contentPlace = this.plan.names.indexOf('content');
    this.#contentIsLast = pattern !== null && surelyOf(pattern.source).last === 'content';
    this.#isPlain = this.plan.additions.length === 0;
  }

  /** What it captured. */
  dataOf(match: PatternMatch): Captured {
    return capturedOf(match, this.plan);
  }

  /** The same without the content. */
  dataBesideContent(match: PatternMatch): Captured {
    const data = this.#isPlain ? new Captured() : this.dataOf(match);
    if (this.#isPlain) addNew(data, match, this.plan, this.#contentPlace);
    else data.delete('content');
    return data;
  }

  /** The line that failregexes search, with its newline, mostly the end of the text itself; null when nothing is left of it. */
  lineLeft(match: PatternMatch, text: string): string | null {
    const content = this.#contentOf(match);
    if (content === '') return null;
    const from = text.length - 1 - content.length;
    const isEnd = this.#contentIsLast ? content.charCodeAt(content.length - 1) !== NEWLINE : text.slice(from, -1) === content;
    return from >= 0 && isEnd ? text.slice(from) : `${content}\n`;
  }

  #contentOf(match: PatternMatch): string {
    if (!this.#isPlain) return textOf(this.dataOf(match), 'content') ?? '';
    return this.#contentPlace === -1 ? '' : (match.namedAt(this.#contentPlace) ?? '');
  }
}
