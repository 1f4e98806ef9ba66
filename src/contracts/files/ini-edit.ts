/** The text of a hand-made file with one option or section changed: every other line stays as it is, and what was written reads back as what was meant. */
import { parseIni, strip, type IniFile, type Option, type Options } from './ini';
import { firstLineParts, indentOf, optionLines, spliceLines, splitLines, valueLineNumbers, type Line } from './ini-lines';
import { blockOf, blocksOf } from './ini-blocks';

/** An edit that cannot be made exactly; the message is for people. */
export class IniEditError extends Error {
  constructor(
    message: string,
    readonly option?: string,
    /** In the text that was to be edited, counted from 1. */
    readonly line?: number,
  ) {
    super(message);
    this.name = 'IniEditError';
  }
}

const OPTION_NAME = /^[A-Za-z_][\w.-]*$/;
/** Indentation of further lines of a value, unless the file has its own. */
const INDENT = '    ';

/**
 * Sets an option: those of its lines that differ are replaced (comments stay), or it comes below the last option of the section, or the section comes at the end.
 * Blanks around the lines of the value do not count. Throws IniEditError.
 */
export function setOption(text: string, section: string, option: string, value: string): string {
  const file = parseIni(text, '');
  refuseOdd(file, section);
  const key = option.toLowerCase();
  if (!OPTION_NAME.test(key)) throw new IniEditError(`'${option.slice(0, 80)}' is no name of an option`, option);
  const wanted = tidyValue(value);
  refuseUnwritable(wanted, key);
  const lines = splitLines(text);
  const options = optionsOf(file, section);
  const known = options?.get(key);
  const edited =
    known !== undefined
      ? replaceValue(lines, known, wanted)
      : options === undefined && !file.headers.some(({ name }) => name === section)
        ? appendSection(lines, [`[${section}]`, ...optionLines({ head: `${key} =`, gap: ' ', comment: '' }, wanted, INDENT)])
        : addBelow(lines, file, section, options ?? new Map(), key, wanted);
  return checked(file, edited, section, key, (result) => result.set(key, wanted));
}

/** Takes an option away; a text without it stays as it is. A section that was left with nothing keeps its header. Throws IniEditError. */
export function removeOption(text: string, section: string, option: string): string {
  const file = parseIni(text, '');
  refuseOdd(file, section);
  const key = option.toLowerCase();
  const known = optionsOf(file, section)?.get(key);
  if (known === undefined) return text;
  const edited = spliceLines(splitLines(text), 0, [], new Set(valueLineNumbers(known)));
  return checked(file, edited, section, key, (result) => result.delete(key));
}

/** Gives an option another name; value, comments and place stay. Throws IniEditError, also when the new name is taken. */
export function renameOption(text: string, section: string, from: string, to: string): string {
  const file = parseIni(text, '');
  refuseOdd(file, section);
  const options = optionsOf(file, section);
  const known = options?.get(from);
  if (known === undefined || options?.has(to) === true) {
    throw new IniEditError(`'${from}' in [${section}] cannot be renamed to '${to}'`, from, known?.line);
  }
  const lines = splitLines(text);
  const line = lines[known.line - 1]?.text ?? '';
  const indent = indentOf(line);
  const renamed = indent + to + line.slice(indent.length + from.length);
  const edited = spliceLines(lines, known.line - 1, [renamed], new Set([known.line]));
  return checked(file, edited, section, from, (result) => {
    result.set(to, known.value);
    result.delete(from);
  });
}

/** Takes a section away, with the comments in it and those right below its last line; a text without it stays as it is. Throws IniEditError. */
export function removeSection(text: string, section: string): string {
  const file = parseIni(text, '');
  refuseOdd(file, section);
  const lines = splitLines(text);
  const gone = new Set<number>();
  for (const block of blocksOf(file, lines, section)) {
    for (let line = block.from; line <= block.to; line++) gone.add(line);
    const below = emptyLines(lines, block.to + 1, 1);
    // The last section of a file takes the empty lines above it along instead.
    const last = block.to + below.length === lines.length;
    for (const line of last ? [...below, ...emptyLines(lines, block.from - 1, -1)] : below) gone.add(line);
  }
  if (gone.size === 0) return text;
  return checked(file, spliceLines(lines, 0, [], gone), section, undefined, null);
}

