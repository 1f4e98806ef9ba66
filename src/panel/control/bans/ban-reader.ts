/** Keeps the list of bans as the server has it: jail by jail, one reading at a time, anew when somebody changed something or after a while. */
import { sleep, type Clock } from '../../../base/clock';
import { AppError, messageOf } from '../../../base/errors';
import type { Logger } from '../../../base/logger';
import { canonicalId } from '../../../model/address';
import { type Availability, NOT_AVAILABLE } from '../../../model/availability';
import type { KeptEvent } from '../../../model/event-page';
import type { BannedAddress } from '../../../model/status';
import type { Control } from '../control';
import type { Geo } from '../geo/geo';
import type { BanDatabase } from './ban-database';
import { BanIndex } from './ban-index';
import type { ManualBans } from './manual-bans';
import { BAN_SORTS, type ManualBanInfo } from './ban-board';

/** Seconds after which the list is looked at for the next question. */
const KEEP_FOR = 10;
/** Seconds after which all of it is read anew, whatever the server told. */
const READ_WHOLE = 600;
/** A list of more bans than this, a little old, is shown while it is read anew. */
const LONG = 20_000;
const LITTLE_OLD = 120;
/** The server writes a ban down a moment after it made it. */
const WRITTEN_LATE = 60;
/** New addresses that are placed before others have their turn. */
const PLACED_AT_ONCE = 2000;
/** Bans of one jail that are asked for by name; for more the jail is read. */
const FEW = 500;
/** Stands for all jails among names of jails. */
const EVERY = '';

export interface BanReaderDeps {
  readonly control: Control;
  readonly geo: Geo;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly database: BanDatabase;
  readonly manual: ManualBans;
}

export class BanReader {
  readonly index = new BanIndex();
  readonly #deps: BanReaderDeps;
  /** When each jail was read, by the wall clock: the database is asked for what came after. */
  readonly #factsUntil = new Map<string, number>();
  /** Jails that may have changed: our engine tells how, the stock one is asked for all of them. */
  readonly #touched = new Set<string>();
  /** Ids whose bans somebody changed, by jail. */
  readonly #named = new Map<string, Set<string>>();
  /** Jails that are to be read whole. */
  readonly #unread = new Set<string>();
  /** When it was looked at, and when all of it was to be read, by the clock that only grows. */
  #lookedAt = -Infinity;
  #wholeAt = -Infinity;
  /** Whether all jails were read once. */
  #complete = false;
  #reading: Promise<void> = Promise.resolve();
  #inBackground = false;
  /** Of our engine's events; null when there are none, or they are not known yet. */
  #cursor: string | null = null;
  #complained = '';

  constructor(deps: BanReaderDeps) {
    this.#deps = deps;
  }

  /** A jail (null: all of them) is looked at for the next question. @param ids whose bans may have changed, where that is known */
  changed(jail: string | null, ids: readonly string[] | null): void {
    if (ids !== null && ids.length <= FEW) {
      for (const id of ids) this.#name(jail ?? EVERY, canonicalId(id));
      this.#touched.add(jail ?? EVERY);
    } else if (jail === null) this.#wholeAt = -Infinity;
    else this.#touched.add(jail);
  }

