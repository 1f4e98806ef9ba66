/** One SQLite connection with promises: statements are prepared once, and a transaction has the connection for itself. */
import { pathToFileURL } from 'node:url';
import { Database, OPEN_CREATE, OPEN_READONLY, OPEN_READWRITE, OPEN_URI } from 'sqlite3';
import type { Statement } from 'sqlite3';

export type SqlValue = string | number | null | Buffer;
export type Row = Readonly<Record<string, SqlValue>>;

/** What may be asked of a connection, inside a transaction or outside. */
export interface Sql {
  /** Runs one prepared statement; returns how many rows it changed. */
  run(sql: string, parameters?: readonly SqlValue[]): Promise<number>;
  /** All rows of one prepared statement. */
  all(sql: string, parameters?: readonly SqlValue[]): Promise<readonly Row[]>;
  /** The first row; null when there is none. */
  get(sql: string, parameters?: readonly SqlValue[]): Promise<Row | null>;
  /** Runs a script of statements without parameters. */
  exec(script: string): Promise<void>;
}

const MODES = { write: OPEN_READWRITE | OPEN_CREATE, read: OPEN_READONLY, frozen: OPEN_READONLY | OPEN_URI };

/**
 * Opens the database as it is: no pragma, no table. `frozen` reads a file that nobody can write at present, on a disk that is full or read-only:
 * no lock and no file beside it is needed, and what the last writer left in its `-wal` is not seen. Rejects with the driver's error.
 * @param patience seconds that a statement waits for somebody else who holds the database
 */
export async function openConnection(file: string, how: 'write' | 'read' | 'frozen' = 'write', patience = 10): Promise<Connection> {
  const name = how === 'frozen' ? `${pathToFileURL(file).href}?immutable=1` : file;
  const database = await new Promise<Database>((resolve, reject) => {
    const opened: Database = new Database(name, MODES[how], (error) => (error === null ? resolve(opened) : reject(error)));
  });
  database.configure('busyTimeout', patience * 1000);
  return new Connection(database);
}

/** An open database. Calls are done one after the other, in the order they were made. */
export class Connection implements Sql {
  readonly #database: Database;
  readonly #statements = new Map<string, Promise<Statement>>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(database: Database) {
    this.#database = database;
  }

  run(sql: string, parameters: readonly SqlValue[] = []): Promise<number> {
    return this.#inTurn(() => this.#direct.run(sql, parameters));
  }

  all(sql: string, parameters: readonly SqlValue[] = []): Promise<readonly Row[]> {
    return this.#inTurn(() => this.#direct.all(sql, parameters));
  }

  get(sql: string, parameters: readonly SqlValue[] = []): Promise<Row | null> {
    return this.#inTurn(() => this.#direct.get(sql, parameters));
  }

  exec(script: string): Promise<void> {
    return this.#inTurn(() => this.#direct.exec(script));
  }

  /** Runs `work` between BEGIN IMMEDIATE and COMMIT; when it rejects, all is rolled back. Nobody else's statement comes in between. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      await this.#direct.exec('BEGIN IMMEDIATE');
      try {
        const result = await work(this.#direct);
        await this.#direct.exec('COMMIT');
        return result;
      } catch (error) {
        await this.#direct.exec('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }

  /** Closes after everything that was asked before. */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      for (const prepared of this.#statements.values()) {
        const statement = await prepared.catch(() => null);
        if (statement !== null) await new Promise<void>((resolve) => void statement.finalize(() => resolve()));
      }
      this.#statements.clear();
      await new Promise<void>((resolve, reject) => {
        this.#database.close((error) => (error === null ? resolve() : reject(error)));
      });
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #prepare(sql: string): Promise<Statement> {
    let prepared = this.#statements.get(sql);
    if (prepared === undefined) {
      prepared = new Promise<Statement>((resolve, reject) => {
        const statement: Statement = this.#database.prepare(sql, (error) => (error === null ? resolve(statement) : reject(error)));
      });
      prepared.catch(() => this.#statements.delete(sql));
      this.#statements.set(sql, prepared);
    }
    return prepared;
  }

  readonly #direct: Sql = {
    run: async (sql, parameters = []) => {
      const statement = await this.#prepare(sql);
      return new Promise<number>((resolve, reject) => {
        statement.run([...parameters], function (error) {
          if (error === null) resolve(this.changes);
          else reject(error);
        });
      });
    },
    all: async (sql, parameters = []) => {
      const statement = await this.#prepare(sql);
      return new Promise<readonly Row[]>((resolve, reject) => {
        statement.all<Row>([...parameters], (error, rows) => (error === null ? resolve(rows) : reject(error)));
      });
    },
    get: async (sql, parameters = []) => {
      const rows = await this.#direct.all(sql, parameters);
      return rows[0] ?? null;
    },
    exec: (script) =>
      new Promise<void>((resolve, reject) => {
        this.#database.exec(script, (error) => (error === null ? resolve() : reject(error)));
      }),
  };
}
