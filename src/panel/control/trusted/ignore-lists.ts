/** Where the words of ignoreip stand: in [DEFAULT], and in jails that have a list of their own. Texts of a list with a word more or less. */
import type { Option } from '../../../contracts/files/ini';
import { interpolate, InterpolationError } from '../../../contracts/files/interpolate';
import { listWords } from '../../../contracts/files/option-value';
import { relativeName } from '../editor/own-files';
import type { Snapshot } from '../editor/snapshot';
import { entryKey } from './check-entry';

export interface IgnoreWordAt {
  readonly word: string;
  /** Stands so in the list; else it comes from what a `%(…)s` stands for. */
  readonly plain: boolean;
  readonly file: string;
  readonly line: number;
}

export interface IgnoreList {
  /** Null: [DEFAULT]. */
  readonly jail: string | null;
  /** As written; null when nobody sets it there. */
  readonly raw: string | null;
  readonly words: readonly IgnoreWordAt[];
}

const OPTION = 'ignoreip';
/** Stands for what [DEFAULT] says, which is told there. */
const INHERITED = /%\(default\/ignoreip\)s/gi;

/** The list of [DEFAULT]; without words when nobody sets it. */
export function defaultList(snapshot: Snapshot): IgnoreList {
  return listOf(snapshot, null, snapshot.merged.sections.defaults.get(OPTION));
}

/** The list that stands in a jail's own section. */
export function jailList(snapshot: Snapshot, jail: string): IgnoreList {
  return listOf(snapshot, jail, snapshot.merged.sections.sections.get(jail)?.get(OPTION));
}

/** Whether a jail's own list leaves out what [DEFAULT] says. */
export function isApart({ jail, raw }: IgnoreList): boolean {
  return jail !== null && raw !== null && raw.search(INHERITED) === -1;
}

function listOf(snapshot: Snapshot, jail: string | null, option: Option | undefined): IgnoreList {
  if (option === undefined) return { jail, raw: null, words: [] };
  const { value: raw, file, lines, line } = option;
  const words = raw.split('\n').flatMap((text, index) =>
    listWords(text).flatMap((token) => {
      const place = { file: relativeName(snapshot.dir, file), line: lines[index] ?? line };
      if (!token.includes('%')) return [{ word: token, plain: true, ...place }];
      const inherited = jail === null ? token : token.replace(INHERITED, ' ');
      return listWords(resolved(snapshot, jail, inherited, option)).map((word) => ({ word, plain: false, ...place }));
    }),
  );
  return { jail, raw, words };
}

/** A value with a word more, in the way in which it is written. `behind` is what a new list begins with. */
export function withWord(raw: string | null, word: string, behind: string): string {
  if (raw === null) return `${behind} ${word}`.trim();
  if (raw.trim() === '') return word;
  return raw.includes('\n') ? `${raw}\n${word}` : `${raw}${raw.includes(',') ? ', ' : ' '}${word}`;
}

/** A value without a word, however that is spelled; a line that it was the whole of goes with it. */
export function withoutWord(raw: string, entry: string): string {
  const isIt = (token: string): boolean => entryKey(token) === entryKey(entry);
  const lines = raw.split('\n').flatMap((line) => {
    const tokens = listWords(line);
    if (!tokens.some(isIt)) return [line];
    const left = tokens.filter((token) => !isIt(token));
    return left.length === 0 ? [] : [left.join(line.includes(',') ? ', ' : ' ')];
  });
  return lines.every((line) => line.trim() === '') ? '' : lines.join('\n');
}

function resolved(snapshot: Snapshot, jail: string | null, text: string, option: Option): string {
  try {
    return interpolate({ sections: snapshot.merged.sections, section: jail ?? 'DEFAULT' }, OPTION, text, option);
  } catch (error) {
    if (!(error instanceof InterpolationError)) throw error;
    return text;
  }
}
