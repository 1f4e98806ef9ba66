/** The notebook in bailiff.sqlite3: each call is a statement or two; texts are bounded before they get there. */
import type { Row, Sql } from '../../contracts/database/connection';
import { canonicalId } from '../../model/address';
import { addAudit, auditAfter, listAudit } from './audit-log';
import type { HistoryDatabase } from './database';
import type { ApiToken, AuditEntry, AuditList, AuditQuery, ManualBan, NewToken, Note, Notebook, TrustedInfo } from './notebook';
import { atMost, MAX_NAME, MAX_TEXT, MAX_VALUE } from './text-bounds';

/** The use of a token is noted no more often, seconds. */
const USE_NOTED = 60;

export class SqliteNotebook implements Notebook {
  constructor(private readonly database: HistoryDatabase) {}

  async notes(address: string): Promise<readonly Note[]> {
    const rows = await this.all('SELECT id, address, time, who, text FROM notes WHERE address = ? ORDER BY time, id', [
      canonicalId(address),
    ]);
    return rows.map((row) => ({
      id: Number(row['id']),
      address: text(row, 'address'),
      time: Number(row['time']),
      who: text(row, 'who'),
      text: text(row, 'text'),
    }));
  }

  addNote({ address, time, who, text: words }: Omit<Note, 'id'>): Promise<number> {
    const values = [
      atMost('address', canonicalId(address), MAX_NAME),
      time,
      atMost('name', who, MAX_NAME),
      atMost('note', words, MAX_TEXT),
    ];
    return this.insert('INSERT INTO notes(address, time, who, text) VALUES(?, ?, ?, ?) RETURNING id', values);
  }

  async removeNote(id: number): Promise<boolean> {
    return (await this.run('DELETE FROM notes WHERE id = ?', [id])) > 0;
  }

  audit(entry: Omit<AuditEntry, 'id'>): Promise<void> {
    return this.database.write((sql) => addAudit(sql, entry));
  }

  auditList(query: AuditQuery): Promise<AuditList> {
    return this.database.read((sql) => listAudit(sql, query));
  }

  auditAfter(id: number, limit: number): Promise<readonly AuditEntry[]> {
    return this.database.read((sql) => auditAfter(sql, id, limit));
  }

  async trusted(): Promise<readonly TrustedInfo[]> {
    const rows = await this.all('SELECT entry, jail, note, who, added, until FROM trusted ORDER BY entry, jail', []);
    return rows.map((row) => ({
      entry: text(row, 'entry'),
      jail: text(row, 'jail') || null,
      note: text(row, 'note'),
      who: text(row, 'who'),
      added: Number(row['added']),
      end: timeOrNull(row, 'until'),
    }));
  }

  async putTrusted({ entry, jail, note, who, added, end }: TrustedInfo): Promise<void> {
    const key = [atMost('entry', entry, MAX_NAME), atMost('jail', jail ?? '', MAX_NAME)];
    const values = [...key, atMost('note', note, MAX_TEXT), atMost('name', who, MAX_NAME), added, end];
    await this.run('INSERT OR REPLACE INTO trusted(entry, jail, note, who, added, until) VALUES(?, ?, ?, ?, ?, ?)', values);
  }

  async removeTrusted(entry: string, jail: string | null): Promise<void> {
    await this.run('DELETE FROM trusted WHERE entry = ? AND jail = ?', [entry, jail ?? '']);
  }

  async manualBans(ids?: readonly string[]): Promise<readonly ManualBan[]> {
    const columns = 'b.jail, b.address, b.who, b.time, b.reason, b.until';
    const rows =
      ids === undefined
        ? await this.all(`SELECT ${columns} FROM manual_bans b ORDER BY b.address, b.jail`, [])
        : await this.all(`SELECT ${columns} FROM json_each(?) n CROSS JOIN manual_bans b ON b.address = n.value`, [
            JSON.stringify([...new Set(ids.map(canonicalId))]),
          ]);
    return rows.map((row) => ({
      jail: text(row, 'jail'),
      id: text(row, 'address'),
      who: text(row, 'who'),
      time: Number(row['time']),
      reason: text(row, 'reason'),
      until: timeOrNull(row, 'until'),
    }));
  }

