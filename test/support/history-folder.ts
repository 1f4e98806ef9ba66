/** A folder with a server's log and a history database of its own, and the lines that such a log holds. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Clock, systemClock } from '../../src/base/clock';
import { createLogger } from '../../src/base/logger';
import type { HistoryEvent } from '../../src/panel/history/history';
import { LogFollower } from '../../src/panel/history/log-follower';
import { openHistory } from '../../src/panel/history/open-history';
import type { Locate } from '../../src/panel/history/read-event';
import type { SqliteHistory } from '../../src/panel/history/sqlite-history';

/** The hour in which the lines begin, local time. */
export const BEGIN = new Date(2026, 10, 22, 14, 0, 0).getTime() / 1000;
export const locate: Locate = (id) => (id.startsWith('192.0.2.') ? { country: 'DE', asn: 64496 } : { country: null, asn: null });

const two = (value: number): string => String(value).padStart(2, '0');

/** A line as the server writes it, so many minutes after BEGIN (less than ten hours). */
export function line(minute: number, logger: string, level: string, text: string): string {
  const time = `${two(14 + Math.floor(minute / 60))}:${two(Math.floor(minute) % 60)}:${two(Math.floor((minute % 1) * 60))}`;
  return `2026-11-22 ${time},250 ${`fail2ban.${logger}`.padEnd(24)}[77]: ${level.padEnd(7)} ${text}\n`;
}

export const found = (minute: number, id: string, jail = 'ssh'): string =>
  line(minute, 'filter', 'INFO', `[${jail}] Found ${id} - 2026-11-22 14:00:00`);
export const banned = (minute: number, id: string, jail = 'ssh'): string => line(minute, 'actions', 'NOTICE', `[${jail}] Ban ${id}`);
export const unbanned = (minute: number, id: string, jail = 'ssh'): string => line(minute, 'actions', 'NOTICE', `[${jail}] Unban ${id}`);

export interface HistoryFolder {
  readonly folder: string;
  readonly log: string;
  readonly file: string;
  /** What the logger was told. */
  readonly messages: string[];
  history: SqliteHistory;
  follower(): LogFollower;
  /** Closes the database and opens it again. */
  reopen(): Promise<void>;
  /** Follows until all that is there is read, rotated files included. */
  readOnce(): Promise<void>;
  /** What the history holds, oldest first: `kind id`. */
  told(): Promise<string[]>;
  remove(): Promise<void>;
}

export async function historyFolder(clock: Clock = systemClock): Promise<HistoryFolder> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bailiff-history-'));
  const file = path.join(folder, 'bailiff.sqlite3');
  const messages: string[] = [];
  const logger = createLogger((record) => messages.push(`${record.level} ${record.message}`));
  const open = (): Promise<SqliteHistory> => openHistory(file, clock, logger);
  const world: HistoryFolder = {
    folder,
    log: path.join(folder, 'fail2ban.log'),
    file,
    messages,
    history: await open(),
    follower: () => new LogFollower(world.log, { history: world.history, clock, logger, locate }),
    async reopen() {
      await world.history.close();
      world.history = await open();
    },
    async readOnce() {
      const follower = world.follower();
      await follower.catchUp();
      await follower.backfilled();
      await follower.close();
    },
    async told() {
      return (await allEvents(world.history)).map((event) => `${event.kind} ${event.id}`);
    },
    async remove() {
      await world.history.close();
      rmSync(folder, { recursive: true });
    },
  };
  return world;
}

/** Oldest first. */
export async function allEvents(history: SqliteHistory): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  for await (const event of history.eachEvent({})) events.push(event);
  return events.reverse();
}
