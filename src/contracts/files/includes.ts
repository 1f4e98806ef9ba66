/** Which files make up a name like `jail` or `filter.d/sshd`, in order, with what they include; read once and merged. */
import * as path from 'node:path';
import { messageOf } from '../../base/errors';
import { exists, listDir, NotTextError, readText } from '../../base/files';
import { parseIni, type IniFile } from './ini';
import { fetchOption, InterpolationError } from './interpolate';
import { findLogFiles, type LogFiles, type LogGlob } from './logpath';
import { mergeFiles, type Sections } from './sections';

/** A chain of includes longer than this is a mistake. */
const MAX_INCLUDE_DEPTH = 20;
/** Files that include each other in circles are read no more often than this for one name. */
const MAX_INCLUDES = 1000;

/** A configuration folder whose files are read at most once. Make a new one for every run. */
export class ConfigFolder {
  private readonly texts: ReadonlyMap<string, string | null>;
  private readonly files = new Map<string, IniFile>();
  private readonly chains = new Map<string, readonly string[]>();
  private readonly merged = new Map<string, Sections | null>();
  private readonly logs = new Map<string, LogFiles>();
  private readonly asked = new Set<string>();
  private left = MAX_INCLUDES;

  /**
   * @param texts texts that stand in the place of files, which need not exist, by their path within the folder: edits that are not saved;
   * null is a file that is gone
   */
  constructor(
    readonly dir: string,
    texts: ReadonlyMap<string, string | null> = new Map(),
  ) {
    this.texts = new Map([...texts].map(([file, text]) => [path.join(dir, file), text]));
  }

  /** All files that were looked for so far, those too that are not there: when one of them changes, what was read may be another. */
  get lookedFor(): ReadonlySet<string> {
    return this.asked;
  }

  /** The log files of a line of `logpath`: many jails have the same one, and thousands of files. */
  logFiles(line: LogGlob): LogFiles {
    const key = `${line.mode} ${line.path}`;
    const known = this.logs.get(key) ?? findLogFiles(line);
    this.logs.set(key, known);
    return known;
  }

  /** The merged files of a name (`jail`, `filter.d/sshd`); null when there is none of them. */
  read(name: string): Sections | null {
    const known = this.merged.get(name);
    if (known !== undefined) return known;
    const files = this.layers(name);
    const sections = files.length === 0 ? null : mergeFiles(files);
    this.merged.set(name, sections);
    return sections;
  }

  /** The files of a name with what they include, each for itself, in the order in which they are merged. */
  layers(name: string): readonly IniFile[] {
    this.left = MAX_INCLUDES;
    return this.fileSet(name)
      .flatMap((file) => this.withIncludes(file, []).files)
      .map((file) => this.file(file));
  }

  /** `N.conf`, `N.d/*.conf`, `N.local`, `N.d/*.local`: those that exist. */
  private fileSet(name: string): string[] {
    const base = path.join(this.dir, name);
    const folder = (ending: string): string[] =>
      this.namesIn(`${base}.d`)
        .filter((entry) => entry.endsWith(ending) && !entry.startsWith('.'))
        .map((entry) => path.join(`${base}.d`, entry));
    return [`${base}.conf`, ...folder('.conf'), `${base}.local`, ...folder('.local')].filter((file) => this.has(file));
  }

  private namesIn(folder: string): string[] {
    const edited = [...this.texts.keys()].filter((file) => path.dirname(file) === folder).map((file) => path.basename(file));
    return edited.length === 0 ? listDir(folder) : [...new Set([...listDir(folder), ...edited])].sort();
  }

  private has(file: string): boolean {
    this.asked.add(file);
    const text = this.texts.get(file);
    return text === undefined ? exists(file) : text !== null;
  }

  /** A file behind those it includes before, and before those it includes after; `cut` where a file that is being read already was left out. */
  private withIncludes(file: string, chain: readonly string[]): { readonly files: readonly string[]; readonly cut: boolean } {
    if (chain.includes(file) || chain.length > MAX_INCLUDE_DEPTH || this.left <= 0) return { files: [], cut: true };
    const known = this.chains.get(file);
    if (known !== undefined) return { files: known, cut: false };
    this.left--;
    const inner = [...chain, file];
    let cut = false;
    const included = (option: string): string[] =>
      this.includesOf(file, option).flatMap((other) => {
        cut ||= inner.includes(other);
        if (inner.includes(other)) return [];
        const local = other.endsWith('.conf') ? [other, `${other.slice(0, -'.conf'.length)}.local`] : [other];
        return local.flatMap((one) => {
          if (!this.has(one)) return [];
          const found = this.withIncludes(one, inner);
          cut ||= found.cut;
          return found.files;
        });
      });
    const files = [...included('before'), file, ...included('after')];
    // What a circle left out here belongs to the file when it is read for itself.
    if (!cut) this.chains.set(file, files);
    return { files, cut };
  }

  private includesOf(file: string, option: string): string[] {
    const ini = this.file(file);
    if (!ini.sections.has('INCLUDES')) return [];
    try {
      const value = fetchOption({ sections: mergeFiles([ini]), section: 'INCLUDES' }, option) ?? '';
      const names = value.split('\n').map((line) => line.trim());
      return names.filter((line) => line !== '').map((line) => path.resolve(path.dirname(file), line));
    } catch (error) {
      if (!(error instanceof InterpolationError)) throw error;
      this.addMistake(file, error.at?.line ?? 1, error.message, option);
      return [];
    }
  }

  private file(file: string): IniFile {
    const known = this.files.get(file);
    if (known !== undefined) return known;
    let ini: IniFile;
    try {
      ini = parseIni(this.texts.get(file) ?? readText(file), file);
    } catch (error) {
      const reason = error instanceof NotTextError ? 'it is no UTF-8 text' : messageOf(error);
      const mistake = { file, line: 1, section: null, message: `cannot be read: ${reason}` };
      ini = { file, defaults: new Map(), sections: new Map(), headers: [], mistakes: [mistake] };
    }
    this.files.set(file, ini);
    return ini;
  }

  private addMistake(file: string, line: number, message: string, option: string): void {
    const ini = this.file(file);
    if (ini.mistakes.some((known) => known.message === message)) return;
    this.files.set(file, { ...ini, mistakes: [...ini.mistakes, { file, line, section: 'INCLUDES', option, message }] });
  }
}
