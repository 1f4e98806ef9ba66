/** bailiff.sqlite3 while it is open: one connection writes, one reads beside it, so that a page never waits for the log; damage is replaced on the way. */
import type { Clock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { Connection, Sql } from '../../contracts/database/connection';
import { asDatabaseError, isDamage } from '../../contracts/database/database-error';

export const LOGGER = 'bailiff.history';
/** Between two messages that writing fails, and between two attempts to open the database again, seconds. */
const MINUTE = 60;

/** `writer` is null when the disk is read-only or full: then there is only reading. */
export interface Connections {
  readonly writer: Connection | null;
  readonly reader: Connection;
}

export interface DatabaseDeps {
  readonly file: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Opens the file. */
  open(): Promise<Connections>;
  /** Sets the damaged file aside and makes a new one. */
  replace(damage: string): Promise<Connections>;
}

export class HistoryDatabase {
  /** Counts the files that were in use: a new one knows nothing of what was read before. */
  epoch = 0;
  private opening: Promise<void> | null = null;
  private tried = 0;
  private told = -Infinity;
  private closed = false;

  constructor(
    private connections: Connections | null,
    private readonly deps: DatabaseDeps,
  ) {
    this.tried = deps.clock.monotonic();
  }

  get file(): string {
    return this.deps.file;
  }

  /** Asks beside the writer. Rejects with an AppError when the database cannot be read. */
  async read<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const { epoch } = this;
    try {
      return await work((await this.connected(false)).reader);
    } catch (error) {
      return await this.failed(error, epoch);
    }
  }

  /**
   * Writes in one transaction, all or nothing. Rejects with an AppError when the database cannot be written; the log tells that once a minute.
   */
  async write<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const { epoch } = this;
    try {
      const { writer } = await this.connected(true);
      if (writer === null) throw new Error('it can only be read at present');
      return await writer.transaction(work);
    } catch (error) {
      return await this.failed(error, epoch, true);
    }
  }

  /** Closes after everything that was asked before. */
  async close(): Promise<void> {
    this.closed = true;
    await this.opening;
    const { connections } = this;
    this.connections = null;
    if (connections !== null) await closeAll(connections);
  }

  /** Told by who finds damage by a check of his own. */
  async damaged(damage: string, epoch: number): Promise<void> {
    if (epoch !== this.epoch || this.closed) return;
    this.epoch++;
    const { connections } = this;
    this.connections = null;
    await this.change(async () => {
      if (connections !== null) await closeAll(connections).catch(() => undefined);
      return this.deps.replace(damage);
    });
  }

  private async connected(toWrite: boolean): Promise<Connections> {
    await this.opening;
    const missing = this.connections === null || (toWrite && this.connections.writer === null);
    if (missing && !this.closed && this.deps.clock.monotonic() - this.tried >= MINUTE) await this.reopen();
    if (this.connections === null) throw new Error('it is not open');
    return this.connections;
  }

  private async reopen(): Promise<void> {
    const old = this.connections;
    await this.change(async () => {
      const connections = await this.deps.open();
      if (old !== null) await closeAll(old).catch(() => undefined);
      return connections;
    }).catch(() => undefined);
  }

  private async change(open: () => Promise<Connections>): Promise<void> {
    this.tried = this.deps.clock.monotonic();
    const work = open().then((connections) => void (this.connections = connections));
    this.opening = work.catch(() => undefined).finally(() => (this.opening = null));
    await work;
  }

  private async failed(error: unknown, epoch: number, writing = false): Promise<never> {
    const told = asDatabaseError(this.file, error);
    const now = this.deps.clock.monotonic();
    if (writing && now - this.told >= MINUTE) {
      this.told = now;
      this.deps.logger.log('ERROR', LOGGER, told.message);
    }
    if (isDamage(error)) {
      await this.damaged(messageOf(error), epoch).catch((reason: unknown) => this.deps.logger.log('ERROR', LOGGER, messageOf(reason)));
    }
    throw told;
  }
}

async function closeAll({ writer, reader }: Connections): Promise<void> {
  if (reader !== writer) await reader.close();
  await writer?.close();
}
