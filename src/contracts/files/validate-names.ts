/** Options of `jail.*` that nobody reads and that look like known ones. Other unknown options are lawful: they are variables for `%(…)s`. */
import type { Problem } from '../../model/problem';
import type { Configuration } from './configuration';
import type { Option } from './ini';
import { placeFields } from './jail-error';
import { JAIL_OPTIONS } from './jail-options';
import { nearMiss } from './near-miss';
import { isBoolWord } from './option-value';

const KNOWN = JAIL_OPTIONS.map(({ name }) => name);

/** A warning for each mistyped option of an enabled jail or of DEFAULT, and for each jail whose `enabled` is no clear word. */
export function checkNames({ sections, jails }: Configuration): Problem[] {
  const places: [jail: string | null, name: string, option: Option][] = [...sections.defaults].map(([name, option]) => [
    null,
    name,
    option,
  ]);
  for (const jail of jails) {
    for (const [name, option] of sections.sections.get(jail) ?? []) places.push([jail, name, option]);
  }
  const used = variablesOf(sections);
  const doubtful = [...sections.sections].flatMap(([jail, options]): Problem[] => {
    const option = options.get('enabled');
    if (option === undefined || isBoolWord(option.value) || option.value.includes('%')) return [];
    const message = `'${option.value.slice(0, 80)}' counts as no: the jail is not used; write 'true' or 'false'`;
    return [{ severity: 'warning', jail, option: 'enabled', message, ...placeFields(option) }];
  });
  const mistyped = places.flatMap(([jail, name, option]): Problem[] => {
    const meant = used.has(name) ? undefined : nearMiss(name, KNOWN);
    if (meant === undefined) return [];
    const message = `nobody reads this option; did you mean '${meant}'?`;
    return [{ severity: 'warning', option: name, message, ...(jail === null ? {} : { jail }), ...placeFields(option) }];
  });
  return [...doubtful, ...mistyped];
}

/** Names that stand between `%(` and `)s` anywhere in the jail files. */
function variablesOf(sections: Configuration['sections']): Set<string> {
  const names = new Set<string>();
  for (const options of [sections.defaults, ...sections.sections.values()]) {
    for (const { value } of options.values()) {
      for (const match of value.matchAll(/%\((?:[^)/]*\/)?([^)]+)\)s/g)) names.add((match[1] ?? '').toLowerCase());
    }
  }
  return names;
}
