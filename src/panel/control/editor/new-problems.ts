/** What an edit makes wrong: Problems that the configuration has with it and had not before, and options that do not get the value they were given. */
import path from 'node:path';
import type { Problem } from '../../../model/problem';
import type { Option } from '../../../contracts/files/ini';
import { checkDefinition } from './definition-views';
import { type EditWorld, type Promised, textsOf } from './edit-world';
import { isOwnFile } from './option-views';
import { relativeName } from './own-files';
import type { Snapshot } from './snapshot';
import type { TextChange } from './working-texts';

/** In the order in which they are found; each once. */
export function newProblems(world: EditWorld): readonly Problem[] {
  const changes = world.texts.changes();
  if (changes.length === 0) return [];
  const after = world.snapshot();
  const found = [
    ...unknownTo(world.before.problems(), after.problems()),
    ...changes.flatMap((change) => definitionProblems(world, change)),
    ...[...world.promised.values()].flatMap((promised) => brokenPromise(after, promised)),
  ];
  return [...new Map(found.map((problem) => [JSON.stringify(problem), problem])).values()];
}

/** Those of `after` that are not among `before`, wherever they stand: an edit above moves them. */
function unknownTo(before: readonly Problem[], after: readonly Problem[]): readonly Problem[] {
  const spelled = ({ severity, message, file, jail, option }: Problem): string => JSON.stringify([severity, message, file, jail, option]);
  const left = new Map<string, number>();
  for (const problem of before) left.set(spelled(problem), (left.get(spelled(problem)) ?? 0) + 1);
  return after.filter((problem) => {
    const count = left.get(spelled(problem)) ?? 0;
    left.set(spelled(problem), count - 1);
    return count <= 0;
  });
}

/** Of a filter or an action that is written, used or not. */
function definitionProblems({ texts, before }: EditWorld, { file, after }: TextChange): readonly Problem[] {
  const [, kind, name] = /^(filter|action)\.d\/(.+)\.local$/.exec(file) ?? [];
  if ((kind !== 'filter' && kind !== 'action') || name === undefined || after === null) return [];
  const known = before.merged.folder.read(`${kind}.d/${name}`) === null ? [] : checkDefinition(texts.dir, kind, name);
  return unknownTo(known, checkDefinition(texts.dir, kind, name, textsOf(texts.changes())));
}

function brokenPromise(after: Snapshot, { part, section, option, value }: Promised): readonly Problem[] {
  const found = inForce(after, part, section)?.get(option);
  const kept = value === null ? found === undefined || !isOwnFile(path.basename(found.file)) : found?.value === value;
  if (kept) return [];
  const place = found === undefined ? {} : { file: found.file, line: found.line };
  const jail = part === 'jail' && section !== 'DEFAULT' ? { jail: section } : {};
  const winner = found === undefined ? 'nothing sets it' : `${relativeName(after.dir, found.file)} sets it too, and wins`;
  return [{ severity: 'error', option, ...jail, ...place, message: `the option would not get this value: ${winner}` }];
}

function inForce(snapshot: Snapshot, part: Promised['part'], section: string): ReadonlyMap<string, Option> | undefined {
  const sections = part === 'jail' ? snapshot.merged.sections : snapshot.merged.folder.read(part);
  if (section === 'DEFAULT') return sections?.defaults;
  return sections?.sections.get(section);
}
