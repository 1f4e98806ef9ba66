/** Reads what `--json` is to try, a filter, a jail, a regex, or a file in a filter's place, with all that is wrong in it. */
import * as path from 'node:path';
import { exists, isFolder, readText } from '../../../base/files';
import { checkFilter } from '../../../contracts/files/check-filter';
import { OptionListError, parseOptionList } from '../../../contracts/files/option-list';
import type { Problem } from '../../../model/problem';
import { chooseFilter, type Chosen } from './chosen-filter';
import { readFilterFile } from './read-filter';

export interface TestedFilter {
  /** Null when the files are so wrong that nothing can be read from them. */
  readonly chosen: Chosen | null;
  readonly name: string;
  /** What reading the files found. */
  readonly problems: readonly Problem[];
}

/** Names that can only be a filter's or a jail's: no regex of this form names an address. */
const NAME = /^[\w-][\w.-]*(?:\[[\s\S]*\]\s*)?$/;

/**
 * @param text the word REGEX
 * @param standsFor the file of filter.d in whose place the file REGEX stands; null for none
 * @throws Error for a filter that there is not, and for a file that cannot be read
 */
export function readTestedFilter(text: string, config: string, logtype: 'file' | 'journal', standsFor: string | null): TestedFilter {
  if (standsFor !== null) return inPlace(text, config, logtype, standsFor);
  const named = NAME.test(text) && stands(config, text.replace(/\[[\s\S]*$/, ''));
  const problems = named ? checkFilter({ dir: config, filter: text }) : [];
  if (isBroken(problems)) return { chosen: null, name: text, problems };
  const chosen = chooseFilter(text, config, logtype);
  if (chosen.kind === 'regex' && NAME.test(text)) throw new Error(`there is neither a filter nor a jail ${text}`);
  return { chosen, name: chosen.kind === 'regex' ? chosen.regex : chosen.name, problems };
}

function inPlace(text: string, config: string, logtype: 'file' | 'journal', standsFor: string): TestedFilter {
  const { name: file, options } = optionList(text);
  const texts = new Map([[`filter.d/${standsFor}`, readText(file)]]);
  const name = standsFor.replace(/\.(?:conf|local)$/, '');
  const problems = checkFilter({ dir: config, filter: name + text.slice(file.length), texts });
  if (isBroken(problems)) return { chosen: null, name, problems };
  const given = logtype === 'file' ? options : new Map([['logtype', logtype], ...options]);
  const read = readFilterFile(config, `filter.d/${name}`, given, texts);
  return { chosen: { kind: 'filter', name, basedir: config, options, file: read }, name, problems };
}

function optionList(text: string): ReturnType<typeof parseOptionList> {
  if (exists(text)) return { name: text, options: new Map() };
  try {
    return parseOptionList(text);
  } catch (error) {
    if (error instanceof OptionListError) throw new Error(`'${text}' is no file: ${error.message}`);
    throw error;
  }
}

const isBroken = (problems: readonly Problem[]): boolean => problems.some(({ severity }) => severity === 'error');

function stands(config: string, name: string): boolean {
  return ['conf', 'local'].some((ending) => {
    const file = path.join(config, 'filter.d', `${name}.${ending}`);
    return exists(file) && !isFolder(file);
  });
}
