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

  /** Takes the newest line out again. */
  forget(line: LineParts): void {
    if (this.lines.at(-1) === line) this.lines = this.lines.slice(0, -1);
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
    const matched: LineParts[] = [];
    const before: LineParts[] = [];
    const after: LineParts[] = [];
    // As in fail2ban, a match that begins with the end of a line (an empty one, say) begins behind it.
    const begin = this.text().charAt(match.start) === '\n' ? match.start + 1 : match.start;
    let from = 0;
    for (const line of this.lines) {
      const to = from + textOfParts(line).length + 1;
      const touched = begin < to && (match.end > from || (match.start === match.end && match.start >= from));
      (touched ? matched : matched.length > 0 ? after : before).push(line);
      from = to;
    }
    return { rest: [...before, ...takeSkipped(matched, match, groupNames), ...after], matched };
  }
}

/** The lines of a text that was captured; what stands behind the last newline is one as well, unless it is empty. */
function linesOf(text: string): readonly string[] {
  return text.replace(/\n$/, '').split('\n');
}

/**
 * Takes the lines that a `<SKIPLINES>` skipped out of the matched ones and returns them. As in fail2ban they are known by their text: of two
 * lines that differ in their dates alone, the earlier one is taken for the skipped one.
 */
function takeSkipped(matched: LineParts[], match: PatternMatch, groupNames: readonly string[]): LineParts[] {
  const skipped: LineParts[] = [];
  let from = 0;
  for (const name of groupNames.filter((group) => /^skiplines\d+$/.test(group))) {
    const captured = match.group(name) ?? '';
    for (const text of captured === '' ? [] : linesOf(captured)) {
      const at = matched.findIndex((line, index) => index >= from && textOfParts(line) === text);
      if (at === -1) continue;
      skipped.push(...matched.splice(at, 1));
      from = at;
    }
  }
  return skipped;
}
