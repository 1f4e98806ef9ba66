/** A store whose file cannot be opened now: answers from what can be read of it, refuses to write, tries again, and goes on with the file when that works. */
import { AppError, messageOf } from '../../base/errors';
import type { Timer } from '../../base/clock';
import type { BanPage, BanStore, EarlierBans, LogPosition, MergedBans } from './ban-store';
import type { BanTicket, CountChanges, CountedFailures } from '../../model/ticket';
import type { OpenDeps } from './open-store';

/** Seconds between two tries. */
const TRY_AGAIN = 10;
const LOGGER = 'fail2ban.database';

/** Who writes is refused with DATABASE_FAILED and keeps what he wanted to write. */
export class WaitingStore implements BanStore {
  /** Called when the file was opened at last. */
  onOpen: () => void = () => undefined;
  readonly #jails = new Set<string>();
  readonly #timer: Timer;
  #opened: BanStore | null = null;
  #trying: Promise<void> | null = null;
  #reason: string;

  /**
   * @param readable what can be read meanwhile; empty when nothing can
   * @param open opens the file
   * @param reason why it could not be opened
   */
  constructor(
    readonly file: string,
    readonly readable: BanStore,
    private readonly open: () => Promise<BanStore>,
    private readonly deps: OpenDeps,
    reason: string,
  ) {
    this.#reason = reason;
    const state = readable.file === file ? 'can only be read' : 'cannot be opened';
    deps.logger.log('ERROR', LOGGER, `Database '${file}' ${state}: ${reason}; bans are kept in memory, it is tried again`);
    this.#timer = deps.clock.every(TRY_AGAIN, () => void this.#try());
  }

  /** Why the file is not open; null when it is. */
  get trouble(): string | null {
    return this.#opened === null ? this.#reason : null;
  }

  get purgeAge(): number {
    return this.readable.purgeAge;
  }

  set purgeAge(seconds: number) {
    this.readable.purgeAge = seconds;
    if (this.#opened !== null) this.#opened.purgeAge = seconds;
  }

  get maxMatches(): number {
    return this.readable.maxMatches;
  }

  set maxMatches(count: number) {
    this.readable.maxMatches = count;
    if (this.#opened !== null) this.#opened.maxMatches = count;
  }

  async addJail(jail: string): Promise<void> {
    this.#jails.add(jail);
    await this.#opened?.addJail(jail);
  }

  async removeJail(jail: string): Promise<void> {
    this.#jails.delete(jail);
    await this.#opened?.removeJail(jail);
  }

  async disableAllJails(): Promise<void> {
    await this.#opened?.disableAllJails();
  }

  async recordBans(jail: string, tickets: readonly BanTicket[]): Promise<void> {
    await this.#writable().recordBans(jail, tickets);
  }

  async changeBans(jail: string, tickets: readonly BanTicket[]): Promise<void> {
    await this.#writable().changeBans(jail, tickets);
  }

  async forgetBans(jail: string | null, ids: readonly string[] | null): Promise<number> {
    return this.#writable().forgetBans(jail, ids);
  }

  currentBans(jail: string, now: number, within: number | null, page?: BanPage): Promise<readonly BanTicket[]> {
    return this.#best().currentBans(jail, now, within, page);
  }

  earlierBans(id: string, jail: string | null): Promise<EarlierBans | null> {
    return this.#best().earlierBans(id, jail);
  }

  mergedBans(id: string, jail: string | null): Promise<MergedBans> {
    return this.#best().mergedBans(id, jail);
  }

  logPositions(jail: string): Promise<ReadonlyMap<string, LogPosition>> {
    return this.#best().logPositions(jail);
  }

  async saveLogPositions(jail: string, positions: ReadonlyMap<string, LogPosition>, counts?: CountChanges): Promise<void> {
    await this.#writable().saveLogPositions(jail, positions, counts);
  }

  countedFailures(jail: string, before: number): Promise<readonly CountedFailures[]> {
    return this.#best().countedFailures(jail, before);
  }

  async forgetLog(jail: string, path: string): Promise<void> {
    await this.#writable().forgetLog(jail, path);
  }

  async purge(now: number): Promise<void> {
    await this.#opened?.purge(now);
  }

  async close(): Promise<void> {
    this.#timer.cancel();
    await this.#trying;
    await (this.#opened ?? this.readable).close();
  }

  #best(): BanStore {
    return this.#opened ?? this.readable;
  }

  #writable(): BanStore {
    if (this.#opened === null) throw new AppError('DATABASE_FAILED', `database '${this.file}': ${this.#reason}`);
    return this.#opened;
  }

  async #try(): Promise<void> {
    if (this.#opened !== null || this.#trying !== null) return;
    this.#trying = this.#reopen();
    await this.#trying;
    this.#trying = null;
  }

  async #reopen(): Promise<void> {
    try {
      const store = await this.open();
      await store.disableAllJails();
      for (const jail of this.#jails) await store.addJail(jail);
      [store.purgeAge, store.maxMatches] = [this.purgeAge, this.maxMatches];
      this.#opened = store;
    } catch (error) {
      this.#reason = messageOf(error);
      return;
    }
    this.#timer.cancel();
    await this.readable.close().catch(() => undefined);
    this.deps.logger.log('INFO', LOGGER, `Database '${this.file}' can be written again`);
    this.onOpen();
  }
}
