/** Lines of fail2ban.log: what is written is read back, for any event; and what is no such line, or pretends to be one, is not. */
import * as fc from 'fast-check';
import type { LogRecord } from '../../../src/base/logger';
import { parseLocalTime } from '../../../src/base/local-time';
import { formatRecord } from '../../../src/contracts/log/layout';
import { parseLogLine } from '../../../src/contracts/log/parse';
import { wordsOf } from '../../../src/contracts/log/wording';
import type { JailEvent } from '../../../src/model/event';
import { END_OF_TIME } from '../../../src/model/ticket';

const FILE = { datetime: true, padding: true };
const write = (record: LogRecord, time = 1_790_000_000.204): string => formatRecord(record, time, 28976, FILE);

const jail = fc.stringMatching(/^[A-Za-z][\w.-]{0,20}$/);
const id = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.ipV4().map((address) => `${address}/24`),
  fc.stringMatching(/^[!-~äöü漢]{1,30}$/).filter((text) => !text.includes("'")),
);
const time = fc.integer({ min: 1_500_000_000, max: 2_000_000_000 });
const count = fc.integer({ min: 1, max: 1000 });
const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,15}$/);
/** Under an hour the log is exact. */
const seconds = fc.integer({ min: 1, max: 3594 });

const event: fc.Arbitrary<JailEvent> = fc.oneof(
  fc.record({ kind: fc.constantFrom('found' as const, 'attempt' as const), jail, id, time }),
  fc.record({
    kind: fc.constant('found-bad' as const),
    jail,
    id,
    time,
    bans: count,
    retry: fc.constantFrom('2.0', '3.0', '5', '9.0'),
    ban: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('ignore' as const), jail, id, by: fc.constantFrom('ip', 'dns', 'command', 'ignoreself rule') }),
  fc.record({ kind: fc.constantFrom('expired' as const, 'ban' as const, 'restore-ban' as const, 'unban' as const), jail, id }),
  fc.record({ kind: fc.constant('reban' as const), jail, id: fc.ipV4(), action: word }),
  fc.record({ kind: fc.constant('reban' as const), jail, id: fc.ipV6() }),
  fc.record({ kind: fc.constant('already-banned' as const), jail, id, age: fc.constantFrom(0, 3, 60) }),
  fc.record({ kind: fc.constant('is-bad' as const), jail, id, bans: count, last: time, from: seconds, to: seconds }),
  fc.record({ kind: fc.constant('increase-ban' as const), jail, id, bancount: count, bantime: seconds, end: time }),
  fc.record({
    kind: fc.constant('increase-ban' as const),
    jail,
    id,
    bancount: count,
    bantime: fc.constant(-1),
    end: fc.constant(END_OF_TIME),
  }),
  fc.record({ kind: fc.constant('flush' as const), jail, action: word }),
  fc.record({
    kind: fc.constant('action-failed' as const),
    jail,
    action: word,
    operation: fc.constantFrom('start', 'stop'),
    message: fc.string(),
  }),
  fc.record({
    kind: fc.constant('action-failed' as const),
    jail,
    action: word,
    operation: fc.constantFrom('ban', 'unban', 'reban'),
    id: fc.ipV4(),
    message: fc.string(),
  }),
  fc.record({ kind: fc.constantFrom('started' as const, 'stopped' as const), jail }),
);

