/** A store whose file may be out of use for a while: answers from what can be read of it, refuses to write, tries again, and goes on with the file when that works. */
import { AppError, messageOf } from '../../base/errors';
import { fileStamp, type FileStamp } from '../../base/file-keeping';
import type { Timer } from '../../base/clock';
import { isDamage } from './database-error';
import { MemoryStore } from './memory-store';
import type { BanPage, BanStore, EarlierBans, LogPosition, MergedBans } from './ban-store';
import type { BanTicket, CountedFailures } from '../../model/ticket';
import type { OpenDeps } from './open-store';

/** Seconds between two tries. */
const TRY_AGAIN = 10;
const LOGGER = 'fail2ban.database';

/** What cannot be opened now: what can be read meanwhile, empty when nothing can, and why it cannot. */
export interface Unopened {
  readonly readable: BanStore;
  readonly reason: string;
}

/** Who writes while the file is out of use is refused with DATABASE_FAILED and keeps what he wanted to write. */
export class WaitingStore implements BanStore {
  /** Called when the file was opened at last. */
  onOpen: () => void = () => undefined;
  /** Called when the file was damaged or taken away while it was in use, and one made anew is there: it may lack what was written. */
  onAnew: () => void = () => undefined;
  /** What can be read while the file is not open. */
  readable: BanStore = new MemoryStore();
  readonly #jails = new Set<string>();
  #timer: Timer | null = null;
  #opened: BanStore | null = null;
  /** Of the file that is open. */
  #stamp: FileStamp | null = null;
  #wasLost = false;
  #closed = false;
  #trying: Promise<void> | null = null;
  #reason = '';

  /**
   * @param open opens the file, and makes it anew when it is damaged
   * @param state the open store, or why there is none
   */
  constructor(
    readonly file: string,
    state: BanStore | Unopened,
    private readonly open: () => Promise<BanStore>,
    private readonly deps: OpenDeps,
  ) {
    if (!('reason' in state)) {
      [this.purgeAge, this.maxMatches] = [state.purgeAge, state.maxMatches];
      this.#took(state);
      return;
    }
    this.readable = state.readable;
    this.#reason = state.reason;
    const how = state.readable.file === file ? 'can only be read' : 'cannot be opened';
    deps.logger.log('ERROR', LOGGER, `Database '${file}' ${how}: ${state.reason}; bans are kept in memory, it is tried again`);
    this.#wait();
  }

  /** Why the file is not open; null when it is. */
  get trouble(): string | null {
    return this.#opened === null ? this.#reason : null;
  }

  /** Looks whether the file that is open is still the one that has its name: somebody may have taken it away. */
  look(): void {
    const opened = this.#opened;
    if (opened !== null && fileStamp(this.file)?.inode !== this.#stamp?.inode) this.#lose(opened, 'somebody has taken it away');
  }

  /** The file is known to be damaged: it is made anew. */
  damaged(reason: string): void {
    if (this.#opened !== null) this.#lose(this.#opened, reason);
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
    await this.#ifOpen((store) => store.addJail(jail));
  }

  async removeJail(jail: string): Promise<void> {
    this.#jails.delete(jail);
    await this.#ifOpen((store) => store.removeJail(jail));
  }

  async disableAllJails(): Promise<void> {
    await this.#ifOpen((store) => store.disableAllJails());
  }

  async recordBans(jail: string, tickets: readonly BanTicket[]): Promise<void> {
    await this.#use(this.#writable(), (store) => store.recordBans(jail, tickets));
  }

  async changeBans(jail: string, tickets: readonly BanTicket[]): Promise<void> {
    await this.#use(this.#writable(), (store) => store.changeBans(jail, tickets));
  }

  async forgetBans(jail: string | null, ids: readonly string[] | null): Promise<number> {
    return this.#use(this.#writable(), (store) => store.forgetBans(jail, ids));
  }

  currentBans(jail: string, now: number, within: number | null, page?: BanPage): Promise<readonly BanTicket[]> {
    return this.#use(this.#best(), (store) => store.currentBans(jail, now, within, page));
  }

  earlierBans(id: string, jail: string | null): Promise<EarlierBans | null> {
    return this.#use(this.#best(), (store) => store.earlierBans(id, jail));
  }

  mergedBans(id: string, jail: string | null): Promise<MergedBans> {
    return this.#use(this.#best(), (store) => store.mergedBans(id, jail));
  }

  logPositions(jail: string): Promise<ReadonlyMap<string, LogPosition>> {
    return this.#use(this.#best(), (store) => store.logPositions(jail));
  }

  async saveLogPositions(...what: Parameters<BanStore['saveLogPositions']>): Promise<void> {
    await this.#use(this.#writable(), (store) => store.saveLogPositions(...what));
  }

  countedFailures(jail: string, before: number): Promise<readonly CountedFailures[]> {
    return this.#use(this.#best(), (store) => store.countedFailures(jail, before));
  }

  heldLines(jail: string): Promise<string | null> {
    return this.#use(this.#best(), (store) => store.heldLines(jail));
  }

  async forgetLog(jail: string, path: string): Promise<void> {
    await this.#use(this.#writable(), (store) => store.forgetLog(jail, path));
  }

  async purge(now: number): Promise<void> {
    await this.#ifOpen((store) => store.purge(now));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
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

  async #ifOpen(work: (store: BanStore) => Promise<void>): Promise<void> {
    if (this.#opened !== null) await this.#use(this.#opened, work);
  }

  async #use<T>(store: BanStore, work: (store: BanStore) => Promise<T>): Promise<T> {
    try {
      return await work(store);
    } catch (error) {
      if (isDamage(error)) this.#lose(store, messageOf(error));
      throw error;
    }
  }

  /** Goes on without the file, and begins at once to make it anew. */
  #lose(store: BanStore, reason: string): void {
    if (this.#opened !== store || this.#closed) return;
    this.#opened = null;
    this.#reason = reason;
    this.#wasLost = true;
    const empty = new MemoryStore();
    [empty.purgeAge, empty.maxMatches] = [store.purgeAge, store.maxMatches];
    this.readable = empty;
    this.deps.logger.log('ERROR', LOGGER, `Database '${this.file}' is lost: ${reason}; bans are kept in memory, it is made anew`);
    this.#wait();
    this.#trying = store
      .close()
      .catch(() => undefined)
      .then(() => this.#reopen());
  }

  #took(store: BanStore): void {
    this.#opened = store;
    this.#stamp = fileStamp(this.file);
    this.#timer?.cancel();
    this.#timer = null;
  }

  #wait(): void {
    this.#timer ??= this.deps.clock.every(TRY_AGAIN, () => void this.#try());
  }

  async #try(): Promise<void> {
    if (this.#opened !== null || this.#trying !== null) return;
    this.#trying = this.#reopen();
    await this.#trying;
  }

  async #reopen(): Promise<void> {
    const before = this.readable;
    try {
      const store = await this.open();
      await store.disableAllJails();
      for (const jail of this.#jails) await store.addJail(jail);
      [store.purgeAge, store.maxMatches] = [this.purgeAge, this.maxMatches];
      this.#took(store);
    } catch (error) {
      this.#reason = messageOf(error);
      return;
    } finally {
      this.#trying = null;
    }
    await before.close().catch(() => undefined);
    this.deps.logger.log('INFO', LOGGER, `Database '${this.file}' can be written again`);
    if (this.#wasLost) this.onAnew();
    else this.onOpen();
    this.#wasLost = false;
  }
}
