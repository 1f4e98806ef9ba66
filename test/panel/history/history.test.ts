import { appendFileSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../../src/base/clock';
import { createLogger, silentLogger } from '../../../src/base/logger';
import { LogFollower } from '../../../src/panel/history/log-follower';
import { openHistory } from '../../../src/panel/history/open-history';
import { type Locate, readEvent } from '../../../src/panel/history/read-event';
import type { SqliteHistory } from '../../../src/panel/history/sqlite-history';

let folder: string;
let log: string;
let history: SqliteHistory;

const two = (value: number): string => String(value).padStart(2, '0');

/** A line as the server writes it; `minute` of the hour that begins at BEGIN. */
const BEGIN = new Date(2026, 10, 22, 14, 0, 0).getTime() / 1000;
function line(minute: number, logger: string, level: string, text: string): string {
  return `2026-11-22 ${two(14 + Math.floor(minute / 60))}:${two(minute % 60)}:00,250 ${`fail2ban.${logger}`.padEnd(24)}[77]: ${level.padEnd(7)} ${text}\n`;
}
const found = (minute: number, id: string, jail = 'ssh'): string =>
  line(minute, 'filter', 'INFO', `[${jail}] Found ${id} - 2026-11-22 14:00:00`);
const banned = (minute: number, id: string, jail = 'ssh'): string => line(minute, 'actions', 'NOTICE', `[${jail}] Ban ${id}`);

const locate: Locate = () => ({ country: 'DE', asn: 64496 });
const open = (): Promise<SqliteHistory> => openHistory(path.join(folder, 'bailiff.sqlite3'), systemClock, silentLogger);
const follower = (): LogFollower => new LogFollower(log, { history, clock: systemClock, logger: silentLogger, locate });

/** What the history holds, oldest first: `kind id`. */
async function told(): Promise<string[]> {
  return [...(await history.recent(1000))].reverse().map((event) => `${event.kind} ${event.id}`);
}

async function readOnce(): Promise<void> {
  const once = follower();
  await once.catchUp();
  await once.close();
}

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bailiff-history-'));
  log = path.join(folder, 'fail2ban.log');
  history = await open();
});

afterEach(async () => {
  await history.close();
  rmSync(folder, { recursive: true });
});

describe('a line of the log', () => {
  it.each([
    ['found', '192.0.2.1', found(5, '192.0.2.1')],
    ['ban', '2001:db8::1', banned(5, '2001:db8::1')],
    ['restore-ban', '192.0.2.1', line(5, 'actions', 'NOTICE', '[ssh] Restore Ban 192.0.2.1')],
    ['unban', '192.0.2.1', line(5, 'actions', 'NOTICE', '[ssh] Unban 192.0.2.1')],
    ['ignore', '192.0.2.1', line(5, 'filter', 'INFO', '[ssh] Ignore 192.0.2.1 by ip')],
    ['already-banned', '192.0.2.1', line(5, 'actions', 'WARNING', '[ssh] 192.0.2.1 already banned')],
  ])('becomes the event %s of %s', (kind, id, text) => {
    expect(readEvent(text.trimEnd(), locate)).toEqual({ time: BEGIN + 300.25, jail: 'ssh', kind, id, country: 'DE', asn: 64496 });
  });

  it('is nothing when it tells of no address', () => {
    expect(readEvent(line(0, 'server', 'INFO', 'Starting Fail2ban v1.0.2').trimEnd(), locate)).toBeNull();
    expect(readEvent(line(0, 'jail', 'INFO', "Jail 'ssh' started").trimEnd(), locate)).toBeNull();
    expect(readEvent('Ban 192.0.2.1', locate)).toBeNull();
  });

  it('gives an id of bounded length', () => {
    expect(readEvent(banned(0, 'x'.repeat(5000)).trimEnd(), locate)?.id).toHaveLength(255);
  });
});