describe('parseLogLine', () => {
  it('reads back every event that is written', () => {
    fc.assert(
      fc.property(event, (told) => {
        const record = wordsOf(told);
        const line = parseLogLine(write(record));
        expect(line).toEqual({
          time: 1_790_000_000.204,
          logger: record.name.replace('fail2ban.', ''),
          pid: 28976,
          level: record.level,
          message: record.message,
          event: told,
        });
      }),
      { numRuns: 3000 },
    );
  });

  it('reads any time to the millisecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000_000_000_000, max: 4_000_000_000_000 }), (milliseconds) => {
        const line = parseLogLine(write({ level: 'INFO', name: 'fail2ban.server', message: 'x' }, milliseconds / 1000));
        // Where clocks are turned back a local time stands for two; the first is taken.
        const again = parseLogLine(write({ level: 'INFO', name: 'fail2ban.server', message: 'x' }, line?.time ?? 0));
        expect(again?.time).toBe(line?.time);
        expect(Math.abs((line?.time ?? 0) * 1000 - milliseconds) % 3_600_000).toBeLessThan(1);
      }),
    );
  });

  it('reads other messages without making an event of them', () => {
    const line = parseLogLine('2026-11-22 09:39:17,204 fail2ban.server         [1]: INFO    Starting Fail2ban v1.0.2');
    expect(line).toMatchObject({ logger: 'server', level: 'INFO', message: 'Starting Fail2ban v1.0.2', event: null });
    expect(parseLogLine('2026-11-22 09:39:17,204 fail2ban.filter         [1]: HEAVY   x')).toMatchObject({ level: 'HEAVYDEBUG' });
  });

  it('reads the words of later releases', () => {
    const line = parseLogLine('2026-11-22 09:39:17,204 fail2ban.actions        [1]: NOTICE  [j1] Repeal Ban 192.0.2.1');
    expect(line?.event).toEqual({ kind: 'unban', jail: 'j1', id: '192.0.2.1' });
  });

  it.each([
    '',
    'Nov 22 09:39:17 host fail2ban.actions[1]: NOTICE [j1] Ban 192.0.2.1',
    '2026-13-22 09:39:17,204 fail2ban.actions        [1]: NOTICE  [j1] Ban 192.0.2.1',
    '2026-02-30 09:39:17,204 fail2ban.actions        [1]: NOTICE  [j1] Ban 192.0.2.1',
    '2026-11-22 09:39:17,204 sshd[1]: NOTICE  [j1] Ban 192.0.2.1',
    '2026-11-22 09:39:17,204 fail2ban.actions        [1]: LOUD    [j1] Ban 192.0.2.1',
    ` 2026-11-22 09:39:17,204 fail2ban.actions        [1]: NOTICE  [j1] Ban 192.0.2.1`,
    `2026-11-22 09:39:17,204 fail2ban.actions        [1]: NOTICE  ${'x'.repeat(70_000)}`,
  ])('takes %p for no line of the log', (line) => {
    expect(parseLogLine(line)).toBeNull();
  });

  it('takes an address that is smuggled in as an id for no ban', () => {
    const smuggled = (told: JailEvent): JailEvent | null | undefined => parseLogLine(write(wordsOf(told)))?.event;
    expect(smuggled({ kind: 'found', jail: 'j1', id: 'x] Ban 192.0.2.7', time: 1_790_000_000 })?.kind).toBe('found');
    expect(smuggled({ kind: 'already-banned', jail: 'j1', id: 'Ban 192.0.2.7', age: 3 })?.kind).toBe('already-banned');
    const twoLines = write(wordsOf({ kind: 'ban', jail: 'j1', id: `a\n${write(wordsOf({ kind: 'ban', jail: 'ssh', id: '192.0.2.7' }))}` }));
    expect(twoLines).not.toContain('\n');
    expect(parseLogLine(twoLines)?.event).toMatchObject({ kind: 'ban', jail: 'j1', id: expect.stringMatching(/^a\\x0a/) as string });
  });

  it('never fails and never takes long, whatever the line', () => {
    const head = '2026-11-22 09:39:17,204 fail2ban.';
    const parts = fc.array(
      fc.constantFrom(
        "Failed to execute ban jail 'j' action 'a' info 'ActionInfo({'ip': '",
        "})': ",
        "' action '",
        '[j1] ',
        'Ban ',
        ", action '",
        ' already banned',
        ' - ',
        '# ->',
      ),
      { maxLength: 400 },
    );
    fc.assert(
      fc.property(fc.constantFrom('actions', 'filter', 'observer', 'jail'), parts, fc.string(), (logger, words, rest) => {
        expect(parseLogLine(`${head}${logger}        [1]: NOTICE  ${words.join('')}${rest}`)).not.toBeUndefined();
      }),
    );
    const repeated = `${head}actions        [1]: ERROR   ${"Failed to execute ban jail 'j' action 'a' info 'ActionInfo({".repeat(1000)}`;
    expect(parseLogLine(repeated)?.event).toBeNull();
  });
});

describe('parseLocalTime', () => {
  it('refuses what is no date', () => {
    for (const text of ['', '2026-00-01 00:00:00', '2026-02-29 00:00:00', '2026-01-01 24:00:00', '2026-01-01 00:60:00']) {
      expect(parseLocalTime(text)).toBeNull();
    }
  });
});
