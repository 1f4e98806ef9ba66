/** The log of a real fail2ban-server beside ours: each of its lines about a jail is understood, and said again in the same letters. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SocketClient } from '../../../src/contracts/socket/client';
import { formatRecord } from '../../../src/contracts/log/layout';
import { parseLogLine } from '../../../src/contracts/log/parse';
import type { ParsedLogLine } from '../../../src/contracts/log/parse';
import { wordsOf } from '../../../src/contracts/log/wording';
import { formatLocalTime } from '../../../src/base/local-time';
import { startStockServer } from '../../support/stock-server';
import type { StockServer } from '../../support/stock-server';

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('the stock server’s log', () => {
  let server: StockServer;
  let lines: readonly string[];

  beforeAll(async () => {
    server = await startStockServer('log');
    const client = new SocketClient({ path: server.socket });
    const log = join(server.folder, 'attacked.log');
    writeFileSync(log, '');
    const commands = [
      ['add', 'j1', 'polling'],
      ['set', 'j1', 'addfailregex', '^ fail <HOST>$'],
      ['set', 'j1', 'maxretry', '2'],
      ['set', 'j1', 'bantime', '60'],
      ['set', 'j1', 'addignoreip', '192.0.2.99'],
      ['set', 'j1', 'addlogpath', log, 'head'],
      ['set', 'j1', 'addaction', 'broken'],
      ['set', 'j1', 'action', 'broken', 'actionban', 'false'],
      ['set', 'j1', 'action', 'broken', 'actionunban', 'false'],
      ['set', 'j1', 'action', 'broken', 'actionflush', 'true'],
      ['start', 'j1'],
      ['add', 'j2', 'polling'],
      ['set', 'j2', 'addfailregex', '^ short <HOST>$'],
      ['set', 'j2', 'maxretry', '2'],
      ['set', 'j2', 'bantime', '3'],
      ['set', 'j2', 'bantime.increment', 'true'],
      ['set', 'j2', 'addlogpath', log, 'head'],
      ['start', 'j2'],
    ];
    for (const command of commands) await client.send(command);
    const tried = (word: string, id: string): void => appendFileSync(log, `${formatLocalTime(Date.now() / 1000)} ${word} ${id}\n`);
    const logged = async (text: string): Promise<void> => {
      for (let round = 0; round < 100 && !readFileSync(server.log, 'utf8').includes(text); round++) await wait(100);
    };
    for (const id of ['192.0.2.99', '192.0.2.1', '192.0.2.1', '2001:db8::1']) tried('fail', id);
    tried('short', '192.0.2.2');
    tried('short', '192.0.2.2');
    await logged('[j1] Ban 192.0.2.1');
    await client.send(['set', 'j1', 'banip', '192.0.2.1', '198.51.100.0/24', 'any text']);
    await client.send(['set', 'j1', 'attempt', '192.0.2.50']);
    await client.send(['set', 'j1', 'unbanip', '192.0.2.1']);
    // Banned before: longer this time.
    await logged('[j2] Unban 192.0.2.2');
    await wait(1000);
    tried('short', '192.0.2.2');
    tried('short', '192.0.2.2');
    await logged('[j2] Increase Ban 192.0.2.2');
    await client.send(['stop', 'j1']);
    lines = readFileSync(server.log, 'utf8').trimEnd().split('\n');
  });
  afterAll(() => server.stop());

  const parsed = (): readonly ParsedLogLine[] => lines.map(parseLogLine).filter((line) => line !== null);

  it('consists of lines that are understood', () => {
    expect(parsed()).toHaveLength(lines.length);
  });

  it('told every kind of event that this test brought about', () => {
    const kinds = new Set(parsed().flatMap(({ event }) => (event === null ? [] : [event.kind])));
    expect([...kinds].sort()).toEqual(
      expect.arrayContaining([
        'action-failed',
        'attempt',
        'ban',
        'flush',
        'found',
        'ignore',
        'increase-ban',
        'is-bad',
        'started',
        'stopped',
        'unban',
      ]),
    );
  });

  it('leaves no message about a jail without its event', () => {
    const unknown = parsed().filter(({ message, event }) => event === null && /^(\[j\d\]|Failed to|Jail 'j\d' st)/.test(message));
    expect(unknown.map(({ message }) => message)).toEqual([]);
  });

  it('is written by us in the same letters', () => {
    const pid = parsed()[0]?.pid ?? 0;
    const layout = { datetime: true, padding: true };
    const said = parsed().map((line, index) => {
      if (line.event === null) return formatRecord({ ...line, name: `fail2ban.${line.logger}` }, line.time, pid, layout);
      // What the stock server writes about an action’s data cannot be told again from the event.
      if (line.event.kind === 'action-failed') return lines[index];
      return formatRecord(wordsOf(line.event), line.time, pid, layout);
    });
    expect(said).toEqual(lines);
  });
});
