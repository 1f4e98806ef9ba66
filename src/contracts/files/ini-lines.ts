/** The lines of a hand-made file with their ends, so that some of them can be replaced and the others stay byte for byte. */
import { inlineComment, isBlank, strip, type Option } from './ini';

/** A line and how it ends; only the last one may have no end. */
export interface Line {
  readonly text: string;
  readonly end: string;
}

/** The lines of a text; their numbers are those of `parseIni`. */
export function splitLines(text: string): Line[] {
  const lines: Line[] = [];
  for (const [, line = '', end = ''] of text.matchAll(/([^\r\n]*)(\r\n|\n|\r|$)/g)) {
    if (line !== '' || end !== '') lines.push({ text: line, end });
  }
  return lines;
}

/** How lines of a file end: as its first one does. */
export function endOf(lines: readonly Line[]): string {
  return lines.find(({ end }) => end !== '')?.end ?? '\n';
}

/**
 * Takes lines away and puts texts in at a place.
 * @param at how many lines stay in front of the new ones
 * @param gone numbers of the lines that go, counted from 1
 */
export function spliceLines(lines: readonly Line[], at: number, texts: readonly string[], gone: ReadonlySet<number> = new Set()): string {
  const end = endOf(lines);
  const kept = (from: number, to: number): Line[] => lines.slice(from, to).filter((_, index) => !gone.has(from + index + 1));
  const front = kept(0, at);
  const back = kept(at, lines.length);
  const fresh = texts.map((text): Line => ({ text, end }));
  // A file without an end of its last line stays one.
  const open = lines.length > 0 && lines.at(-1)?.end === '' && back.length === 0 && fresh.length > 0;
  const all = [...front, ...fresh, ...back];
  return all.map((line, index) => line.text + (index < all.length - 1 ? line.end || end : open ? '' : line.end)).join('');
}

export function isEmptyLine({ text }: Line): boolean {
  return strip(text) === '';
}

/** Whether nothing but a comment stands in a line. */
export function isCommentLine({ text }: Line): boolean {
  const stripped = strip(text);
  if (stripped === '') return false;
  const comment = inlineComment(text);
  return stripped.startsWith('#') || stripped.startsWith(';') || (comment >= 0 && strip(text.slice(0, comment)) === '');
}

/** The blanks that a line begins with. */
export function indentOf(line: string): string {
  let to = 0;
  while (to < line.length && isBlank(line.charAt(to))) to++;
  return line.slice(0, to);
}

/** Numbers of the lines that carry an option's value: not the empty ones behind it, nor comments within. */
export function valueLineNumbers(option: Option): readonly number[] {
  return option.lines.slice(0, option.value.split('\n').length);
}

/** The first line of an option in parts: up to the delimiter, the blanks behind it, and the comment behind the value with the blanks before it. */
export interface FirstLine {
  readonly head: string;
  readonly gap: string;
  readonly comment: string;
}

/** Takes the line of an option apart. */
export function firstLineParts(line: string): FirstLine {
  const cut = inlineComment(line);
  const body = cut < 0 ? line : line.slice(0, cut);
  const head = body.slice(0, body.search(/[=:]/) + 1);
  const rest = body.slice(head.length);
  const value = strip(rest);
  const written = value === '' ? head.length : head.length + indentOf(rest).length + value.length;
  const spaced = isBlank(head.charAt(head.length - 2)) ? ' ' : '';
  return { head, gap: value === '' ? spaced : indentOf(rest), comment: cut < 0 ? '' : line.slice(written) };
}

/** The lines of an option. Further lines are indented more than the first one, so that they belong to it. */
export function optionLines({ head, gap, comment }: FirstLine, value: string, indent: string): string[] {
  const [first = '', ...rest] = value.split('\n');
  return [head + (first === '' ? '' : gap + first) + comment, ...rest.map((line) => (line === '' ? '' : indent + line))];
}
