/** Keeps the database open while there is one: opens it when it is first needed, cleans it up and checks it every hour, copies it once a day, closes it at the end. */
import type { Clock, Timer } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { BanStore } from '../../contracts/database/ban-store';
import { checkDatabase, COPY_AGE, copiedAt, copyDatabase } from '../../contracts/database/ban-copy';
import { isDamage } from '../../contracts/database/database-error';
import { WaitingStore } from '../../contracts/database/waiting-store';
import type { Problem } from '../../model/problem';
import type { ServerSettings } from './server-settings';

/** Seconds between two clean-ups. */
const PURGE_EVERY = 3600;
/** Seconds between two looks whether the file is still there. */
const LOOK_EVERY = 10;
/** Seconds after the opening, when the start is over. */
const COPY_AFTER = 15;
const LOGGER = 'fail2ban.database';

export class StoreKeeper {
  #store: Promise<BanStore> | null = null;
  #timers: Timer[] = [];
  #caring: Promise<void> = Promise.resolve();
  /** Why the last copy could not be made: told once. */
  #uncopied = '';
  #waiting: WaitingStore | null = null;

  /** @param onDatabase called when a database that could not be read at the start can be, and when one was made anew that may lack what is in force */
  constructor(
    readonly clock: Clock,
    readonly logger: Logger,
    readonly open: (settings: ServerSettings) => Promise<BanStore>,
    readonly onDatabase: (what: 'restore' | 'rewrite') => void,
  ) {}

  /** What is wrong with the database as a whole: it could not be opened yet. */
  get problems(): readonly Problem[] {
    const trouble = this.#waiting?.trouble ?? null;
    if (trouble === null) return [];
    return [{ severity: 'error', option: 'dbfile', message: `the database cannot be written, bans are kept in memory: ${trouble}` }];
  }

  /** The store of the settings; no jail is enabled in it yet when it has just been opened. */
  store(settings: ServerSettings): Promise<BanStore> {
    this.#store ??= this.#opened(settings);
    return this.#store;
  }

  /** Limits that are set while the store is open count from now on. */
  async configure(settings: ServerSettings): Promise<void> {
    const store = await this.#store;
    if (store === null) return;
    store.purgeAge = settings.dbpurgeage;
    store.maxMatches = settings.dbmaxmatches;
  }

  async close(): Promise<void> {
    const store = this.#store;
    this.#store = null;
    this.#waiting = null;
    for (const timer of this.#timers.splice(0)) timer.cancel();
    await this.#caring;
    await (await store)?.close();
  }

  async #opened(settings: ServerSettings): Promise<BanStore> {
    const store = await this.open(settings);
    if (store instanceof WaitingStore) {
      this.#waiting = store;
      // What could be read was restored at the start, and may have been lifted since.
      if (store.readable.file !== store.file) store.onOpen = () => this.onDatabase('restore');
      store.onAnew = () => this.onDatabase('rewrite');
      this.#timers.push(this.clock.every(LOOK_EVERY, () => store.look()));
      this.#timers.push(this.clock.after(COPY_AFTER, () => void this.#care(store)));
    }
    await store.disableAllJails();
    const purge = (): void => {
      store.purge(this.clock.now()).catch((error: unknown) => {
        this.logger.log('ERROR', LOGGER, `purge failed: ${messageOf(error)}`);
      });
      if (store instanceof WaitingStore) void this.#care(store);
    };
    this.#timers.push(this.clock.every(PURGE_EVERY, purge));
    return store;
  }

  /** Looks whether the file is sound, and copies it when the last copy is a day old. Never rejects. */
  #care(store: WaitingStore): Promise<void> {
    this.#caring = this.#caring.then(() => this.#checkAndCopy(store));
    return this.#caring;
  }

  async #checkAndCopy(store: WaitingStore): Promise<void> {
    if (store.trouble !== null || this.#store === null) return;
    const { file } = store;
    try {
      const isDue = this.clock.now() - (copiedAt(file) ?? -Infinity) > COPY_AGE;
      await (isDue ? copyDatabase(file) : checkDatabase(file));
      this.#uncopied = '';
    } catch (error) {
      if (isDamage(error)) return store.damaged(messageOf(error));
      if (this.#uncopied !== messageOf(error)) this.logger.log('WARNING', LOGGER, `the database could not be copied: ${messageOf(error)}`);
      this.#uncopied = messageOf(error);
    }
  }
}