  async putManualBan({ jail, id, who, time, reason, until }: ManualBan): Promise<void> {
    const key = [atMost('jail', jail, MAX_NAME), atMost('address', canonicalId(id), MAX_NAME)];
    const values = [...key, atMost('name', who, MAX_NAME), time, atMost('reason', reason, MAX_TEXT), until];
    await this.run('INSERT OR REPLACE INTO manual_bans(jail, address, who, time, reason, until) VALUES(?, ?, ?, ?, ?, ?)', values);
  }

  async removeManualBan(jail: string, id: string): Promise<void> {
    await this.run('DELETE FROM manual_bans WHERE address = ? AND jail = ?', [canonicalId(id), jail]);
  }

  async tokens(): Promise<readonly ApiToken[]> {
    return (await this.all(`SELECT ${TOKEN} FROM tokens ORDER BY id`, [])).map(tokenOf);
  }

  addToken({ name, readOnly, createdBy, created, hash }: NewToken): Promise<number> {
    const values = [
      atMost('name', name, MAX_NAME),
      readOnly ? 1 : 0,
      created,
      atMost('name', createdBy, MAX_NAME),
      atMost('hash', hash, MAX_NAME),
    ];
    return this.insert('INSERT INTO tokens(name, read_only, created, created_by, hash) VALUES(?, ?, ?, ?, ?) RETURNING id', values);
  }

  async tokenByHash(hash: string, now: number): Promise<ApiToken | null> {
    const [row] = await this.all(`SELECT ${TOKEN} FROM tokens WHERE hash = ?`, [hash]);
    if (row === undefined) return null;
    const token = tokenOf(row);
    if (token.lastUsed !== null && now - token.lastUsed < USE_NOTED) return token;
    // Whoever may use it may use it on a full disk too.
    await this.run('UPDATE tokens SET last_used = ? WHERE id = ?', [now, token.id]).catch(() => undefined);
    return { ...token, lastUsed: now };
  }

  async revokeToken(id: number): Promise<boolean> {
    return (await this.run('DELETE FROM tokens WHERE id = ?', [id])) > 0;
  }

  async setting(key: string): Promise<string | null> {
    const [row] = await this.all('SELECT value FROM settings WHERE key = ?', [key]);
    return row === undefined ? null : text(row, 'value');
  }

  async putSetting(key: string, value: string): Promise<void> {
    const values = [atMost('key', key, MAX_NAME), atMost('value', value, MAX_VALUE)];
    await this.run('INSERT OR REPLACE INTO settings(key, value) VALUES(?, ?)', values);
  }

  private all(...question: Parameters<Sql['all']>): Promise<readonly Row[]> {
    return this.database.read((sql) => sql.all(...question));
  }

  private run(...statement: Parameters<Sql['run']>): Promise<number> {
    return this.database.write((sql) => sql.run(...statement));
  }

  private async insert(...statement: Parameters<Sql['get']>): Promise<number> {
    return Number((await this.database.write((sql) => sql.get(...statement)))?.['id']);
  }
}

const TOKEN = 'id, name, read_only, created, created_by, last_used';

function tokenOf(row: Row): ApiToken {
  return {
    id: Number(row['id']),
    name: text(row, 'name'),
    readOnly: Number(row['read_only']) === 1,
    created: Number(row['created']),
    createdBy: text(row, 'created_by'),
    lastUsed: timeOrNull(row, 'last_used'),
  };
}

function text(row: Row, column: string): string {
  return String(row[column]);
}

function timeOrNull(row: Row, column: string): number | null {
  const value = row[column] ?? null;
  return value === null ? null : Number(value);
}
