/** Where the sections of a hand-made file begin and end, with the comments that belong to them. */
import type { IniFile } from './ini';
import { isCommentLine, isEmptyLine, valueLineNumbers, type Line } from './ini-lines';

/** Lines of a section, counted from 1, both ends included. */
export interface Block {
  readonly from: number;
  readonly to: number;
}

/** Every block of a section; only DEFAULT may have several. */
export function blocksOf(file: IniFile, lines: readonly Line[], section: string): Block[] {
  return file.headers.flatMap(({ name, line }, index) => {
    if (name !== section) return [];
    const next = file.headers[index + 1]?.line ?? lines.length + 1;
    return [{ from: line, to: endOfBlock(file, lines, section, line, next) }];
  });
}

/** The one block of a section; null when there is none, or several. */
export function blockOf(file: IniFile, lines: readonly Line[], section: string): Block | null {
  const blocks = blocksOf(file, lines, section);
  return blocks.length === 1 ? (blocks[0] ?? null) : null;
}

/** The last line of the last option, and comments right below it, unless they stand right above the next section: then they are that one's. */
function endOfBlock(file: IniFile, lines: readonly Line[], section: string, from: number, next: number): number {
  const options = section === 'DEFAULT' ? file.defaults : (file.sections.get(section) ?? new Map());
  const numbers = [...options.values()].flatMap((option) => valueLineNumbers(option)).filter((line) => line > from && line < next);
  const last = Math.max(from, ...numbers);
  let to = last;
  while (to + 1 < next && isComment(lines[to])) to++;
  return to + 1 === next && next <= lines.length ? last : to;

  function isComment(line: Line | undefined): boolean {
    return line !== undefined && isCommentLine(line) && !isEmptyLine(line);
  }
}
