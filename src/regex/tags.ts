/** Makes a pattern of a fail2ban regex: `<HOST>`, `<F-USER>` … become groups as fail2ban 1.0.2 writes them. */
import { compilePattern } from './compile';
import type { Pattern } from './pattern';
import { PatternError } from './pattern';

const IP4 = String.raw`(?:::f{4,6}:)?(?P<ip4>(?:\d{1,3}\.){3}\d{1,3})`;
const IP6 = '(?P<ip6>(?:[0-9a-fA-F]{1,4}::?|::){1,7}(?:[0-9a-fA-F]{1,4}|(?<=:):))';
const ADDR = String.raw`\[?(?:${IP4}|${IP6})\]?`;
const DNS = String.raw`(?P<dns>[\w\-.^_]*\w)`;
const CIDR = String.raw`(?P<cidr>\d+)`;
const SUBNET = String.raw`\[?(?:${IP4}|${IP6})(?:/${CIDR})?\]?`;

/** Tags with an expansion of their own; all but HOST also as `<F-NAME/>`. */
const FIXED: ReadonlyMap<string, string> = new Map([
  ['IP4', IP4],
  ['IP6', IP6],
  ['ADDR', ADDR],
  ['DNS', DNS],
  ['CIDR', CIDR],
  ['SUBNET', SUBNET],
  ['F-IP4/', IP4],
  ['F-IP6/', IP6],
  ['F-ADDR/', ADDR],
  ['F-DNS/', DNS],
  ['F-CIDR/', CIDR],
  ['F-SUBNET/', SUBNET],
  ['F-ID/', String.raw`(?P<fid>\S+)`],
  ['F-PORT/', String.raw`(?P<fport>\w+)`],
]);
/** Names whose group is called otherwise. */
const GROUP_NAMES: Readonly<Record<string, string>> = { id: 'fid', port: 'fport' };
/** Groups of which a failregex (or its prefregex) needs one: they say who failed. */
const ID_GROUPS = ['fid', 'ip4', 'ip6', 'dns', 'mlfid'];

export interface TagOptions {
  /** The jail's `usedns`; with `no` a `<HOST>` is an address, never a name. */
  readonly usedns?: string;
}

/** A regex of a filter cannot be used; the message is fail2ban's. */
export class FailregexError extends Error {
  constructor(
    message: string,
    /** What is wrong with the pattern, when it does not compile; its position counts in `expanded`. */
    readonly pattern: PatternError | null = null,
  ) {
    super(message);
    this.name = 'FailregexError';
  }
}

/** The regex with its tags expanded, in Python's syntax. */
export function expandTags(regex: string, options: TagOptions = {}): string {
  const opened = new Set<string>();
  let skips = 0;
  const expanded = regex.replace(/<(\/?)([A-Z0-9_-]+)(\/?)>/g, (tag: string, closing: string, name: string, single: string) => {
    if (closing !== '') return single === '' && opened.has(name) ? ')' : tag;
    if (single === '') {
      if (name === 'HOST') return options.usedns === 'no' ? ADDR : `(?:${ADDR}|${DNS})`;
      if (name === 'SKIPLINES') return String.raw`\n(?P<skiplines${skips++}>(?:(?:.*\n)*?))`;
    }
    const fixed = FIXED.get(name + single);
    if (fixed !== undefined) return fixed;
    if (!name.startsWith('F-')) return tag;
    opened.add(name);
    const lowered = name.slice(2).toLowerCase();
    return `(?P<${GROUP_NAMES[lowered] ?? lowered}>`;
  });
  return scopeFlags(expanded);
}

/** `((?i)…` and `(?:(?i)…` become `(?i:…`: flags at the start of a group hold for the group. */
function scopeFlags(regex: string): string {
  return regex.replace(/(?<!\\)\((?:\?:)?\(\?([a-z]+)\)/g, '(?$1:');
}

export interface FailregexOptions extends TagOptions {
  /** The filter looks at several lines at a time (maxlines > 1): `^` and `$` match at each of them. */
  readonly multiline?: boolean;
  /** Whether the regex itself must say who failed: not for a prefregex or an ignoreregex, nor where the prefregex says it. */
  readonly needId: boolean;
}

/**
 * The pattern of a regex of a filter.
 * @throws FailregexError in fail2ban's words
 */
export function compileFailregex(regex: string, options: FailregexOptions): { expanded: string; pattern: Pattern } {
  if (regex === '') throw new FailregexError('Cannot add empty regex');
  const expanded = expandTags(regex, options);
  let pattern: Pattern;
  try {
    pattern = compilePattern(expanded, { namedOnly: true, flags: { multiline: options.multiline ?? false } });
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new FailregexError(`Unable to compile regular expression '${expanded}':\n${error.message}`, error);
  }
  if (options.needId && !hasId(pattern)) throw new FailregexError(`No failure-id group in '${expanded}'`);
  return { expanded, pattern };
}

/** Whether a pattern says who failed. */
export function hasId(pattern: Pattern): boolean {
  return pattern.groupNames.some((name) => ID_GROUPS.includes(name));
}
