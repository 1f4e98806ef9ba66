/** Makes what a failure carries from the groups that a regex captured: alternatives and tuples merged, the id chosen. */
import type { UseDns } from '../../model/jail-config';
import type { CapturedData } from '../../model/ticket';
import type { PatternMatch } from '../../regex/pattern';
import { addressText, idOfAddress, idOfText } from './address-text';

const NO_NAMES: readonly string[] = [];

/** The users of a session, each once. */
export class SessionUsers {
  constructor(readonly names: readonly string[] = NO_NAMES) {}
}

/** A group's text, null where it took no part; tuples are arrays. */
export type CapturedValue = string | null | readonly string[] | SessionUsers;

/** As in a copy of captured groups: the users of a session are a set. */
export type CopiedValue = Exclude<CapturedValue, SessionUsers> | ReadonlySet<string>;
export type CapturedMap = ReadonlyMap<string, CopiedValue>;

/** Captured groups in order, as a Map has them: for the few of a line, a list is quicker to make, and smaller. */
export class Captured {
  /**
   * @param entries names and values by turns
   * @param isShared whether another one has the same list: then it stays as it is
   */
  constructor(
    private entries: CapturedValue[] = [],
    private isShared = false,
  ) {}

  /** All this as it is now, whatever is set here later. */
  asItIs(): Captured {
    this.isShared = true;
    return new Captured(this.entries, true);
  }

  private own(): CapturedValue[] {
    if (this.isShared) this.entries = this.entries.slice();
    this.isShared = false;
    return this.entries;
  }

  private indexOf(name: string): number {
    const { entries } = this;
    for (let at = 0; at < entries.length; at += 2) if (entries[at] === name) return at;
    return -1;
  }

  get(name: string): CapturedValue | undefined {
    const at = this.indexOf(name);
    return at === -1 ? undefined : this.entries[at + 1];
  }

  has(name: string): boolean {
    return this.indexOf(name) !== -1;
  }

  set(name: string, value: CapturedValue): void {
    const at = this.indexOf(name);
    if (at === -1) this.own().push(name, value);
    else if (this.entries[at + 1] !== value) this.own()[at + 1] = value;
  }

  /** As `set`, of a name that is not there yet. */
  add(name: string, value: CapturedValue): void {
    this.own().push(name, value);
  }

  delete(name: string): void {
    const at = this.indexOf(name);
    if (at !== -1) this.own().splice(at, 2);
  }

  forEach(each: (name: string, value: CapturedValue) => void): void {
    const { entries } = this;
    for (let at = 0; at < entries.length; at += 2) each(entries[at] as string, entries[at + 1] as CapturedValue);
  }

  /** As a ticket carries it: without groups that took no part. */
  toTicket(): CapturedData {
    const ticket: Record<string, string | readonly string[]> = {};
    const { entries } = this;
    for (let at = 0; at < entries.length; at += 2) {
      const name = entries[at] as string;
      const value = entries[at + 1] as CapturedValue;
      if (value !== null && name !== '__proto__') ticket[name] = value instanceof SessionUsers ? [...value.names] : value;
    }
    return ticket;
  }

  /** A copy, for who shows it. */
  toMap(): CapturedMap {
    const map = new Map<string, CopiedValue>();
    this.forEach((name, value) => map.set(name, value instanceof SessionUsers ? new Set(value.names) : value));
    return map;
  }
}

const isEmpty = (value: CapturedValue | undefined): boolean => value === undefined || value === null || value === '';

/** Text of a group; null when it is unset or not a text. */
export function textOf(data: Captured, name: string): string | null {
  const value = data.get(name);
  return typeof value === 'string' ? value : null;
}

/** Whether a group captured anything at all. */
export function isSet(data: Captured, name: string): boolean {
  return !isEmpty(data.get(name));
}

/** A group that adds to another one. */
interface Addition {
  readonly name: string;
  readonly kind: 'alt' | 'tuple';
  readonly target: string;
}

/** Names whose group is called otherwise. */
const GROUP_NAMES: Readonly<Record<string, string>> = { id: 'fid', port: 'fport' };

/** The same text as V8 has it for the names in the program: they are compared by a look. */
const known = (name: string): string => Object.keys({ [name]: null })[0] as string;

