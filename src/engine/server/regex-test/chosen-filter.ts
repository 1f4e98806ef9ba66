/** Decides what the word REGEX means: a filter's name, a jail's name, a filter's file, or a regex as it stands. */
import * as path from 'node:path';
import { exists, isFolder } from '../../../base/files';
import { OptionListError, parseOptionList } from '../../../contracts/files/option-list';
import type { JailConfig } from '../../../model/jail-config';
import { readJailFilter } from './read-jail';
import { type FilterFile, readFilterFile } from './read-filter';

export type Chosen =
  | { readonly kind: 'regex'; readonly regex: string }
  | { readonly kind: 'jail'; readonly name: string; readonly config: JailConfig }
  | {
      readonly kind: 'filter';
      /** A filter of a configuration folder, or a file that stands alone. */
      readonly name: string;
      readonly basedir: string | null;
      readonly options: ReadonlyMap<string, string>;
      /** Null when it could not be found after all. */
      readonly file: FilterFile | null;
    };

const PATH_LIKE = /^[\w./-]+(?:\[[\s\S]*\]\s*)?$/;

const isFile = (name: string): boolean => exists(name) && !isFolder(name);

function named(text: string): { readonly name: string; readonly options: ReadonlyMap<string, string> } | null {
  if (!PATH_LIKE.test(text)) return null;
  try {
    return parseOptionList(text);
  } catch (error) {
    if (error instanceof OptionListError) return null;
    throw error;
  }
}

/**
 * What REGEX means. Throws InterpolationError and SubstitutionError of a filter's files.
 * @param config the configuration folder
 * @param logtype `journal` for lines of the journal: filters read such lines differently
 */
export function chooseFilter(text: string, config: string, logtype: 'file' | 'journal'): Chosen {
  const asked = named(text);
  if (asked === null) return { kind: 'regex', regex: text };
  const { name, options } = asked;
  const given = logtype === 'file' ? options : new Map([['logtype', logtype], ...options]);
  if (!name.includes('/')) {
    const stands = ['conf', 'local'].some((ending) => isFile(path.join(config, 'filter.d', `${name}.${ending}`)));
    if (!stands) {
      const jail = options.size === 0 ? readJailFilter(config, name) : null;
      return jail === null ? { kind: 'regex', regex: text } : { kind: 'jail', name, config: jail };
    }
    return { kind: 'filter', name, basedir: config, options, file: readFilterFile(config, `filter.d/${name}`, given) };
  }
  const stem = name.replace(/\.(?:conf|local)$/, '');
  if (!isFile(name) && !isFile(`${stem}.conf`)) return { kind: 'regex', regex: text };
  const folder = path.dirname(stem);
  const file = readFilterFile(folder, path.basename(stem), given);
  const inFolder = path.basename(folder) === 'filter.d';
  return { kind: 'filter', name: inFolder ? path.basename(stem) : name, basedir: inFolder ? path.dirname(folder) : null, options, file };
}