/**
 * Puts a whole section, its header included, in the place of what there is, or at the end.
 * Throws IniEditError when the text is anything but this one section.
 */
export function replaceSection(text: string, section: string, raw: string): string {
  const file = parseIni(text, '');
  refuseOdd(file, section);
  const wanted = parseIni(raw, '');
  const [mistake] = wanted.mistakes;
  if (mistake !== undefined) throw new IniEditError(mistake.message, mistake.option, mistake.line);
  const other = wanted.headers.find(({ name }) => name !== section);
  if (other !== undefined)
    throw new IniEditError(`only the section [${section}] can be edited here, not [${other.name}]`, undefined, other.line);
  if (wanted.headers.length !== 1) throw new IniEditError(`the text must have the one header [${section}] and its options`);
  const lines = splitLines(text);
  const fresh = raw.replace(/(?:\r\n|\n|\r)\s*$/, '').split(/\r\n|\n|\r/);
  const block = blockOf(file, lines, section);
  const edited =
    block === null
      ? appendSection(lines, fresh)
      : spliceLines(
          lines,
          block.from - 1,
          fresh,
          new Set(Array.from({ length: block.to - block.from + 1 }, (_, index) => block.from + index)),
        );
  const options = optionsOf(wanted, section) ?? new Map<string, never>();
  return checked(file, edited, section, undefined, (result) => {
    result.clear();
    for (const [key, { value }] of options) result.set(key, value);
  });
}

/** A section as it is written, from its header to its last line, and the number of its first line; null when it is not there. */
export function sectionText(text: string, section: string): { readonly line: number; readonly text: string } | null {
  const lines = splitLines(text);
  const block = blockOf(parseIni(text, ''), lines, section);
  if (block === null) return null;
  const taken = lines.slice(block.from - 1, block.to);
  return { line: block.from, text: taken.map((line) => line.text + line.end).join('') };
}

/** A value as it will be read: each line without blanks around it, no empty lines at the end. */
export function tidyValue(value: string): string {
  const lines = value.split(/\r\n|\n|\r/).map(strip);
  while (lines.length > 1 && lines.at(-1) === '') lines.pop();
  return lines.join('\n');
}

/** Options of a section; undefined when the file does not have it. */
export function optionsOf(file: IniFile, section: string): Options | undefined {
  if (section !== 'DEFAULT') return file.sections.get(section);
  return file.headers.some(({ name }) => name === 'DEFAULT') ? file.defaults : undefined;
}

