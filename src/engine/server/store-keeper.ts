/** Keeps the database open while there is one: opens it when it is first needed, cleans it up every hour, closes it at the end. */
import type { Clock, Timer } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { BanStore } from '../../contracts/database/ban-store';
import { WaitingStore } from '../../contracts/database/waiting-store';
import type { Problem } from '../../model/problem';
import type { ServerSettings } from './server-settings';

/** Seconds between two clean-ups. */
const PURGE_EVERY = 3600;

export class StoreKeeper {
  #store: Promise<BanStore> | null = null;
  #purge: Timer | null = null;
  #waiting: WaitingStore | null = null;

  /** @param onRestore called when a database that could not be read at the start can be */
  constructor(
    readonly clock: Clock,
    readonly logger: Logger,
    readonly open: (settings: ServerSettings) => Promise<BanStore>,
    readonly onRestore: () => void,
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
    this.#purge?.cancel();
    await (await store)?.close();
  }

  async #opened(settings: ServerSettings): Promise<BanStore> {
    const store = await this.open(settings);
    if (store instanceof WaitingStore) {
      this.#waiting = store;
      // What could be read was restored at the start, and may have been lifted since.
      if (store.readable.file !== store.file) store.onOpen = this.onRestore;
    }
    await store.disableAllJails();
    this.#purge = this.clock.every(PURGE_EVERY, () => {
      store.purge(this.clock.now()).catch((error: unknown) => {
        this.logger.log('ERROR', 'fail2ban.database', `purge failed: ${messageOf(error)}`);
      });
    });
    return store;
  }
}
