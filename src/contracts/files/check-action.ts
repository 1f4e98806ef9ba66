/** An action, saved or only edited, into everything that is wrong in it, with file and line; nothing is run. */
import * as path from 'node:path';
import type { Problem } from '../../model/problem';
import { readDefinition } from './definition';
import { ConfigFolder } from './includes';
import { InterpolationError } from './interpolate';
import { placeFields } from './jail-error';
import { ACTION_OPTIONS } from './jail-options';
import { nearMiss } from './near-miss';
import { SubstitutionError } from './substitute';

export interface ActionCheckRequest {
  /** The configuration folder. */
  readonly dir: string;
  /** Its name in `action.d`, without options. */
  readonly action: string;
  /** Texts that stand in the place of files, by their path within the folder. */
  readonly texts?: ReadonlyMap<string, string | null>;
}

const NAMES = ACTION_OPTIONS.map(({ name }) => name);

/** All Problems of an action, those of its syntax first; they name no jail. */
export function checkAction({ dir, action, texts }: ActionCheckRequest): readonly Problem[] {
  const sections = new ConfigFolder(path.resolve(dir), texts).read(`action.d/${action}`);
  if (sections === null) return [{ severity: 'error', message: `there is no action.d/${action}.conf` }];
  const problems: Problem[] = sections.mistakes.map(({ file, line, option, message }) => ({
    severity: 'error',
    message,
    file,
    line,
    ...(option === undefined ? {} : { option }),
  }));
  const options = sections.sections.get('Definition');
  if (options === undefined && problems.length === 0) {
    const file = sections.files.at(-1);
    const place = file === undefined ? {} : { file, line: 1 };
    problems.push({ severity: 'warning', message: 'the action has no section [Definition]; its commands belong there', ...place });
  }
  for (const [name, option] of options ?? []) {
    const meant = NAMES.includes(name) || !name.startsWith('action') ? undefined : nearMiss(name, NAMES);
    if (meant === undefined) continue;
    problems.push({
      severity: 'warning',
      option: name,
      message: `nobody reads this option; did you mean '${meant}'?`,
      ...placeFields(option),
    });
  }
  try {
    const given = new Map([
      ['name', action],
      ['actname', action],
    ]);
    readDefinition({ sections, known: NAMES, given, jail: new Map(), keep: [] });
  } catch (error) {
    if (error instanceof InterpolationError) {
      problems.push({ severity: 'error', option: error.option, message: error.message, ...placeFields(error.at) });
    } else if (error instanceof SubstitutionError) {
      const at = options?.get(error.option);
      problems.push({ severity: 'error', option: error.option, message: error.message, ...placeFields(at) });
    } else throw error;
  }
  return problems;
}
