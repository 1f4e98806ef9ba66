/** Edits of filters and actions, and of all files at once: an import, and a state that comes back. */
import path from 'node:path';
import { exists } from '../../../base/files';
import type { Problem } from '../../../model/problem';
import { jailsUsing, type DefinitionKind } from './definition-views';
import { EditError } from './edit-error';
import type { EditWorld } from './edit-world';
import { isOwnName, isPlainName } from './own-files';

/** Characters of one file. */
const MAX_TEXT = 1024 * 1024;
/** Of an import. */
const MAX_ALL = 8 * MAX_TEXT;
const MAX_FILES = 500;

/** Writes `NAME.local` beside a shipped one, or as an own filter or action. Throws EditError. */
export function writeDefinition(world: EditWorld, kind: DefinitionKind, name: string, text: string): void {
  const file = fileOf(kind, name);
  refuseText(world.texts.full(file), text);
  if (text.trim() === '') throw new EditError(`the ${kind} '${name}' has no text; remove it instead`, { file: world.texts.full(file) });
  const end = /\r\n|\n/.exec(world.texts.read(file) ?? '')?.[0] ?? '\n';
  const lines = text.split(/\r\n|\n|\r/);
  world.texts.write(file, lines.join(end) + (lines.at(-1) === '' ? '' : end));
}

/** Takes `NAME.local` away. Throws EditError while a jail needs it. */
export function removeDefinition(world: EditWorld, kind: DefinitionKind, name: string): void {
  const file = fileOf(kind, name);
  const shipped = exists(path.join(world.texts.dir, `${kind}.d`, `${name}.conf`));
  if (world.texts.read(file) === null) {
    const reason = shipped ? 'is a shipped one, and nothing of it is changed' : 'is not there';
    throw new EditError(`the ${kind} '${name}' ${reason}`);
  }
  const users = shipped ? [] : jailsUsing(world.snapshot(), kind, name);
  if (users.length > 0) throw new EditError(`the ${kind} '${name}' is used by ${users.join(', ')}`, { file: world.texts.full(file) });
  world.texts.write(file, null);
}

/** Writes the files of an import. Returns what was left out. Throws EditError. */
export function importFiles(world: EditWorld, files: Readonly<Record<string, string>>): readonly Problem[] {
  const entries = Object.entries(files);
  if (entries.length > MAX_FILES) throw new EditError(`an import may have ${MAX_FILES} files, not ${entries.length}`);
  const size = entries.reduce((sum, [, text]) => sum + text.length, 0);
  if (size > MAX_ALL) throw new EditError(`an import may have ${MAX_ALL} characters in all, not ${size}`);
  const taken = entries.filter(([file]) => isOwnName(file));
  if (taken.length === 0) throw new EditError('there is no file in it that could be taken: only .local files are');
  for (const [file, text] of taken) {
    refuseText(world.texts.full(file), text);
    world.texts.write(file, text);
  }
  return entries
    .filter(([file]) => !isOwnName(file))
    .map(([file]) => ({ severity: 'warning', message: `'${file.slice(0, 120)}' is left out: only .local files are taken` }));
}

/** Makes all `.local` files what they were in a state. Throws EditError. */
export function restoreState(world: EditWorld, id: string): void {
  const wanted = world.stateTexts(id);
  if (wanted === null) throw new EditError(`there is no state '${id.slice(0, 80)}'`);
  for (const file of world.texts.files()) {
    if (!wanted.has(file) && isText(world, file)) world.texts.write(file, null);
  }
  for (const [file, text] of wanted) world.texts.write(file, text);
}

/** A file that is no text is in no state, and stays. */
function isText(world: EditWorld, file: string): boolean {
  try {
    world.texts.read(file);
    return true;
  } catch (error) {
    if (error instanceof EditError) return false;
    throw error;
  }
}

function fileOf(kind: DefinitionKind, name: string): string {
  if (!isPlainName(name)) throw new EditError(`'${name.slice(0, 80)}' is no name for a ${kind}; use letters, digits, '-', '_' and '.'`);
  return `${kind}.d/${name}.local`;
}

function refuseText(file: string, text: string): void {
  if (text.length > MAX_TEXT) throw new EditError(`the text is longer than ${MAX_TEXT} characters`, { file });
  if (text.includes('\0')) throw new EditError('the text holds a NUL: it is no text', { file });
}
