/** What the engine remembers, in memory: the lawful nothing of the store, with the same meaning as the one on SQLite. */
import { matchedText, type BanTicket, type CountChanges, type CountedFailures, type TicketData } from '../../model/ticket';
import { roundHalfEven } from '../../base/rounding';
import type { BanPage, BanStore, EarlierBans, LogPosition, MergedBans } from './ban-store';

interface Remembered extends BanTicket {
  readonly jail: string;
}

/** A store without a file; `file` says what it is called: `:memory:`, or null for none. */
export class MemoryStore implements BanStore {
  purgeAge = 86_400;
  maxMatches = 10;
  readonly #enabled = new Map<string, boolean>();
  /** All bans, in the order they were made. */
  #bans: Remembered[] = [];
  /** The last ban of each jail and id. */
  readonly #last = new Map<string, Map<string, Remembered>>();
  readonly #positions = new Map<string, Map<string, LogPosition>>();
  readonly #counted = new Map<string, Map<string, CountedFailures>>();
  readonly #held = new Map<string, string>();

  constructor(readonly file: ':memory:' | null = ':memory:') {}

  async addJail(jail: string): Promise<void> {
    this.#enabled.set(jail, true);
  }

  async removeJail(jail: string): Promise<void> {
    if (this.#enabled.has(jail)) this.#enabled.set(jail, false);
  }

  async disableAllJails(): Promise<void> {
    for (const jail of this.#enabled.keys()) this.#enabled.set(jail, false);
  }

  async recordBans(jail: string, tickets: readonly BanTicket[]): Promise<void> {
    this.#know(jail);
    for (const ticket of tickets) {
      const kept = { ...ticket, jail, time: roundHalfEven(ticket.time), restored: true, data: this.#bounded(ticket.data) };
      this.#bans.push(kept);
      inner(this.#last, jail).set(ticket.id, kept);
    }
  }

  async changeBans(jail: string, tickets: readonly BanTicket[]): Promise<void> {
    const written = new Set(tickets.map(({ id, time }) => `${roundHalfEven(time)} ${id}`));
    this.#bans = this.#bans.filter((ban) => ban.jail !== jail || !written.has(`${ban.time} ${ban.id}`));
    await this.recordBans(jail, tickets);
  }

  async forgetBans(jail: string | null, ids: readonly string[] | null): Promise<number> {
    const wanted = ids === null ? null : new Set(ids);
    const meant = (ban: Remembered): boolean => (jail === null || ban.jail === jail) && (wanted === null || wanted.has(ban.id));
    this.#bans = this.#bans.filter((ban) => !meant(ban));
    return this.#forgetLast(meant);
  }

  async currentBans(jail: string, now: number, within: number | null, page: BanPage | null = null): Promise<readonly BanTicket[]> {
    const bans = [...(this.#last.get(jail)?.values() ?? [])].filter(
      (ban) =>
        (ban.bantime <= -1 || ban.time + ban.bantime > now) &&
        (within === null || ban.time > now - within) &&
        (page === null || ban.id > page.after),
    );
    return bans
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, page?.most)
      .map(({ id, time, bantime, bancount, data }) => ({ id, time, bantime, bancount, restored: true, data }));
  }

  async earlierBans(id: string, jail: string | null): Promise<EarlierBans | null> {
    const bans = this.#lastOf(id, jail);
    if (bans.length === 0) return null;
    return {
      bancount: bans.reduce((sum, ban) => sum + ban.bancount, 0),
      time: bans.reduce((latest, ban) => Math.max(latest, ban.time), -Infinity),
      bantime: bans.reduce((sum, ban) => sum + ban.bantime, 0),
    };
  }

  async mergedBans(id: string, jail: string | null): Promise<MergedBans> {
    const bans = this.#bans.filter((ban) => ban.id === id && (jail === null || ban.jail === jail)).sort((a, b) => a.time - b.time);
    const matches = bans.flatMap((ban) => ban.data.matches.map(matchedText));
    return {
      matches: this.maxMatches > 0 ? matches.slice(-this.maxMatches) : [],
      failures: bans.reduce((sum, ban) => sum + ban.data.failures, 0),
    };
  }

  async logPositions(jail: string): Promise<ReadonlyMap<string, LogPosition>> {
    return new Map(this.#positions.get(jail));
  }

  async saveLogPositions(
    jail: string,
    positions: ReadonlyMap<string, LogPosition>,
    counts: CountChanges | null = null,
    held: string | null = null,
  ): Promise<void> {
    this.#know(jail);
    if (held !== null) this.#held.set(jail, held);
    for (const [path, position] of positions) inner(this.#positions, jail).set(path, position);
    if (counts === null) return;
    const known = inner(this.#counted, jail);
    if (counts.anew) known.clear();
    for (const id of counts.gone) known.delete(id);
    for (const counted of counts.counted) known.set(counted.id, counted);
  }

  async countedFailures(jail: string, before: number): Promise<readonly CountedFailures[]> {
    return [...(this.#counted.get(jail)?.values() ?? [])].filter(({ time }) => time > before);
  }

  async heldLines(jail: string): Promise<string | null> {
    return this.#held.get(jail) ?? null;
  }

  async forgetLog(jail: string, path: string): Promise<void> {
    this.#positions.get(jail)?.delete(path);
  }

  async purge(now: number): Promise<void> {
    const limit = now - this.purgeAge;
    this.#bans = this.#bans.filter((ban) => ban.time >= limit);
    this.#forgetLast((ban) => ban.time < limit && ban.bantime !== -1 && ban.time + 3 * ban.bantime < limit);
    for (const counted of this.#counted.values()) {
      for (const [id, { time }] of counted) if (time < limit) counted.delete(id);
    }
    for (const [jail, enabled] of this.#enabled) {
      if (enabled || this.#last.has(jail) || this.#bans.some((ban) => ban.jail === jail)) continue;
      this.#enabled.delete(jail);
      this.#positions.delete(jail);
      this.#counted.delete(jail);
      this.#held.delete(jail);
    }
  }

  async close(): Promise<void> {
    this.#bans = [];
    this.#last.clear();
    this.#positions.clear();
    this.#counted.clear();
    this.#held.clear();
  }

  #know(jail: string): void {
    if (!this.#enabled.has(jail)) this.#enabled.set(jail, true);
  }

  #bounded(data: TicketData): TicketData {
    return { ...data, matches: this.maxMatches > 0 ? data.matches.slice(-this.maxMatches) : [] };
  }

  #lastOf(id: string, jail: string | null): Remembered[] {
    const found: Remembered[] = [];
    for (const [name, bans] of this.#last) {
      const ban = jail === null || name === jail ? bans.get(id) : undefined;
      if (ban !== undefined) found.push(ban);
    }
    return found;
  }

  #forgetLast(meant: (ban: Remembered) => boolean): number {
    let gone = 0;
    for (const [jail, bans] of this.#last) {
      for (const [id, ban] of bans) {
        if (meant(ban) && bans.delete(id)) gone++;
      }
      if (bans.size === 0) this.#last.delete(jail);
    }
    return gone;
  }
}

function inner<T>(outer: Map<string, Map<string, T>>, key: string): Map<string, T> {
  let map = outer.get(key);
  if (map === undefined) {
    map = new Map();
    outer.set(key, map);
  }
  return map;
}
