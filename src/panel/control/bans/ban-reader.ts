/** Keeps the list of bans as the server has it: jail by jail, one reading at a time, anew when somebody changed something or after a while. */
import { sleep, type Clock } from '../../../base/clock';
import { AppError, messageOf } from '../../../base/errors';
import type { Logger } from '../../../base/logger';
import type { Control } from '../control';
import type { Geo } from '../geo/geo';
import type { BanDatabase } from './ban-database';
import { BanIndex } from './ban-index';
import type { ManualBans } from './manual-bans';
import { BAN_SORTS, type ManualBanInfo } from './ban-board';

/** Seconds after which the list is read anew for the next question. */
const KEEP_FOR = 10;
/** A list of more bans than this, a little old, is shown while it is read anew. */
const LONG = 20_000;
const LITTLE_OLD = 120;
/** The server writes a ban down a moment after it made it. */
const WRITTEN_LATE = 60;
/** New addresses that are placed before others have their turn. */
const PLACED_AT_ONCE = 2000;

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
  readonly #changed = new Set<string>();
  /** When all was read last, by the clock that only grows. */
  #readAt = -Infinity;
  #reading: Promise<void> = Promise.resolve();
  #inBackground = false;
  #cursor: string | null = null;
  #complained = '';

  constructor(deps: BanReaderDeps) {
    this.#deps = deps;
  }

  /** A jail (null: all) is read anew for the next question. */
  changed(jail: string | null): void {
    if (jail === null) this.#readAt = -Infinity;
    else this.#changed.add(jail);
  }

  /** Kept when the list is new enough. Rejects as `Control` does, when there is no list at all. */
  async fresh(): Promise<BanIndex> {
    const age = this.#deps.clock.monotonic() - this.#readAt;
    const needed = age > KEEP_FOR || this.#changed.size > 0;
    if (!needed) return this.index;
    if (this.#changed.size === 0 && age <= LITTLE_OLD && this.index.total > LONG) this.#readInBackground();
    else await this.#readInTurn();
    return this.index;
  }

  #readInBackground(): void {
    if (this.#inBackground) return;
    this.#inBackground = true;
    void this.#readInTurn()
      .catch(() => undefined)
      .finally(() => (this.#inBackground = false));
  }

  /** One reading at a time; whoever waited for the one before finds nothing left to do. */
  #readInTurn(): Promise<void> {
    const turn = this.#reading.catch(() => undefined).then(() => this.#read());
    this.#reading = turn;
    return turn;
  }

  async #read(): Promise<void> {
    const { control, clock } = this.#deps;
    const started = clock.monotonic();
    const all = started - this.#readAt > KEEP_FOR;
    if (!all && this.#changed.size === 0) return;
    const first = this.#readAt === -Infinity;
    const changed = [...this.#changed];
    this.#changed.clear();
    try {
      const jails = await control.jails();
      this.index.keepJails(jails);
      const due = all ? await this.#due(jails, changed, first) : jails.filter((jail) => changed.includes(jail));
      const manual = await this.#manual();
      for (const jail of due) await this.#readJail(jail, manual);
      if (this.index.total > LONG) await this.#sortAhead();
      if (all) this.#readAt = started;
    } catch (error) {
      for (const jail of changed) this.#changed.add(jail);
      throw error;
    }
  }

  /** Our engine tells in which jails something happened; of the stock one every jail is asked. */
  async #due(jails: readonly string[], changed: readonly string[], first: boolean): Promise<readonly string[]> {
    const since = this.#cursor;
    const touched = new Set(changed);
    let lost = first || since === null;
    for (let more = true; more;) {
      const answer = await this.#deps.control.events(this.#cursor);
      if (!answer.available) {
        this.#cursor = null;
        return jails;
      }
      const page = answer.value;
      for (const { jail } of page.events) touched.add(jail);
      lost ||= page.lost;
      this.#cursor = page.cursor;
      more = page.more;
    }
    return lost ? jails : jails.filter((jail) => touched.has(jail));
  }

  async #readJail(jail: string, manual: ReadonlyMap<string, ManualBanInfo>): Promise<void> {
    const { control, clock, database, geo } = this.#deps;
    const now = clock.now();
    const since = this.#factsUntil.get(jail) ?? 0;
    let bans;
    try {
      bans = await control.bannedIn(jail);
    } catch (error) {
      // A jail that was stopped in between has no bans.
      if (!(error instanceof AppError && error.code === 'SERVER_REFUSED')) throw error;
      bans = [] as const;
    }
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
