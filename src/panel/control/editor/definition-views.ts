/** The filters and actions of a folder into what the pages show of them: their texts, who uses them, and what is wrong with them. */
import path from 'node:path';
import { exists, listDir, NotTextError, readText } from '../../../base/files';
import { checkAction } from '../../../contracts/files/check-action';
import { checkFilter } from '../../../contracts/files/check-filter';
import type { Problem } from '../../../model/problem';
import type { DefinitionView } from './configuration';
import { actionNamesOf, filterNameOf, jailNames } from './jail-views';
import { definitionNames } from './own-files';
import type { Snapshot } from './snapshot';

export type DefinitionKind = 'filter' | 'action';

/** Characters of a regex that a check looks at. */
const LONGEST = 10_000;

/** Names of the filters or actions whose files a jail reads: those that it names, and those that these include. */
export function definitionsOfJail(snapshot: Snapshot, kind: DefinitionKind, jail: string): readonly string[] {
  const { folder, dir } = snapshot.merged;
  const named = kind === 'filter' ? [filterNameOf(snapshot, jail)] : actionNamesOf(snapshot, jail);
  const files = named.filter((name) => name !== '').flatMap((name) => folder.read(`${kind}.d/${name}`)?.files ?? []);
  return definitionNames(files.filter((file) => path.dirname(file) === path.join(dir, `${kind}.d`)).map((file) => path.basename(file)));
}

/** The jails, switched on or off, that read the files of a filter or an action. */
export function jailsUsing(snapshot: Snapshot, kind: DefinitionKind, name: string): readonly string[] {
  return jailNames(snapshot).filter((jail) => definitionsOfJail(snapshot, kind, jail).includes(name));
}

/** Every name of the folder and the jails that use it. */
export function usersOf(snapshot: Snapshot, kind: DefinitionKind): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  for (const name of definitionNames(listDir(path.join(snapshot.dir, `${kind}.d`)))) users.set(name, []);
  for (const jail of jailNames(snapshot)) {
    for (const name of definitionsOfJail(snapshot, kind, jail)) users.get(name)?.push(jail);
  }
  return users;
}

/** Its texts and users; the problems are another question. */
export function definitionView(snapshot: Snapshot, kind: DefinitionKind, name: string, usedBy: readonly string[]): DefinitionView {
  const { dir } = snapshot;
  const files = ['conf', 'local'].map((ending) => `${kind}.d/${name}.${ending}`).filter((file) => exists(path.join(dir, file)));
  const own = files.some((file) => file.endsWith('.local'));
  return {
    name,
    origin: !own ? 'shipped' : files.length === 1 ? 'own' : 'edited',
    usedBy,
    files: files.map((file) => ({ file, text: textOf(path.join(dir, file)) })),
    problems: [],
  };
}

/** What the jails that are switched on have found wrong in the files of a filter or an action. */
export function problemsFoundByJails(snapshot: Snapshot, view: DefinitionView): readonly Problem[] {
  const files = view.files.map(({ file }) => path.join(snapshot.dir, file));
  return snapshot.problems().filter(({ file }) => file !== undefined && files.includes(file));
}

/** What a close look finds wrong with a filter or an action, used or not. A shipped file that is only there to be included is not looked at. */
export function problemsFoundClosely(
  { dir, merged }: Snapshot,
  kind: DefinitionKind,
  { name, origin }: DefinitionView,
): readonly Problem[] {
  const included = merged.folder.read(`${kind}.d/${name}`)?.sections.has('Definition') !== true;
  return origin === 'shipped' && included ? [] : checkDefinition(dir, kind, name);
}

/** Checks a filter or an action; `texts` stand in the place of files, by their names below the folder. */
export function checkDefinition(
  dir: string,
  kind: DefinitionKind,
  name: string,
  texts: ReadonlyMap<string, string | null> = new Map(),
): readonly Problem[] {
  return kind === 'filter' ? checkFilter({ dir, filter: name, texts, longest: LONGEST }) : checkAction({ dir, action: name, texts });
}

function textOf(file: string): string {
  try {
    return readText(file);
  } catch (error) {
    if (error instanceof NotTextError) return '';
    throw error;
  }
}