/** The groups of a pattern, and which of them add to others. */
export interface GroupPlan {
  readonly names: readonly string[];
  /** Groups that took no part are kept as null. */
  readonly keepUnset: boolean;
  readonly additions: readonly Addition[];
}

/** What to do with a pattern's groups: `alt_X…` fill in for X where it is empty, `tuple_X…` are joined to it (reference 2.2). */
export function planGroups(names: readonly string[], keepUnset: boolean): GroupPlan {
  const additions = [...names].sort().flatMap((name): Addition[] => {
    const parts = /^(alt|tuple)_(.+?)(?:_\d+)?$/s.exec(name);
    return parts === null
      ? []
      : [{ name, kind: parts[1] === 'alt' ? 'alt' : 'tuple', target: GROUP_NAMES[parts[2] ?? ''] ?? parts[2] ?? '' }];
  });
  return { names: names.map(known), keepUnset, additions };
}

/** Sets the groups of a match, without looking at those that add to others; groups that took no part only where they unset a value. */
export function addCaptured(data: Captured, match: PatternMatch, { names, keepUnset }: GroupPlan): void {
  for (let at = 0; at < names.length; at++) {
    const text = match.namedAt(at);
    const name = names[at] as string;
    if (text !== null || keepUnset || data.has(name)) data.set(name, text);
  }
}

/**
 * As `addCaptured`, of groups of which none is there yet.
 * @param but the place of one that is left out; −1 for none
 */
export function addNew(data: Captured, match: PatternMatch, { names, keepUnset }: GroupPlan, but = -1): void {
  for (let at = 0; at < names.length; at++) {
    if (at === but) continue;
    const text = match.namedAt(at);
    if (text !== null || keepUnset) data.add(names[at] as string, text);
  }
}

/** The groups of a match, in order. */
export function capturedOf(match: PatternMatch, plan: GroupPlan): Captured {
  const data = new Captured();
  addNew(data, match, plan);
  for (const { name, kind, target } of plan.additions) {
    const value = match.group(name);
    if (value === null || value === '') continue;
    const present = data.get(target);
    if (kind === 'alt') {
      if (isEmpty(present)) data.set(target, value);
      continue;
    }
    const items = typeof present === 'string' ? [present] : Array.isArray(present) ? (present as readonly string[]) : [];
    data.set(target, [...items, value]);
  }
  return data;
}

/** Whom a match is about. */
export type Identity =
  | { readonly kind: 'id'; readonly id: string; readonly address: string | null }
  | { readonly kind: 'dns'; readonly name: string }
  /** A name, but names are not resolved. */
  | { readonly kind: 'unresolved' }
  | { readonly kind: 'none' };

function addressOf(data: Captured): string | null {
  const ip = textOf(data, 'ip4') ?? textOf(data, 'ip6');
  return ip === null ? null : idOfAddress(ip, textOf(data, 'cidr'));
}

/** Python's text of a captured tuple, as fail2ban uses it for an id. */
function tupleText(items: readonly string[]): string {
  const quoted = items.map((item) => `'${item.replace(/[\\']/g, '\\$&')}'`);
  return `(${quoted.join(', ')}${items.length === 1 ? ',' : ''})`;
}

/** @param own the id that a group names; null when none does */
function idWith(own: string | null, address: string): Identity {
  return own !== null && own !== address ? { kind: 'id', id: own, address } : { kind: 'id', id: address, address: null };
}

/** The failure id of a match (reference 2.5 g). */
export function identify(data: Captured, usedns: UseDns): Identity {
  const fid = data.get('fid');
  const named = typeof fid === 'string' ? fid : Array.isArray(fid) ? tupleText(fid as readonly string[]) : null;
  const own = named === null || Array.isArray(fid) || usedns === 'raw' ? named : idOfText(named);
  const address = addressOf(data);
  if (address !== null) return idWith(own, address);
  const name = textOf(data, 'dns');
  if (name !== null) {
    const literal = addressText(name);
    if (literal !== null) return idWith(own, literal);
    if (usedns === 'raw') return idWith(own, name);
    return usedns === 'no' ? { kind: 'unresolved' } : { kind: 'dns', name };
  }
  return own === null ? { kind: 'none' } : { kind: 'id', id: own, address: null };
}
