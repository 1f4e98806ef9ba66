/** Sections of several files, merged layer over layer: what later files override stays known under `known/`. */
import type { IniFile, IniMistake, Option, Options } from './ini';

export interface Sections {
  readonly defaults: Options;
  readonly sections: Map<string, Options>;
  /** Of each section: raw values that a later file has overridden. */
  readonly known: Map<string, Options>;
  readonly mistakes: readonly IniMistake[];
  readonly files: readonly string[];
}

/** A header with a condition, `[Init?family=inet6]`: its options go to `Init` as `key?family=inet6`. */
const CONDITIONAL = /^(\w+)(\?.+)$/;

/** Merges files in the order given. */
export function mergeFiles(files: readonly IniFile[]): Sections {
  const defaults: Options = new Map();
  const sections = new Map<string, Options>();
  const known = new Map<string, Options>();
  for (const file of files) {
    for (const [key, option] of file.defaults) defaults.set(key, option);
    for (const [header, options] of file.sections) {
      const conditional = CONDITIONAL.exec(header);
      const name = conditional?.[1] ?? header;
      const layer: Options = conditional === null ? options : renamed(options, conditional[2] ?? '');
      const section = sections.get(name);
      if (section === undefined) {
        sections.set(name, new Map(layer));
        continue;
      }
      const shadow = known.get(name) ?? new Map<string, Option>();
      for (const [key, option] of layer) {
        const old = section.get(key);
        if (old !== undefined) shadow.set(key, old);
        section.set(key, option);
      }
      known.set(name, shadow);
    }
  }
  return { defaults, sections, known, mistakes: files.flatMap((file) => file.mistakes), files: files.map((file) => file.file) };
}

function renamed(options: Options, condition: string): Options {
  return new Map([...options].map(([key, option]) => [key + condition, option]));
}
