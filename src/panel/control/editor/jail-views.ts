/** A snapshot of the configuration into what the pages show of its jails. */
import path from 'node:path';
import { blocksOf } from '../../../contracts/files/ini-blocks';
import { fetchOption, InterpolationError } from '../../../contracts/files/interpolate';
import { FILTER_OPTIONS } from '../../../contracts/files/jail-options';
import { findLogFiles, parseLogpath } from '../../../contracts/files/logpath';
import { OptionListError, parseOptionList, splitActions } from '../../../contracts/files/option-list';
import { toBool } from '../../../contracts/files/option-value';
import type { JailView, OptionView, RawSection } from './configuration';
import { JAIL_OPTION_NAMES, jailOptionInfo } from './jail-variables';
import { PUT_ASIDE } from './observing';
import { isOwnFile, optionView, type SectionWorld } from './option-views';
import { relativeName } from './own-files';
import type { Snapshot } from './snapshot';

/** A jail without what changes while the files stay: how many logs there are. */
export type JailBase = Omit<JailView, 'logs'>;

const OF_FILTER: ReadonlySet<string> = new Set(FILTER_OPTIONS.map(({ name }) => name));

/** Names of all jails, switched on or off, in the order of the files. */
export function jailNames({ merged }: Snapshot): readonly string[] {
  return [...merged.sections.sections.keys()].filter((name) => name !== 'INCLUDES' && !name.startsWith('KNOWN/'));
}

/** The filter that a jail names, without options; empty when it names none. */
export function filterNameOf(snapshot: Snapshot, jail: string): string {
  return nameOf(valueOf(snapshot, jail, 'filter'));
}

/** The actions that a jail names, without options. */
export function actionNamesOf(snapshot: Snapshot, jail: string): readonly string[] {
  return [...new Set(splitActions(valueOf(snapshot, jail, 'action')).map(nameOf))].filter((name) => name !== '');
}

export function jailBase(snapshot: Snapshot, name: string): JailBase {
  const { merged, jailLayers, dir } = snapshot;
  const section = merged.sections.sections.get(name);
  const reading = merged.readings.find((one) => one.name === name);
  const sections = rawSections(snapshot, name);
  const filter = filterNameOf(snapshot, name);
  const world: SectionWorld = {
    dir,
    layers: jailLayers,
    sections: merged.sections,
    section: name,
    ...(reading === undefined ? {} : { resolved: reading.values }),
  };
  const withFilter = { ...world, filter: reading?.filter ?? (filter === '' ? null : merged.folder.read(`filter.d/${filter}`)) };
  const others = [...(section?.keys() ?? [])].filter((option) => !JAIL_OPTION_NAMES.includes(option) && option !== PUT_ASIDE);
  const view = (option: string): OptionView => optionView(OF_FILTER.has(option) ? withFilter : world, jailOptionInfo(option));
  const origin = sections.every(({ own }) => own) ? 'own' : 'shipped';
  return {
    name,
    enabled: toBool(valueOf(snapshot, name, 'enabled')),
    origin,
    edited: origin === 'shipped' && sections.some(({ own }) => own),
    observing: section?.has(PUT_ASIDE) === true && valueOf(snapshot, name, 'action') === '',
    filter,
    actions: actionNamesOf(snapshot, name),
    options: [...JAIL_OPTION_NAMES, ...others].map(view),
    problems: snapshot.problems().filter(({ jail }) => jail === name),
    raw: sections.filter(({ own }) => own).at(-1)?.text ?? '',
    sections,
  };
}

/** The lines of a jail's logpath and how many files each finds; `counts` remembers what others have found. */
export function jailLogs({ options }: JailBase, counts: Map<string, number>): JailView['logs'] {
  const valueIn = (name: string): string => options.find((option) => option.name === name)?.value ?? '';
  if (valueIn('backend').startsWith('systemd')) return [];
  return parseLogpath(valueIn('logpath')).map((glob) => {
    const files = counts.get(glob.path) ?? findLogFiles(glob).files.length;
    counts.set(glob.path, files);
    return { path: glob.path, files };
  });
}

function rawSections(snapshot: Snapshot, name: string): RawSection[] {
  return snapshot.jailLayers.flatMap((layer) => {
    const lines = snapshot.lines(layer.file);
    return blocksOf(layer, lines, name).map(({ from, to }) => ({
      file: relativeName(snapshot.dir, layer.file),
      line: from,
      text: lines
        .slice(from - 1, to)
        .map(({ text, end }) => text + end)
        .join(''),
      own: isOwnFile(path.basename(layer.file)),
    }));
  });
}

/** An option of a jail, resolved; as it is written when that fails, empty when nobody sets it. */
function valueOf({ merged }: Snapshot, jail: string, option: string): string {
  const scope = { sections: merged.sections, section: jail };
  try {
    return fetchOption(scope, option) ?? '';
  } catch (error) {
    if (!(error instanceof InterpolationError)) throw error;
    return merged.sections.sections.get(jail)?.get(option)?.value ?? '';
  }
}

/** The name in `name[options]`; empty when it is none. */
function nameOf(text: string): string {
  if (text === '') return '';
  try {
    return parseOptionList(text).name.trim();
  } catch (error) {
    if (!(error instanceof OptionListError)) throw error;
    return '';
  }
}
