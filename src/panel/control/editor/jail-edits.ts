/** Edits of whole jails: added, removed, reset, written as raw text, made to observe. */
import { removeSection, replaceSection } from '../../../contracts/files/ini-edit';
import { SERVER_OPTIONS } from '../../../contracts/files/server-options';
import { EditError } from './edit-error';
import type { EditWorld } from './edit-world';
import type { OptionEdits } from './editor';
import { jailNames } from './jail-views';
import { bringBack, PUT_ASIDE, putAside } from './observing';
import { editOptions, editText, fileFor, filesWith } from './option-edits';
import { isOwnFile } from './option-views';
import { isPlainName } from './own-files';

const MAX_RAW = 256 * 1024;
/** Of the server's options: where it can be reached, which counts from its next start on. */
const AT_START = ['socket', 'pidfile'];
const IN_DEFINITION: ReadonlySet<string> = new Set(SERVER_OPTIONS.map(({ name }) => name).filter((name) => name !== 'stacksize'));

export function editJail(world: EditWorld, jail: string, options: OptionEdits): void {
  refuseUnknown(world, jail);
  const place = { part: 'jail', section: jail } as const;
  // A new action is in force at once: what was put aside is not wanted any more.
  const ending = options.action === undefined ? {} : { [PUT_ASIDE]: null };
  editOptions(world, place, { ...ending, ...options });
}

export function addJail(world: EditWorld, jail: string, options: Readonly<Record<string, string>>): void {
  if (!isPlainName(jail)) throw new EditError(`'${jail.slice(0, 80)}' is no name for a jail; use letters, digits, '-', '_' and '.'`);
  if (jailNames(world.snapshot()).includes(jail)) throw new EditError(`there is a jail '${jail}' already`, { jail });
  if (Object.keys(options).length === 0) throw new EditError('a jail needs an option at least, for instance its filter', { jail });
  editOptions(world, { part: 'jail', section: jail }, options);
}

/** Own jails are removed, shipped ones reset: both lose every section in a `.local` file. */
export function removeOwnSections(world: EditWorld, jail: string, kind: 'remove-jail' | 'reset-jail'): void {
  refuseUnknown(world, jail);
  const shipped = isShipped(world, jail);
  if (kind === 'remove-jail' && shipped) {
    throw new EditError(`the jail '${jail}' is a shipped one: it can be switched off or reset, not removed`, { jail });
  }
  if (kind === 'reset-jail' && !shipped) throw new EditError(`the jail '${jail}' is your own: there is nothing to reset it to`, { jail });
  for (const file of filesWith(world, { part: 'jail', section: jail })) editText(world, file, jail, (text) => removeSection(text, jail));
  world.forget(jail);
}

export function writeRawJail(world: EditWorld, jail: string, raw: string): void {
  refuseUnknown(world, jail);
  if (raw.length > MAX_RAW) throw new EditError(`the text is longer than ${MAX_RAW} characters`, { jail });
  const files = filesWith(world, { part: 'jail', section: jail });
  const file = files.at(-1) ?? 'jail.local';
  editText(world, file, jail, (text) => (raw.trim() === '' ? removeSection(text, jail) : replaceSection(text, jail, raw)));
  world.forget(jail);
}

export function observeJail(world: EditWorld, jail: string, on: boolean): void {
  refuseUnknown(world, jail);
  const place = { part: 'jail', section: jail } as const;
  editText(world, fileFor(world, place, on ? 'action' : PUT_ASIDE), jail, (text) => (on ? putAside(text, jail) : bringBack(text, jail)));
  if (on) world.promise({ ...place, option: 'action', value: '' });
  else editOptions(world, place, { [PUT_ASIDE]: null });
}

export function editDefaults(world: EditWorld, options: OptionEdits): void {
  editOptions(world, { part: 'jail', section: 'DEFAULT' }, options);
}

/** Returns what the server learns at its next start only. */
export function editServer(world: EditWorld, options: OptionEdits): readonly string[] {
  const names = Object.keys(options).map((name) => name.toLowerCase());
  const unknown = names.find((name) => !IN_DEFINITION.has(name));
  if (unknown !== undefined) throw new EditError(`the server has no option '${unknown.slice(0, 80)}'`, { option: unknown });
  editOptions(world, { part: 'fail2ban', section: 'Definition' }, options);
  return names.filter((name) => AT_START.includes(name));
}

function refuseUnknown(world: EditWorld, jail: string): void {
  if (!jailNames(world.snapshot()).includes(jail)) throw new EditError(`there is no jail '${jail.slice(0, 80)}'`, { jail });
}

function isShipped(world: EditWorld, jail: string): boolean {
  return world.before.jailLayers.some((layer) => !isOwnFile(layer.file) && layer.sections.has(jail));
}
