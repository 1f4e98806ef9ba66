/** fail2ban.sqlite3, only read: failures, counts and users of the bans of a jail, which of them have a text in their lines, and all that is known of one. */
import { sleep, type Clock } from '../../../base/clock';
import { fileStamp } from '../../../base/file-keeping';
import { openConnection, type Connection, type Row } from '../../../contracts/database/connection';
import { decodeTicketData, usersOf } from '../../../contracts/database/ticket-data';
import { matchedText, type TicketData } from '../../../model/ticket';
import type { BanFacts } from './ban-entry';
import type { LineSearch } from './ban-search';
import { findWord } from './mark-line';

/** Rows of one question: the process goes on in between. */
const PART = 1000;
/** Users of a ban that are kept. */
const MAX_USERS = 50;

/** A ban as it is written. */
export interface WrittenBan {
  readonly time: number;
  readonly bantime: number;
  readonly data: TicketData;
}

const FACTS = 'SELECT ip, bancount, data FROM bips WHERE jail = ?';
const FACTS_SINCE = `${FACTS} AND ip > ? AND timeofban >= ? ORDER BY ip LIMIT ${PART}`;
const FACTS_OF = `${FACTS} AND ip IN (SELECT value FROM json_each(?))`;
/** Case of ASCII letters does not count. */
const HOLDING = `FROM bips WHERE CAST(data AS TEXT) LIKE ? ESCAPE '\\'`;
/** All in one text: a hundred thousand rows would hold up the process. */
const HOLDERS = `SELECT group_concat(jail || char(31) || ip, char(30)) AS holders ${HOLDING}`;
/** Bans whose lines are looked at one by one; where more hold a word, all of them count. */
export const MOST_LOOKED_AT = 500;
const LINES = `SELECT jail, ip, data ${HOLDING} LIMIT ${MOST_LOOKED_AT + 1}`;
const LINES_OF = 'SELECT b.jail, b.ip, b.data FROM json_each(?) n JOIN bips b ON b.ip = n.value->>1 AND b.jail = n.value->>0';

/** A ban by its jail and id. */
export type BanName = readonly [jail: string, id: string];

export class BanDatabase {
  #open: { readonly file: string; readonly inode: number; readonly connection: Promise<Connection> } | null = null;

  /** @param file tells the path of the database at present; null when the server has none */
  constructor(
    private readonly file: () => Promise<string | null>,
    private readonly clock: Clock,
  ) {}

  /** Of all bans of a jail that began at `since` or later; none when there is no database. Rejects with the driver's error. */
  async facts(jail: string, since: number): Promise<ReadonlyMap<string, BanFacts>> {
    const found = new Map<string, BanFacts>();
    for (let last = ''; ;) {
      const rows = await this.#all(FACTS_SINCE, [jail, last, Math.floor(since)]);
      for (const row of rows) found.set(String(row['ip']), factsOf(row));
      if (rows.length < PART) return found;
      last = String(rows.at(-1)?.['ip']);
      await sleep(this.clock, 0);
    }
  }

  /** Of these bans of a jail; those that are not written are left out. */
  async factsOf(jail: string, ids: readonly string[]): Promise<ReadonlyMap<string, BanFacts>> {
    const rows = await this.#all(FACTS_OF, [jail, JSON.stringify(ids)]);
    return new Map(rows.map((row) => [String(row['ip']), factsOf(row)]));
  }

  /** Those of some bans that have a whole word in one of their lines. */
  async withWord(bans: readonly BanName[], word: string): Promise<readonly BanName[]> {
    const rows = await this.#all(LINES_OF, [JSON.stringify(bans)]);
    return rows.filter((row) => hasWord(row, word)).map(nameOf);
  }

  /** Which bans have a text in what led to them; names of keys count too, unless it is to be a whole word of a line. */
  async holding({ text, whole }: LineSearch): Promise<readonly BanName[]> {
    const pattern = `%${inJson(text).replace(/[%_\\]/g, '\\$&')}%`;
    const rows = whole ? await this.#all(LINES, [pattern]) : [];
    if (whole && rows.length <= MOST_LOOKED_AT) return rows.filter((row) => hasWord(row, text)).map(nameOf);
    const [all] = await this.#all(HOLDERS, [pattern]);
    return String(all?.['holders'] ?? '')
      .split('\x1e')
      .map((name): BanName => {
        const [jail = '', id = ''] = name.split('\x1f');
        return [jail, id];
      });
  }

  /** The last ban of an id in a jail. */
  async written(jail: string, id: string): Promise<WrittenBan | null> {
    const [row] = await this.#all('SELECT timeofban, bantime, data FROM bips WHERE jail = ? AND ip = ?', [jail, id]);
    if (row === undefined) return null;
    return { time: Number(row['timeofban']), bantime: Number(row['bantime']), data: decodeTicketData(row['data'] ?? null) };
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    await open?.connection.then((connection) => connection.close()).catch(() => undefined);
  }

  async #all(sql: string, parameters: readonly (string | number)[]): Promise<readonly Row[]> {
    const connection = await this.#connection();
    return connection === null ? [] : connection.all(sql, parameters);
  }

  /** The connection to the file that is there now: a server may have been given another one. */
  async #connection(): Promise<Connection | null> {
    const file = await this.file();
    const stamp = file === null || file === ':memory:' ? null : fileStamp(file);
    if (file === null || stamp === null) {
      await this.close();
      return null;
    }
    if (this.#open?.file !== file || this.#open.inode !== stamp.inode) {
      await this.close();
      this.#open = { file, inode: stamp.inode, connection: opened(file) };
    }
    try {
      return await this.#open.connection;
    } catch (error) {
      this.#open = null;
      throw error;
    }
  }
}

async function opened(file: string): Promise<Connection> {
  const connection = await openConnection(file, 'read');
  await connection.exec('PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536;');
  return connection;
}

function nameOf(row: Row): BanName {
  return [String(row['jail']), String(row['ip'])];
}

function hasWord(row: Row, word: string): boolean {
  return decodeTicketData(row['data'] ?? null).matches.some((line) => findWord(matchedText(line), word) !== null);
}

function factsOf(row: Row): BanFacts {
  const data = row['data'] ?? null;
  const { failures, captured } = decodeTicketData(data);
  const text = Buffer.isBuffer(data) ? data : Buffer.from(String(data ?? ''));
  return { failures, times: Number(row['bancount'] ?? 1), users: usersOf(captured).slice(0, MAX_USERS), text };
}

/** A text as it stands within the JSON of a ban. */
export function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
