/** Makes the text that regexes search from the last lines of a log (`maxlines`), and tells which of those lines a match took. */
import type { PatternMatch } from '../../regex/pattern';

/** A line as the triple that fail2ban keeps: before the date, the date, after it. */
export type LineParts = readonly [before: string, date: string, after: string];

/** What is searched of a line: all of it but the date. */
export function textOfParts(parts: LineParts): string {
  return parts[0] === '' ? parts[2] : parts[0] + parts[2];
}

/** The lines that a match took, and those that stay for later matches. */
export interface Taken {
  readonly matched: readonly LineParts[];
  readonly rest: readonly LineParts[];
}

/** The last lines of a log. */
export class LineBuffer {
  private lines: readonly LineParts[] = [];

  constructor(private readonly most: number) {}

  add(line: LineParts): void {
    this.lines = this.most === 1 ? [line] : [...this.lines, line].slice(-this.most);
  }

  keep(lines: readonly LineParts[]): void {
    this.lines = lines;
  }

  /** The lines joined, and a final newline, as fail2ban searches them. */
  text(): string {
    const only = this.lines[0];
    if (this.lines.length === 1 && only !== undefined) return `${textOfParts(only)}\n`;
    return this.lines.map((line) => `${textOfParts(line)}\n`).join('');
  }

  all(): readonly LineParts[] {
    return this.lines;
  }

  /** The whole lines that a match in `text()` touches; those inside a `<SKIPLINES>` stay. */
  taken(match: PatternMatch, groupNames: readonly string[]): Taken {
    const skipped = groupNames.filter((name) => /^skiplines\d+$/.test(name)).flatMap((name) => [match.span(name)]);
    const matched: LineParts[] = [];
    const rest: LineParts[] = [];
    // As in fail2ban, a match that begins with the end of a line (an empty one, say) begins behind it.
    const begin = this.text().charAt(match.start) === '\n' ? match.start + 1 : match.start;
    let from = 0;
    for (const line of this.lines) {
      const to = from + textOfParts(line).length + 1;
      const start = from;
      const touched = begin < to && (match.end > start || (match.start === match.end && match.start >= start));
      const skips = skipped.some((span) => span !== null && span[0] <= start && to <= span[1]);
      (touched && !skips ? matched : rest).push(line);
      from = to;
    }
    return { matched, rest };
  }
}
