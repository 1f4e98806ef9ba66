/** Bans written to the database; what cannot be written now is kept and written later, for a full disk must not stop a ban. */
import { messageOf } from '../../base/errors';
import type { BanStore } from '../../contracts/database/ban-store';
import type { BanTicket } from '../../model/ticket';

/** Seconds between two tries. */
const TRY_AGAIN = 10;
/** Bans that wait to be written; beyond that the oldest are only in force, not remembered over a restart. */
const MOST_WAITING = 100_000;

/** Writes the bans of one jail. */
export class BanRecords {
  #unwritten: BanTicket[] = [];
  #tryAt = 0;
  #message = '';

  constructor(
    readonly jail: string,
    readonly store: BanStore,
    readonly onError: (message: string) => void,
  ) {}

  /** For the jail's health: what is not written yet, and why; null when all is. */
  get trouble(): { readonly bans: number; readonly message: string } | null {
    return this.#unwritten.length === 0 ? null : { bans: this.#unwritten.length, message: this.#message };
  }

  /** Writes bans in one transaction. Never rejects. */
  async record(tickets: readonly BanTicket[], now: number): Promise<void> {
    if (tickets.length === 0) return;
    const all = [...this.#unwritten, ...tickets];
    this.#unwritten = [];
    try {
      await this.store.recordBans(this.jail, all);
    } catch (error) {
      this.#unwritten = [...all, ...this.#unwritten].slice(-MOST_WAITING);
      this.#tryAt = now + TRY_AGAIN;
      this.#message = messageOf(error);
      this.onError(`${tickets.length} ban(s) cannot be written: ${this.#message}`);
    }
  }

  /** Writes other lengths of bans that may be written already. Never rejects. */
  async change(tickets: readonly BanTicket[], now: number): Promise<void> {
    if (tickets.length === 0) return;
    const ids = new Set(tickets.map(({ id }) => id));
    const waiting = this.#unwritten.filter(({ id }) => ids.has(id));
    this.#unwritten = this.#unwritten.filter(({ id }) => !ids.has(id));
    try {
      await this.store.changeBans(this.jail, tickets);
    } catch (error) {
      this.onError(`${tickets.length} ban(s) with another length cannot be written: ${messageOf(error)}`);
      // What was never written is written later with its new length; of the others the database keeps the old one.
      const unwritten = new Set(waiting.map(({ id }) => id));
      await this.record(
        tickets.filter(({ id }) => unwritten.has(id)),
        now,
      );
    }
  }

  /** Tries again what could not be written, when it is time. */
  async retry(now: number): Promise<void> {
    if (this.#unwritten.length === 0 || now < this.#tryAt) return;
    const waiting = this.#unwritten;
    this.#unwritten = [];
    await this.record(waiting, now);
  }

  /** Forgets bans of these ids, of all when null. Never rejects. */
  async forget(ids: readonly string[] | null): Promise<void> {
    const gone = ids === null ? null : new Set(ids);
    this.#unwritten = gone === null ? [] : this.#unwritten.filter(({ id }) => !gone.has(id));
    try {
      await this.store.forgetBans(this.jail, ids);
    } catch (error) {
      this.onError(`unbanned addresses cannot be removed: ${messageOf(error)}`);
    }
  }
}
