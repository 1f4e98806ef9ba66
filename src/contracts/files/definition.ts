/** A filter or an action for one jail: its file's options, the arguments of `name[…]` and the jail's own options made into one, tags resolved. */
import type { Option } from './ini';
import { fetchOption, rawOption, type Scope } from './interpolate';
import type { Sections } from './sections';
import { substituteTags } from './substitute';

export interface DefinitionRequest {
  readonly sections: Sections;
  /** Names of the options that the server knows. */
  readonly known: readonly string[];
  /** Arguments of `name[…]`. */
  readonly given: ReadonlyMap<string, string>;
  /** The jail's known options: variables for `%(…)s`, and they take the place of the file's own. */
  readonly jail: ReadonlyMap<string, string>;
  /** Tags that stay as they are. */
  readonly keep: readonly string[];
  /** Tags that are no options of `[Definition]` and that an earlier reading for the same jail looked up elsewhere, null for those it did not find: they stay so. This reading adds its own. */
  readonly lookedUp?: Map<string, string | null>;
}

export interface Definition {
  /** All options with their tags resolved: known ones of the file first, then arguments and `[Init]`. */
  readonly options: ReadonlyMap<string, string>;
  /** Arguments, then what `[Init]` adds, tags as written. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Whether the files have a `[Definition]` at all. */
  readonly defined: boolean;
  /** An option by the name under which a jail's `%(known/…)s` asks for it: one of `options`, or any other of `[Definition]`. */
  known(option: string): string | undefined;
  /** Where a known option stands in the files. */
  origin(option: string): Option | undefined;
}

/** Reads a definition. Throws InterpolationError and SubstitutionError. */
export function readDefinition(request: DefinitionRequest): Definition {
  const { sections, given, jail } = request;
  const vars = new Map([...jail, ...given]);
  const scope: Scope = { sections, section: 'Definition', vars };
  const options = new Map<string, string>();
  const hasDefinition = sections.sections.has('Definition');
  for (const name of request.known) {
    if (vars.has(name) || !hasDefinition) continue;
    const value = fetchOption(scope, name);
    if (value !== undefined) options.set(name, value);
  }
  const parameters = new Map(given);
  for (const key of sections.sections.get('Init')?.keys() ?? []) {
    const value = fetchOption({ sections, section: 'Init' }, key);
    if (value === undefined) continue;
    parameters.set(`known/${key}`, value);
    if (!parameters.has(key)) parameters.set(key, value);
  }
  for (const [key, value] of parameters) options.set(key, value);
  const keep = new Set(request.keep);
  for (const key of options.keys()) {
    const conditional = /^(\w+)\?/.exec(key)?.[1];
    if (conditional !== undefined) keep.add(conditional);
  }
  const lookedUp = request.lookedUp ?? new Map<string, string | null>();
  const fallback = (tag: string): string | undefined => {
    if (sections.sections.get('Definition')?.has(tag) === true) return fetchOption(scope, tag);
    let value = lookedUp.get(tag);
    if (value === undefined) {
      value = (hasDefinition ? tagFromFile(scope, tag) : undefined) ?? null;
      lookedUp.set(tag, value);
    }
    return value ?? undefined;
  };
  const resolved = substituteTags(options, keep, fallback);
  const resolveOne = (name: string): string | undefined => {
    const value = sections.sections.get('Definition')?.has(name) === true ? fetchOption(scope, name) : undefined;
    if (value === undefined) return undefined;
    return substituteTags(new Map([[name, value]]), keep, (tag) => resolved.get(tag) ?? fallback(tag)).get(name);
  };
  return {
    options: resolved,
    parameters,
    defined: hasDefinition,
    known: (option) => resolved.get(option) ?? resolveOne(option),
    origin: (option) => rawOption({ sections, section: 'Definition' }, option)?.at,
  };
}

/** A tag that is no option of the call: an option of the file, or `<section/option>`. */
function tagFromFile(scope: Scope, tag: string): string | undefined {
  const slash = tag.indexOf('/');
  if (slash < 0) return fetchOption(scope, tag.toLowerCase());
  const section = tag.slice(0, slash);
  const key = tag.slice(slash + 1).toLowerCase();
  const { sections } = scope;
  if (section === 'known') {
    const overridden = overriddenScope(sections);
    return (overridden === null ? undefined : fetchOption(overridden, key)) ?? fetchOption({ sections, section: 'Definition' }, key);
  }
  if (!sections.sections.has(section)) return undefined;
  return fetchOption({ sections, section }, key);
}

/** What later files have overridden in `[Definition]`, as a section of its own: its `%(…)s` see what was overridden too, then DEFAULT, but not what stands in `[Definition]` now. */
function overriddenScope(sections: Sections): Scope | null {
  const overridden = sections.known.get('Definition');
  if (overridden === undefined) return null;
  const section = 'KNOWN/Definition';
  return { sections: { ...sections, sections: new Map([...sections.sections, [section, overridden]]) }, section };
}
