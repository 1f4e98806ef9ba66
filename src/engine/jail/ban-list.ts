/** The bans of one jail that are in force, in the order they were made. */
import { contains, parseAddress } from '../../model/address';
import { endOfBan, type BanTicket, type MatchedLine } from '../../model/ticket';
import { KeptText, shortened } from './kept-text';

export type AddedBan =
  /** It is in the list now. */
  | { readonly kind: 'added' }
  /** Its end is past: refused. */
  | { readonly kind: 'expired' }
  /** The id is banned already; `prolonged` when the listed ban ends later because of it. */
  | { readonly kind: 'known'; readonly listed: BanTicket; readonly prolonged: boolean };

interface Entry {
  ticket: BanTicket;
  /** False when its length is the jail's: then it follows when the jail's changes. */
  readonly ownLength: boolean;
}

/** Bans by id. Tickets are values: a longer ban is a new ticket under the same id. */
export class BanList {
  /** Every ban that was ever added. */
  total = 0;
  readonly #entries = new Map<string, Entry>();
  #nextEnd = Infinity;

  constructor(private readonly kept = new KeptText()) {}

  get size(): number {
    return this.#entries.size;
  }

  /** When the next ban may end, seconds since the epoch; never later than it does. */
  get nextEnd(): number {
    return this.#nextEnd;
  }

  get(id: string): BanTicket | null {
    return this.#entries.get(id)?.ticket ?? null;
  }

  tickets(): readonly BanTicket[] {
    return Array.from(this.#entries.values(), (entry) => entry.ticket);
  }

  ids(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** Adds a ban, or makes the listed one of the same id end as late. `ownLength`: see setLength. */
  add(ticket: BanTicket, now: number, ownLength = false): AddedBan {
    if (endOfBan(ticket) < now) return { kind: 'expired' };
    const entry = this.#entries.get(ticket.id);
    if (entry !== undefined) return this.#again(entry, ticket);
    this.#keep(ticket.data.matches);
    this.#entries.set(ticket.id, { ticket, ownLength });
    this.total++;
    this.#nextEnd = Math.min(this.#nextEnd, endOfBan(ticket));
    return { kind: 'added' };
  }

  /** Puts another ticket in the place of the listed one of the same id; false when the id is not listed. */
  replace(ticket: BanTicket): boolean {
    const entry = this.#entries.get(ticket.id);
    if (entry === undefined) return false;
    this.#keep(ticket.data.matches);
    this.#entries.set(ticket.id, { ticket, ownLength: true });
    this.#nextEnd = Math.min(this.#nextEnd, endOfBan(ticket));
    return true;
  }

  /** Takes a ban out of the list. */
  remove(id: string): BanTicket | null {
    const ticket = this.get(id);
    this.#entries.delete(id);
    return ticket;
  }

  /** Takes out the bans that ended before `now`, in order, `max` at most. */
  takeDue(now: number, max: number): readonly BanTicket[] {
    if (now <= this.#nextEnd) return [];
    const due: BanTicket[] = [];
    let next = Infinity;
    for (const { ticket } of this.#entries.values()) {
      const end = endOfBan(ticket);
      if (now > end && due.length < max) due.push(ticket);
      else next = Math.min(next, end);
    }
    for (const ticket of due) this.#entries.delete(ticket.id);
    this.#nextEnd = next;
    return due;
  }

  /** The ids of banned single addresses and ranges that lie within the range `id`; none when it is an address or no address at all. */
  within(id: string): readonly string[] {
    const range = parseAddress(id);
    if (range === null) return [];
    return this.ids().filter((banned) => {
      const address = parseAddress(banned);
      return banned !== id && address !== null && contains(range, address);
    });
  }

  /** Gives all bans that have the jail's length its new one; returns the tickets that changed. */
  setLength(bantime: number): readonly BanTicket[] {
    const changed: BanTicket[] = [];
    for (const entry of this.#entries.values()) {
      if (entry.ownLength || entry.ticket.bantime === bantime) continue;
      entry.ticket = { ...entry.ticket, bantime };
      this.#nextEnd = Math.min(this.#nextEnd, endOfBan(entry.ticket));
      changed.push(entry.ticket);
    }
    return changed;
  }

  /** Makes room for lines: where all bans have too many, each keeps a piece of its last one. The database has what was written before. */
  #keep(lines: readonly MatchedLine[]): void {
    if (!this.kept.add(lines)) return;
    const entries = [...this.#entries.values()];
    if (!this.kept.isTooMuch(entries.map(({ ticket }) => ticket.data.matches))) return;
    for (const entry of entries) entry.ticket = { ...entry.ticket, data: shortened(entry.ticket.data) };
  }

  #again(entry: Entry, ticket: BanTicket): AddedBan {
    const listed = entry.ticket;
    if (endOfBan(ticket) <= endOfBan(listed)) return { kind: 'known', listed, prolonged: false };
    const bantime = ticket.bantime === -1 ? -1 : ticket.bantime + (ticket.time - listed.time);
    const prolonged = { ...listed, bantime };
    this.#entries.set(ticket.id, { ticket: prolonged, ownLength: true });
    return { kind: 'known', listed: prolonged, prolonged: true };
  }
}