  /** Kept when the list is new enough. Rejects as `Control` does, when there is no list at all. */
  async fresh(): Promise<BanIndex> {
    const age = this.#deps.clock.monotonic() - this.#lookedAt;
    const usable = this.#complete && this.#wholeAt > -Infinity;
    const known = usable && age <= LITTLE_OLD && this.index.total > LONG;
    const told = this.#touched.size + this.#named.size > 0 || (this.#unread.size > 0 && !this.#inBackground);
    if (usable && !told && age <= KEEP_FOR) return this.index;
    // A long list of the stock server takes long to read: who changed nothing himself is shown the one of a moment ago.
    const silent = this.#cursor === null;
    if (known && silent && this.#named.size === 0) this.#readInBackground();
    else await this.#readInTurn(!known || (silent && this.#named.size > 0));
    return this.index;
  }

  #readInBackground(): void {
    if (this.#inBackground) return;
    this.#inBackground = true;
    void this.#readInTurn(true)
      .catch(() => undefined)
      .finally(() => (this.#inBackground = false));
  }

  /** One reading at a time; whoever waited for the one before finds little left to do. */
  #readInTurn(whole: boolean): Promise<void> {
    const turn = this.#reading.catch(() => undefined).then(() => this.#read(whole));
    this.#reading = turn;
    return turn;
  }

  /** @param whole whether jails are read whole now; else that is left to a reading in the background */
  async #read(whole: boolean): Promise<void> {
    const { control, clock } = this.#deps;
    const started = clock.monotonic();
    await this.#look(started);
    // Asked for behind the events: a jail that they tell of is among them, or gone.
    const jails = await control.jails();
    this.index.keepJails(jails);
    if (this.#unread.delete(EVERY)) for (const jail of jails) this.#unread.add(jail);
    const manual = await this.#manual();
    for (const [jail, ids] of [...this.#named]) {
      this.#named.delete(jail);
      const names = jail === EVERY ? jails : jails.filter((name) => name === jail);
      for (const name of names) await this.#orUnread(name, () => this.#readBans(name, [...ids], manual));
    }
    this.#lookedAt = started;
    if (this.#unread.size === 0) return;
    if (!whole) {
      this.#readInBackground();
      return;
    }
    for (const jail of [...this.#unread]) {
      this.#unread.delete(jail);
      if (jails.includes(jail)) await this.#orUnread(jail, () => this.#readJail(jail, manual));
    }
    this.#complete = true;
    if (this.index.total > LONG) await this.#sortAhead();
  }

  async #orUnread(jail: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#unread.add(jail);
      throw error;
    }
  }

  /** Finds out whose bans may have changed: our engine tells it; of the stock one every jail is read whose time has come. */
  async #look(now: number): Promise<void> {
    const due = now - this.#lookedAt > KEEP_FOR;
    const old = now - this.#wholeAt > READ_WHOLE;
    if (!due && !old && this.#touched.size === 0) return;
    const touched = [...this.#touched];
    this.#touched.clear();
    try {
      const heard = await this.#hear();
      const all = old || heard === 'lost' || (heard === 'nothing' && due);
      if (all) this.#wholeAt = now;
      for (const jail of all ? [EVERY] : heard === 'nothing' ? touched : []) this.#unread.add(jail);
    } catch (error) {
      for (const jail of touched) this.#touched.add(jail);
      throw error;
    }
  }

  /** Takes the server's events: all since the last time, not all of them, or nothing because it tells none. */
  async #hear(): Promise<'all' | 'lost' | 'nothing'> {
    let lost = this.#cursor === null;
    for (let more = true; more;) {
      const answer = await this.#deps.control.events(this.#cursor);
      if (!answer.available) {
        this.#cursor = null;
        return 'nothing';
      }
      const page = answer.value;
      lost ||= page.lost;
      if (!lost) for (const event of page.events) this.#take(event);
      this.#cursor = page.cursor;
      more = page.more;
    }
    return lost ? 'lost' : 'all';
  }

  #take({ kind, jail, id }: KeptEvent): void {
    if (!OF_BANS.has(kind)) return;
    if (id === null || (this.#named.get(jail)?.size ?? 0) >= FEW) this.#unread.add(jail);
    else this.#name(jail, id);
  }

  #name(jail: string, id: string): void {
    this.#named.set(jail, (this.#named.get(jail) ?? new Set()).add(id));
  }

  async #readBans(jail: string, ids: readonly string[], manual: ReadonlyMap<string, ManualBanInfo>): Promise<void> {
    const { control, database, geo } = this.#deps;
    if (this.#unread.has(jail)) return;
    // A word that begins with `-` is none that can be asked for.
    const bans = ids.some((id) => id === '' || id.startsWith('-')) ? NOT_AVAILABLE : await unlessGone(control.bansOf(jail, ids), NONE);
    if (!bans.available) {
      this.#unread.add(jail);
      return;
    }
    const facts = await database.factsOf(jail, ids).catch((error: unknown) => this.#complain(error));
    this.index.changeBans(jail, ids, bans.value, {
      place: (id) => geo.locate(id),
      facts: (id) => facts?.get(id) ?? null,
      manual: (id) => manual.get(`${jail} ${id}`) ?? null,
    });
  }

  async #readJail(jail: string, manual: ReadonlyMap<string, ManualBanInfo>): Promise<void> {
    const { control, clock, database, geo } = this.#deps;
    const now = clock.now();
    const since = this.#factsUntil.get(jail) ?? 0;
    const bans = await unlessGone(control.bannedIn(jail), []);
    const facts = await database.facts(jail, since).catch((error: unknown) => this.#complain(error));
    if (facts !== null) this.#factsUntil.set(jail, now - WRITTEN_LATE);
    const places = new Map<string, ReturnType<Geo['locate']>>();
    for (const { id } of bans) {
      if (this.index.get(jail, id) !== null) continue;
      places.set(id, geo.locate(id));
      if (places.size % PLACED_AT_ONCE === 0) await sleep(clock, 0);
    }
    this.index.replaceJail(jail, bans, {
      place: (id) => places.get(id) ?? geo.locate(id),
      facts: (id) => facts?.get(id) ?? null,
      manual: (id) => manual.get(`${jail} ${id}`) ?? null,
    });
  }

  /** Of a long list every order is made before somebody asks for it. */
  async #sortAhead(): Promise<void> {
    for (const sort of BAN_SORTS) {
      this.index.inOrder(sort);
      await sleep(this.#deps.clock, 0);
    }
  }

  async #manual(): Promise<ReadonlyMap<string, ManualBanInfo>> {
    const bans = await this.#deps.manual.manualBans().catch(() => []);
    return new Map(bans.map(({ jail, id, who, reason, until }) => [`${jail} ${id}`, { who, reason, until }]));
  }

  /** The list does without what the database would tell; said once for each reason. */
  #complain(error: unknown): null {
    const message = messageOf(error);
    if (message !== this.#complained) this.#deps.logger.log('WARNING', 'bailiff.bans', `the server's database tells nothing: ${message}`);
    this.#complained = message;
    return null;
  }
}

const NONE: Availability<readonly BannedAddress[]> = { available: true, value: [] };

/** Events after which somebody may be banned who was not, or not for that long, and the other way round; or all of a jail. */
const OF_BANS: ReadonlySet<string> = new Set([
  'ban',
  'restore-ban',
  'reban',
  'unban',
  'increase-ban',
  'already-banned',
  'flush',
  'started',
  'stopped',
]);

/** A jail that was stopped in between has no bans. */
async function unlessGone<T>(answer: Promise<T>, none: T): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AppError && error.code === 'SERVER_REFUSED') return none;
    throw error;
  }
}