describe('the history', () => {
  it('counts failures and bans by hour, with zeros for quiet hours', async () => {
    writeFileSync(
      log,
      found(1, 'a') + found(2, 'a') + banned(3, 'a') + found(130, 'b', 'web') + line(131, 'actions', 'NOTICE', '[ssh] Unban a'),
    );
    await readOnce();
    expect(await history.perHour(BEGIN + 1800, BEGIN + 3 * 3600)).toEqual([
      { hour: BEGIN, failures: 2, bans: 1 },
      { hour: BEGIN + 3600, failures: 0, bans: 0 },
      { hour: BEGIN + 7200, failures: 1, bans: 0 },
    ]);
  });

  it('gives the newest events first, as many as asked for', async () => {
    writeFileSync(log, found(1, 'a') + found(2, 'b') + banned(2, 'c'));
    await readOnce();
    expect((await history.recent(2)).map((event) => event.id)).toEqual(['c', 'b']);
  });

  it('goes on after a restart where it left off: nothing lost, nothing twice', async () => {
    writeFileSync(log, found(1, 'a') + found(2, 'b'));
    await readOnce();
    appendFileSync(log, found(3, 'c') + found(4, 'd').slice(0, 40));
    await history.close();
    history = await open();
    await readOnce();
    appendFileSync(log, found(4, 'd').slice(40));
    await readOnce();
    expect(await told()).toEqual(['found a', 'found b', 'found c', 'found d']);
  });

  it('reads what was written before and after a rotation while it was away', async () => {
    writeFileSync(log, found(1, 'a'));
    await readOnce();
    appendFileSync(log, found(2, 'b'));
    renameSync(log, `${log}.1`);
    writeFileSync(log, found(3, 'c'));
    await readOnce();
    await readOnce();
    expect(await told()).toEqual(['found a', 'found b', 'found c']);
  });

  it('follows a rotation while it runs', async () => {
    writeFileSync(log, found(1, 'a'));
    const running = follower();
    await running.catchUp();
    renameSync(log, `${log}.1`);
    appendFileSync(`${log}.1`, found(2, 'b'));
    writeFileSync(log, found(3, 'c'));
    await running.catchUp();
    appendFileSync(log, found(4, 'd'));
    await running.catchUp();
    await running.close();
    expect(await told()).toEqual(['found a', 'found b', 'found c', 'found d']);
  });

  it('waits for a log that is not there yet', async () => {
    const running = follower();
    await running.catchUp();
    writeFileSync(log, found(1, 'a'));
    await running.catchUp();
    await running.close();
    expect(await told()).toEqual(['found a']);
  });

  it('tries again when the database could not be written', async () => {
    writeFileSync(log, found(1, 'a'));
    const add = history.add.bind(history);
    const running = follower();
    history.add = () => Promise.reject(new Error('disk full'));
    await running.catchUp();
    history.add = add;
    await running.catchUp();
    await running.close();
    expect(await told()).toEqual(['found a']);
  });

  it('keeps hostile ids as they are, as data', async () => {
    writeFileSync(log, banned(1, `'); DROP TABLE events; --`));
    await readOnce();
    expect(await told()).toEqual([`ban '); DROP TABLE events; --`]);
  });

  it('sets a damaged database aside and fills a new one from the log', async () => {
    const messages: string[] = [];
    await history.close();
    writeFileSync(path.join(folder, 'bailiff.sqlite3'), 'this is no database, '.repeat(500));
    history = await openHistory(
      path.join(folder, 'bailiff.sqlite3'),
      systemClock,
      createLogger((record) => messages.push(record.message)),
    );
    writeFileSync(log, found(1, 'a'));
    await readOnce();
    expect(await told()).toEqual(['found a']);
    expect(messages.join()).toContain('is damaged');
    expect(readdirSync(folder).some((file) => file.startsWith('bailiff.sqlite3.damaged-'))).toBe(true);
  });
});
