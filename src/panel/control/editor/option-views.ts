/** An option of a section into its view: the value in force and where it stands, and what it would be without our own setting. */
import type { IniFile, Option, Options } from '../../../contracts/files/ini';
import { optionsOf } from '../../../contracts/files/ini-edit';
import { interpolate, InterpolationError, type Scope } from '../../../contracts/files/interpolate';
import type { Sections } from '../../../contracts/files/sections';
import type { OptionInfo, OptionPlace, OptionView } from './configuration';
import { relativeName } from './own-files';

/** A section of a merged part of the configuration, and the files that it was merged from. */
export interface SectionWorld {
  readonly dir: string;
  readonly layers: readonly IniFile[];
  readonly sections: Sections;
  /** `DEFAULT`, or the name of a section. */
  readonly section: string;
  /** Values that a reading has resolved. */
  readonly resolved?: ReadonlyMap<string, string>;
  /** Options of the filter, which stand behind the jail's. */
  readonly filter?: Sections | null;
}

/** Whether a file is the administrator's. */
export function isOwnFile(file: string): boolean {
  return file.endsWith('.local');
}

export function optionView(world: SectionWorld, info: OptionInfo): OptionView {
  const { name } = info;
  const own = world.layers.some((layer) => isOwnFile(layer.file) && optionsOf(layer, world.section)?.has(name) === true);
  const current = optionsIn(world.sections, world.section)?.get(name);
  const shipped = world.layers
    .filter(({ file }) => !isOwnFile(file))
    .map((layer) => optionsOf(layer, world.section)?.get(name))
    .filter((option) => option !== undefined)
    .at(-1);
  const behind = world.section === 'DEFAULT' ? undefined : world.sections.defaults.get(name);
  const inherited = placeOf(world, info, own ? (shipped ?? behind) : (current ?? behind), world.sections);
  const inForce = own && current !== undefined ? placeOf(world, info, current, world.sections) : inherited;
  const resolved = world.resolved?.get(name);
  const value = resolved !== undefined && inForce.raw !== null ? resolved : inForce.value;
  return { ...inForce, value, name, own, inherited: own ? inherited : { ...inherited, value }, info };
}

function placeOf(world: SectionWorld, info: OptionInfo, option: Option | undefined, sections: Sections): OptionPlace {
  if (option !== undefined) return found(world.dir, option, resolve({ sections, section: world.section }, info.name, option));
  const filter = world.filter ?? null;
  const behind = filter?.sections.get('Definition')?.get(info.name) ?? filter?.defaults.get(info.name);
  if (behind !== undefined && filter !== null) {
    return found(world.dir, behind, resolve({ sections: filter, section: 'Definition' }, info.name, behind));
  }
  return { value: info.default, raw: null, file: null, line: null };
}

function found(dir: string, { value: raw, file, line }: Option, value: string): OptionPlace {
  return file === '' ? { value, raw, file: null, line: null } : { value, raw, file: relativeName(dir, file), line };
}

/** The value with its `%(…)s` resolved; as written when that fails. */
function resolve(scope: Scope, name: string, option: Option): string {
  try {
    return interpolate(scope, name, option.value, option);
  } catch (error) {
    if (!(error instanceof InterpolationError)) throw error;
    return option.value;
  }
}

function optionsIn(sections: Sections, section: string): Options | undefined {
  return section === 'DEFAULT' ? sections.defaults : sections.sections.get(section);
}
