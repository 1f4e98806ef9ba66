/** One file of fail2ban's INI dialect (Python's `configparser`, strict) into its sections, each option with the line it began in. */

/** An option's value and where it stands. */
export interface Option {
  readonly value: string;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Line of the file of each line of the value. */
  readonly lines: readonly number[];
  /** Lines of the file whose end was cut off as a comment (` ;`). */
  readonly cut: readonly number[];
}

export type Options = Map<string, Option>;

/** What the dialect does not allow. The section says how far the damage reaches: null is before any section. */
export interface IniMistake {
  readonly file: string;
  readonly line: number;
  readonly section: string | null;
  readonly option?: string;
  readonly message: string;
}

export interface IniFile {
  readonly file: string;
  readonly defaults: Options;
  /** In the order of the file; names as written, `[Init?family=inet6]` included. */
  readonly sections: Map<string, Options>;
  /** Every line that begins a section, `[DEFAULT]` and repeated ones included. */
  readonly headers: readonly { readonly name: string; readonly line: number }[];
  readonly mistakes: readonly IniMistake[];
}

interface OpenOption {
  readonly text: string[];
  readonly lines: number[];
  readonly cut: number[];
}

/** Reads a text. Never throws: what is wrong is left out and named in `mistakes`. */
export function parseIni(text: string, file: string): IniFile {
  const reader = new IniReader(file);
  text.split(/\r\n|\n|\r/).forEach((line, index) => reader.read(line, index + 1));
  return reader.finish();
}

class IniReader {
  private readonly defaults = new Map<string, OpenOption>();
  private readonly sections = new Map<string, Map<string, OpenOption>>();
  private readonly headers: { name: string; line: number }[] = [];
  private readonly mistakes: IniMistake[] = [];
  private sectionName: string | null = null;
  private section: Map<string, OpenOption> | null = null;
  private option: OpenOption | null = null;
  private indent = 0;

  constructor(private readonly file: string) {}

  read(line: string, number: number): void {
    const stripped = strip(line);
    const full = stripped.startsWith('#') || stripped.startsWith(';');
    const comment = full ? 0 : inlineComment(line);
    const text = comment < 0 ? stripped : strip(line.slice(0, comment));
    if (text === '') {
      if (comment < 0) this.append('', number, false);
      return;
    }
    const indent = line.indexOf(text.charAt(0));
    if (this.option !== null && indent > this.indent) {
      this.append(text, number, comment >= 0);
      return;
    }
    this.indent = indent;
    const header = /^\[([^]+)\]/.exec(text);
    if (header !== null) this.openSection(header[1] ?? '', number);
    else this.openOption(text, number, comment >= 0);
  }

  finish(): IniFile {
    const sections = new Map([...this.sections].map(([name, options]) => [name, this.closed(options)] as const));
    return { file: this.file, defaults: this.closed(this.defaults), sections, headers: this.headers, mistakes: this.mistakes };
  }

  private openSection(name: string, line: number): void {
    this.option = null;
    this.sectionName = name;
    this.headers.push({ name, line });
    if (name === 'DEFAULT') {
      this.section = this.defaults;
      return;
    }
    const known = this.sections.get(name);
    if (known !== undefined) this.mistake(line, `section '${name}' already exists in this file; put its options together`);
    this.section = known ?? new Map<string, OpenOption>();
    this.sections.set(name, this.section);
  }

  private openOption(text: string, line: number, cut: boolean): void {
    this.option = null;
    if (this.section === null) {
      this.mistake(line, `text before the first section: '${text.slice(0, 80)}'; an option belongs below a [section]`);
      return;
    }
    const delimiter = text.search(/[=:]/);
    const key = delimiter < 0 ? '' : strip(text.slice(0, delimiter)).toLowerCase();
    if (key === '') {
      this.mistake(
        line,
        `neither a section nor an option: '${text.slice(0, 80)}'; write 'name = value', or indent the line to continue a value`,
      );
      return;
    }
    const option: OpenOption = { text: [strip(text.slice(delimiter + 1))], lines: [line], cut: cut ? [line] : [] };
    if (this.section.has(key)) {
      this.mistake(line, `option '${key}' in section '${this.sectionName ?? ''}' already exists in this file; keep one of them`, key);
      this.option = option;
      return;
    }
    this.option = option;
    this.section.set(key, option);
  }

  private append(text: string, line: number, cut: boolean): void {
    this.option?.text.push(text);
    this.option?.lines.push(line);
    if (cut) this.option?.cut.push(line);
  }

  private mistake(line: number, message: string, option?: string): void {
    this.mistakes.push({ file: this.file, line, section: this.sectionName, message, ...(option === undefined ? {} : { option }) });
  }

  private closed(options: Map<string, OpenOption>): Options {
    return new Map(
      [...options].map(([key, { text, lines, cut }]) => [
        key,
        { value: trimEnd(text.join('\n')), file: this.file, line: lines[0] ?? 0, lines, cut },
      ]),
    );
  }
}

/** White space as Python counts it, which is not quite JavaScript's. */
export function isBlank(char: string): boolean {
  return char === ' ' || char === '\t' || (char !== '\ufeff' && /[\s\x1c-\x1f\x85]/.test(char));
}

/** Without white space around it. */
export function strip(text: string): string {
  let from = 0;
  while (from < text.length && isBlank(text.charAt(from))) from++;
  return trimEnd(text.slice(from));
}

function trimEnd(text: string): string {
  let to = text.length;
  while (to > 0 && isBlank(text.charAt(to - 1))) to--;
  return text.slice(0, to);
}

/** Where the rest of a line is a comment: index of the first `;` at the beginning or after white space, −1 when there is none. */
export function inlineComment(line: string): number {
  for (let at = line.indexOf(';'); at >= 0; at = line.indexOf(';', at + 1)) {
    if (at === 0 || isBlank(line.charAt(at - 1))) return at;
  }
  return -1;
}
