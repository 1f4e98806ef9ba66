/** Edits of single options: each goes into the `.local` file in which it wins, and is taken out of all in which it stands. */
import { parseIni } from '../../../contracts/files/ini';
import { blockOf } from '../../../contracts/files/ini-blocks';
import { optionsOf, removeOption, removeSection, setOption, tidyValue } from '../../../contracts/files/ini-edit';
import { splitLines } from '../../../contracts/files/ini-lines';
import { EditError, inFile } from './edit-error';
import type { EditWorld } from './edit-world';
import type { OptionEdits } from './editor';
import { isOwnFile } from './option-views';
import { ownLayers } from './own-files';

/** A section of `jail.*` or `fail2ban.*`. */
export interface SectionPlace {
  readonly part: 'jail' | 'fail2ban';
  readonly section: string;
}

const MAX_VALUE = 64 * 1024;
const MAX_OPTIONS = 200;

/** The jail that a Problem about a section names. */
function jailOf({ part, section }: SectionPlace): string | null {
  return part === 'jail' && section !== 'DEFAULT' ? section : null;
}

/** Sets and takes away options of a section. Throws EditError. */
export function editOptions(world: EditWorld, place: SectionPlace, options: OptionEdits): void {
  const entries = Object.entries(options);
  if (entries.length > MAX_OPTIONS) throw new EditError(`more than ${MAX_OPTIONS} options at once`);
  for (const [name, value] of entries) {
    const option = name.toLowerCase();
    if (value === null) unsetOption(world, place, option);
    else {
      refuseValue(place, option, value);
      const file = fileFor(world, place, option);
      editText(world, file, jailOf(place), (text) => setOption(text, place.section, option, value));
    }
    world.promise({ ...place, option, value: value === null ? null : tidyValue(value) });
  }
}

/** Changes the text of a file; one that is not there is empty. Throws EditError. */
export function editText(world: EditWorld, file: string, jail: string | null, edit: (text: string) => string): void {
  const text = world.texts.read(file) ?? '';
  world.texts.write(
    file,
    inFile(world.texts.full(file), jail, () => edit(text)),
  );
}

/** The last `.local` file that sets the option; else the one that has an own jail; else the first, which Plesk writes into as well. */
export function fileFor(world: EditWorld, { part, section }: SectionPlace, option: string): string {
  const layers = ownLayers(part, world.texts.files());
  const setting = layers.filter((file) => has(world, file, section, option));
  const shipped = [...world.before.jailLayers, ...world.before.serverLayers].some(
    (layer) => !isOwnFile(layer.file) && optionsOf(layer, section) !== undefined,
  );
  const standing = shipped ? [] : layers.filter((file) => has(world, file, section, null));
  return setting.at(-1) ?? standing.at(-1) ?? `${part}.local`;
}

/** The `.local` files that have a section, in the order in which they are read. */
export function filesWith(world: EditWorld, { part, section }: SectionPlace): readonly string[] {
  return ownLayers(part, world.texts.files()).filter((file) => has(world, file, section, null));
}

function unsetOption(world: EditWorld, place: SectionPlace, option: string): void {
  const { part, section } = place;
  for (const file of ownLayers(part, world.texts.files()).filter((one) => has(world, one, section, option))) {
    editText(world, file, jailOf(place), (text) => withoutEmptySection(world, place, removeOption(text, section, option)));
  }
}

/** A section that an override was the whole of goes with it; an own jail keeps its section. */
function withoutEmptySection(world: EditWorld, { section }: SectionPlace, text: string): string {
  const file = parseIni(text, '');
  const block = blockOf(file, splitLines(text), section);
  const elsewhere = section === 'DEFAULT' || world.before.jailLayers.some((layer) => !isOwnFile(layer.file) && layer.sections.has(section));
  const empty = block !== null && block.from === block.to && optionsOf(file, section)?.size === 0;
  return empty && elsewhere ? removeSection(text, section) : text;
}

function has(world: EditWorld, file: string, section: string, option: string | null): boolean {
  const options = optionsOf(parseIni(world.texts.read(file) ?? '', file), section);
  return option === null ? options !== undefined : options?.has(option) === true;
}

function refuseValue(place: SectionPlace, option: string, value: string): void {
  const jail = jailOf(place);
  const at = { option, ...(jail === null ? {} : { jail }) };
  if (value.length > MAX_VALUE) throw new EditError(`the value is longer than ${MAX_VALUE} characters`, at);
  const percent = /%(?!%|\([^)]+\)s)/.exec(value.replaceAll('%%', ''));
  if (percent !== null) throw new EditError(`'%' must be followed by '%' or '(name)s'; write '%%' for a plain '%'`, at);
}
