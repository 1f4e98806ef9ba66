/** The value of an option with its `%(…)s` resolved, as it is fetched: from the call's variables, the section, DEFAULT and other sections. */
import type { Option, Options } from './ini';
import type { Sections } from './sections';

/** Python's limit of interpolations within interpolations. */
const MAX_DEPTH = 10;
/** A value that doubles itself at every level ends here, not in memory. */
const MAX_LENGTH = 1 << 20;

/** An option whose `%(…)s` cannot be resolved. */
export class InterpolationError extends Error {
  constructor(
    readonly option: string,
    readonly section: string,
    reason: string,
    readonly at?: Option,
  ) {
    super(reason);
    this.name = 'InterpolationError';
  }
}

/** A merged configuration, read from the view of one section. `own` are options laid over the section (jails: `known/…` of the filter). */
export interface Scope {
  readonly sections: Sections;
  readonly section: string;
  readonly vars?: ReadonlyMap<string, string>;
  readonly own?: { get(key: string): string | undefined };
}

/** The option as written: variables of the call, then the section, then DEFAULT. */
export function rawOption(scope: Scope, key: string): { value: string; at?: Option } | undefined {
  const given = scope.vars?.get(key) ?? scope.own?.get(key);
  if (given !== undefined) return { value: given };
  const at = scope.sections.sections.get(scope.section)?.get(key) ?? scope.sections.defaults.get(key);
  return at === undefined ? undefined : { value: at.value, at };
}

/** The option's value, resolved; undefined when it is nowhere. Throws InterpolationError. */
export function fetchOption(scope: Scope, key: string): string | undefined {
  const raw = rawOption(scope, key);
  return raw === undefined ? undefined : interpolate(scope, key, raw.value, raw.at);
}

/** A text with its `%(…)s` resolved in a scope; `key` is whose value it is. */
export function interpolate(scope: Scope, key: string, text: string, at?: Option): string {
  const fail = (reason: string): InterpolationError => new InterpolationError(key, scope.section, reason, at);
  let budget = MAX_LENGTH;
  const expand = (value: string, depth: number): string => {
    if (!value.includes('%')) return value;
    if (depth > MAX_DEPTH) {
      const hint = value.includes('%(known/') ? `; only one file may extend it with %(known/${key})s` : '';
      throw fail(`its interpolation does not end: recursion limit exceeded at '${value.slice(0, 80)}'${hint}`);
    }
    let result = '';
    let from = 0;
    for (let percent = value.indexOf('%'); percent >= 0; percent = value.indexOf('%', from)) {
      result += value.slice(from, percent);
      if (value.charAt(percent + 1) === '%') {
        result += '%';
        from = percent + 2;
        continue;
      }
      const tag = /^%\(([^)]+)\)s/.exec(value.slice(percent, percent + 1000));
      if (tag === null) {
        throw fail(`'%' must be followed by '%' or '(name)s', found: '${value.slice(percent, percent + 40)}'; write '%%' for a plain '%'`);
      }
      const name = (tag[1] ?? '').toLowerCase();
      const found = lookUp(scope, name);
      if (found === undefined) throw fail(`contains '%(${name})s', but there is no option '${name}'`);
      result += expand(found, depth + 1);
      from = percent + tag[0].length;
      budget -= found.length;
      if (budget < 0 || result.length > MAX_LENGTH) throw fail('its interpolation makes a text of more than a million characters');
    }
    return result + value.slice(from);
  };
  return expand(text, 1);
}

/** The raw text that a name between `%(` and `)s` stands for. */
function lookUp(scope: Scope, name: string): string | undefined {
  const plain = rawOption(scope, name)?.value;
  if (plain !== undefined) return plain;
  if (name === '__name__') return scope.section;
  const slash = name.indexOf('/');
  if (slash < 0) return undefined;
  const section = name.slice(0, slash);
  const key = name.slice(slash + 1);
  const { defaults, sections, known } = scope.sections;
  if (section === 'default') return defaults.get(key)?.value;
  const options: Options | undefined =
    section === 'known' ? (known.get(scope.section) ?? new Map<string, Option>()) : sections.get(section);
  return options === undefined ? undefined : (options.get(key) ?? defaults.get(key))?.value;
}
