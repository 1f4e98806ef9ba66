/** A ban as the list keeps it in memory: a row, and what it is sorted and searched by. */
import { endOfBan } from '../../../model/ticket';
import { isSingle, parseAddress, type Address } from '../../../model/address';
import type { BannedAddress } from '../../../model/status';
import type { Place } from '../geo/geo';
import type { BanRow, ManualBanInfo } from './ban-board';

/** What fail2ban's database tells of a ban. */
export interface BanFacts {
  readonly failures: number;
  readonly times: number;
  readonly users: readonly string[];
  /** The matched lines and all else that is written of it, as JSON: it is searched for text. */
  readonly text: Buffer;
}

export interface BanEntry {
  readonly row: BanRow;
  /** Sorts as addresses do: those of IPv4, of IPv6, then other ids by their text. */
  readonly key: string;
  readonly users: readonly string[];
  /** When the id is a range. */
  readonly range: Address | null;
  /** Number of its own among those of the list. */
  place: number;
  /** No longer in force, or replaced by another entry. */
  gone: boolean;
}

const WIDTH = { inet4: 4, inet6: 16 } as const;

/** The key of an address, or of the first one of a range. */
export function keyOf(id: string): string {
  const address = parseAddress(id);
  return address === null ? `~${id}` : startKey(address) + (isSingle(address) ? '' : `/${String.fromCharCode(address.prefix)}`);
}

function startKey({ family, bytes }: Address): string {
  return (family === 'inet4' ? '4' : '6') + String.fromCharCode(...bytes);
}

/** The keys between which the addresses and ranges within a range lie, the second one included. */
export function keyBounds(range: Address): { readonly from: string; readonly to: string } {
  const last = range.bytes.map((byte, at) => byte | (0xff >> Math.min(8, Math.max(0, range.prefix - at * 8))));
  const from = startKey(range);
  return { from, to: startKey({ ...range, bytes: last }) + (WIDTH[range.family] * 8 === range.prefix ? '' : '/\uffff') };
}

export interface EntryParts {
  readonly ban: BannedAddress;
  readonly place: Place;
  /** Of the database: null while it has told nothing. */
  readonly facts: Omit<BanFacts, 'text'> | null;
  readonly manual: ManualBanInfo | null;
}

/** Id, network, reason and users in lower case, for searching. */
export function wordsOf({ row: { id, place, manual }, users }: BanEntry): Buffer {
  return Buffer.from([id, place.network ?? '', manual?.reason ?? '', ...users].join('\n').toLowerCase().replaceAll('\0', ' '));
}

export function entryOf({ ban, place, facts, manual }: EntryParts): BanEntry {
  const { jail, id, time, bantime } = ban;
  const until = manual?.until ?? Infinity;
  const end = Math.min(bantime === -1 ? Infinity : endOfBan(ban), until);
  const row: BanRow = {
    jail,
    id,
    time,
    bantime,
    end: end === Infinity ? null : end,
    place,
    failures: facts?.failures ?? null,
    timesBanned: facts?.times ?? null,
    manual,
  };
  const address = id.includes('/') ? parseAddress(id) : null;
  const range = address === null || isSingle(address) ? null : address;
  return { row, key: keyOf(id), users: facts?.users ?? [], range, place: 0, gone: false };
}