function replaceValue(lines: readonly Line[], known: Option, value: string): string {
  const numbers = valueLineNumbers(known);
  const first = lines[known.line - 1]?.text ?? '';
  const further = numbers.slice(1).map((number) => lines[number - 1]?.text ?? '');
  const indent = further.find((line) => strip(line) !== '');
  const texts = optionLines(firstLineParts(first), value, indent === undefined ? indentOf(first) + INDENT : indentOf(indent));
  const before = known.value.split('\n');
  const after = value.split('\n');
  const least = Math.min(before.length, after.length);
  let head = 0;
  while (head < least && before[head] === after[head]) head++;
  let tail = 0;
  // The first line, which has the name, is never behind a new one.
  while (tail < least - Math.max(head, 1) && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const gone = numbers.slice(head, before.length - tail);
  const at = gone[0] === undefined ? (numbers[head - 1] ?? known.line) : gone[0] - 1;
  return spliceLines(lines, at, texts.slice(head, after.length - tail), new Set(gone));
}

function addBelow(lines: readonly Line[], file: IniFile, section: string, options: Options, key: string, value: string): string {
  const last = [...options.values()].sort((a, b) => a.line - b.line).at(-1);
  const header = file.headers.filter(({ name }) => name === section).at(-1)?.line ?? 0;
  const at = last === undefined ? header : (valueLineNumbers(last).at(-1) ?? last.line);
  const neighbour = lines[(last?.line ?? header) - 1]?.text ?? '';
  const indent = indentOf(neighbour);
  const spaced = last === undefined || firstLineParts(neighbour).gap !== '';
  const parts = { head: `${indent}${key}${spaced ? ' =' : '='}`, gap: spaced ? ' ' : '', comment: '' };
  return spliceLines(lines, at, optionLines(parts, value, indent + INDENT));
}

function appendSection(lines: readonly Line[], texts: readonly string[]): string {
  const apart = lines.length === 0 || strip(lines.at(-1)?.text ?? '') === '' ? [] : [''];
  return spliceLines(lines, lines.length, [...apart, ...texts]);
}

/** Empty lines from a number on, upwards (−1) or downwards (1). */
function emptyLines(lines: readonly Line[], from: number, step: 1 | -1): number[] {
  const found: number[] = [];
  for (let line = from; lines[line - 1] !== undefined && strip(lines[line - 1]?.text ?? '') === ''; line += step) found.push(line);
  return found;
}

/** A section that is written oddly is left alone: what an edit of it means would be a guess. */
function refuseOdd(file: IniFile, section: string): void {
  const mistake = file.mistakes.find((one) => one.section === section || one.section === null);
  if (mistake !== undefined) throw new IniEditError(mistake.message, mistake.option, mistake.line);
}

function refuseUnwritable(value: string, option: string): void {
  const fail = (reason: string): never => {
    throw new IniEditError(reason, option);
  };

  if (/\x00/.test(value)) fail('a value cannot hold a NUL');
  value.split('\n').forEach((line, index) => {
    if (/^;|[\s\x1c-\x1f\x85];/.test(line))
      fail(`' ;' begins a comment in these files and cuts the value; write ';' without a blank before it, '\\s;' in a regex`);
    if (index > 0 && line.startsWith('#')) fail(`a further line that begins with '#' is a comment in these files: '${line.slice(0, 80)}'`);
  });
}

/** The edited text, if it reads back as what was meant and all else as before. */
function checked(
  before: IniFile,
  text: string,
  section: string,
  option: string | undefined,
  change: ((options: Map<string, string>) => void) | null,
): string {
  const wanted = contentOf(before);
  const own = wanted.sections.get(section) ?? new Map<string, string>();
  if (change === null) wanted.sections.delete(section);
  else {
    change(own);
    wanted.sections.set(section, own);
  }
  if (spelled(contentOf(parseIni(text, ''))) !== spelled(wanted)) {
    throw new IniEditError(`this cannot be written into [${section}] so that it reads back the same; edit the file by hand`, option);
  }
  return text;
}

interface Content {
  readonly sections: Map<string, Map<string, string>>;
  readonly mistakes: readonly string[];
}

function contentOf(file: IniFile): Content {
  const plain = (options: Options): Map<string, string> => new Map([...options].map(([key, { value }]) => [key, value]));
  const sections = new Map([...file.sections].map(([name, options]) => [name, plain(options)] as const));
  if (file.headers.some(({ name }) => name === 'DEFAULT')) sections.set('DEFAULT', plain(file.defaults));
  return { sections, mistakes: file.mistakes.map(({ section, option, message }) => JSON.stringify([section, option, message])) };
}

/** One text for equal contents; sections and options in any order. */
function spelled({ sections, mistakes }: Content): string {
  const sorted = <T>(map: ReadonlyMap<string, T>): [string, T][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([sorted(sections).map(([name, options]) => [name, sorted(options)]), mistakes]);
}
