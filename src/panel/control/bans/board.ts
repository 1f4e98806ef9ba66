/** The list of bans in force: questions are answered from memory; text in the matched lines is looked for in the server's database. */
import type { Clock } from '../../../base/clock';
import { sleep } from '../../../base/clock';
import type { Logger } from '../../../base/logger';
import type { Control } from '../control';
import type { Geo } from '../geo/geo';
import type { BanBoard, BanFilter, BanList, BanQuery, BanReason, BanRow } from './ban-board';
import { BanDatabase } from './ban-database';
import type { BanIndex } from './ban-index';
import { BanReader } from './ban-reader';
import type { BanRows } from './ban-rows';
import { BanSelection } from './ban-selection';
import { reasonOf, type ReasonDeps } from './ban-reason';
import type { ManualBans } from './manual-bans';

export interface BoardOptions extends Pick<ReasonDeps, 'tester'> {
  readonly control: Control;
  readonly geo: Geo;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly manual: ManualBans;
  /** Path of fail2ban.sqlite3; the server is asked when it is not given. Null: there is none. */
  readonly database?: string | null;
}

export interface OpenBanBoard extends BanBoard {
  /** Closes the database. */
  close(): Promise<void>;
}

/** Rows that are handed out before others have their turn. */
const AT_ONCE = 300;
const MAX_PAGE = 1000;

export function createBanBoard(options: BoardOptions): OpenBanBoard {
  const { clock } = options;
  const database = new BanDatabase(databaseFile(options), clock);
  const reader = new BanReader({ ...options, database });
  const selection = new BanSelection(database);

  /** In ascending order, whatever the filter says. */
  async function matching(filter: BanFilter): Promise<{ readonly index: BanIndex; readonly found: BanRows }> {
    const index = await reader.fresh();
    return { index, found: await selection.select(index, filter) };
  }

  return {
    async list(query: BanQuery): Promise<BanList> {
      const { index, found } = await matching(query);
      const pageSize = Math.min(MAX_PAGE, Math.max(1, Math.trunc(query.pageSize)));
      const pages = Math.max(1, Math.ceil(found.length / pageSize));
      const page = Math.min(pages, Math.max(1, Math.trunc(query.page)));
      const rows = stretchOf(found, query.descending, (page - 1) * pageSize, pageSize);
      return { rows, total: found.length, page, pages, jails: index.jails, countries: index.countries };
    },

    async *each(filter: BanFilter): AsyncIterable<BanRow> {
      const { found } = await matching(filter);
      for (let at = 0; at < found.length; at += AT_ONCE) {
        yield* stretchOf(found, filter.descending, at, AT_ONCE);
        if (at + AT_ONCE < found.length) await sleep(clock, 0);
      }
    },

    async counts() {
      const index = await reader.fresh();
      return { total: index.total, byJail: index.counts() };
    },

    reason: async (jail, id): Promise<BanReason> => reasonOf(jail, id, { ...options, database }),
    changed: (jail, ids) => reader.changed(jail, ids ?? null),
    close: () => database.close(),
  };
}

/** Some of the rows, from one on, counted from the end where they descend. */
function stretchOf(found: BanRows, descending: boolean, from: number, count: number): readonly BanRow[] {
  const { length } = found;
  const entries = descending
    ? found.slice(Math.max(0, length - from - count), Math.max(0, length - from)).toReversed()
    : found.slice(from, from + count);
  return entries.map(({ row }) => row);
}

/** Asked of the server once in a while: another one may have another. */
function databaseFile({ control, database, clock }: BoardOptions): () => Promise<string | null> {
  if (database !== undefined) return () => Promise.resolve(database);
  let known: { readonly at: number; readonly file: string | null } | null = null;
  return async () => {
    if (known === null || clock.monotonic() - known.at > ASK_AGAIN) {
      known = { at: clock.monotonic(), file: (await control.serverSettings()).dbfile };
    }
    return known.file;
  };
}

/** Seconds. */
const ASK_AGAIN = 60;
