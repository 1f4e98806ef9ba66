/** A ban ticket becomes the values of the dynamic tags (`<ip>`, `<matches>`, `<F-USER>`), each worked out only when a command asks for it. */
import { isIPv4 } from 'node:net';
import { parseAddress } from '../../model/address';
import { pythonRepr, PyFloat } from '../../model/python-repr';
import { matchedText, type BanTicket } from '../../model/ticket';
import { reverseLabels } from './reverse-labels';
import type { Family } from './static-tags';

export interface MergedBans {
  readonly matches: readonly string[];
  readonly failures: number;
}

/** What an action may ask about a ticket beyond the ticket itself. */
export interface TicketLookups {
  /** All bans of the id, in one jail or (null) in all; null or empty when nothing is remembered: then the ticket speaks for itself. */
  mergedBans(id: string, jail: string | null): Promise<MergedBans | null>;
  /** The name of an address, null when it has none. */
  hostName(address: string): Promise<string | null>;
}

/** What tags tell of a jail. */
export interface NamedJail {
  readonly name: string;
  counters(): { readonly banned: number; readonly bannedTotal: number; readonly found: number; readonly foundTotal: number };
}

/** The jail as its actions see it. */
export interface ActionJail extends NamedJail {
  /** Seconds since the epoch. */
  now(): number;
  /** The jail's own, seconds. */
  bantime(): number;
}

/** The value of a tag; null when it is no tag of tickets. */
export type ValueLookup = (tag: string) => Promise<string | null>;

/** The address of a ticket: a captured `ip`, else its id. */
export function addressOf(ticket: BanTicket): string {
  const captured = ticket.data.captured['ip'];
  return typeof captured === 'string' && captured !== '' ? captured : ticket.id;
}

/** The family of a ticket's address; `None` when its id is no address and no range. */
export function familyOf(ticket: BanTicket): Exclude<Family, ''> {
  const text = addressOf(ticket);
  return isIPv4(text) ? 'inet4' : (parseAddress(text)?.family ?? 'None');
}

/** The values of a ticket for the commands of one action, each asked for once. */
export function ticketValues(ticket: BanTicket, jail: NamedJail, lookups: TicketLookups): ValueLookup {
  const known = new Map<string, Promise<string | null>>();
  return (tag) => {
    const value = known.get(tag) ?? valueOf(tag, ticket, jail, lookups);
    known.set(tag, value);
    return value;
  };
}

const NO_LOOKUPS: TicketLookups = { mergedBans: () => Promise.resolve(null), hostName: () => Promise.resolve(null) };

/** The values for commands that start, stop, flush or reload: those of a ticket about nobody, with the jail's bantime. */
export function valuesWithoutTicket(jail: ActionJail): ValueLookup {
  const data = { failures: 0, matches: [], captured: {} };
  return ticketValues({ id: '', time: jail.now(), bantime: jail.bantime(), bancount: 0, restored: false, data }, jail, NO_LOOKUPS);
}

async function valueOf(tag: string, ticket: BanTicket, jail: NamedJail, lookups: TicketLookups): Promise<string | null> {
  if (tag.startsWith('F-')) return capturedValue(tag, ticket);
  const simple = SIMPLE[tag];
  if (simple !== undefined && Object.hasOwn(SIMPLE, tag)) return simple(ticket, jail);
  if (tag === 'ip-host') return (await lookups.hostName(addressOf(ticket))) ?? 'None';
  const merged = /^ip(jail)?(matches|failures)$/.exec(tag);
  if (merged === null) return null;
  const bans = await lookups.mergedBans(ticket.id, merged[1] === undefined ? null : jail.name);
  const none = bans === null || (bans.failures === 0 && bans.matches.length === 0);
  if (merged[2] === 'failures') return String(none ? ticket.data.failures : bans.failures);
  return none ? matchesOf(ticket) : bans.matches.join('\n');
}

const SIMPLE: Readonly<Record<string, (ticket: BanTicket, jail: NamedJail) => string>> = {
  ip: addressOf,
  family: familyOf,
  'ip-rev': (ticket) => reverseLabels(addressOf(ticket)),
  fid: (ticket) => ticket.id,
  failures: (ticket) => String(ticket.data.failures),
  // Times of tickets are floats in Python; those from the database are whole numbers there.
  time: (ticket) => pythonRepr(ticket.restored && Number.isInteger(ticket.time) ? ticket.time : new PyFloat(ticket.time)),
  bantime: (ticket) => String(Math.trunc(ticket.bantime)),
  bancount: (ticket) => String(ticket.bancount),
  matches: matchesOf,
  restored: (ticket) => (ticket.restored ? '1' : '0'),
  'raw-ticket': rawTicket,
  'jail.name': (_ticket, jail) => jail.name,
  'jail.banned': (_ticket, jail) => String(jail.counters().banned),
  'jail.banned_total': (_ticket, jail) => String(jail.counters().bannedTotal),
  'jail.found': (_ticket, jail) => String(jail.counters().found),
  'jail.found_total': (_ticket, jail) => String(jail.counters().foundTotal),
};

function matchesOf(ticket: BanTicket): string {
  return ticket.data.matches.map(matchedText).join('\n');
}

/** `<F-USER>` is what the filter captured as `user`; empty when it captured none. */
function capturedValue(tag: string, ticket: BanTicket): string | null {
  if (!/^F-[A-Z0-9_-]+$/.test(tag)) return null;
  const short = tag.slice(2);
  const name = short === 'ID' ? 'fid' : short === 'PORT' ? 'fport' : short.toLowerCase();
  const value = Object.hasOwn(ticket.data.captured, name) ? ticket.data.captured[name]! : '';
  return typeof value === 'string' ? value : value.join(', ');
}

function rawTicket(ticket: BanTicket): string {
  const matches = ticket.data.matches.map(matchedText);
  return `BanTicket: ip=${ticket.id} time=${ticket.time} bantime=${ticket.bantime} bancount=${ticket.bancount} #attempts=${ticket.data.failures} matches=${pythonRepr(matches)}`;
}
