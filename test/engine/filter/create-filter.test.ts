/** A jail's filter: failures out of lines, ids, what is passed over, what is told. */
import fc from 'fast-check';
import { createLogger, type LogRecord, silentLogger } from '../../../src/base/logger';
import { createLineFilter } from '../../../src/engine/filter/create-filter';
import { createDateStream } from '../../../src/engine/filter/date-reader';
import { readFilterFile } from '../../../src/engine/server/regex-test/read-filter';
import { defaultJailConfig, type JailConfig } from '../../../src/model/jail-config';
import { type Failure, matchedText } from '../../../src/model/ticket';

const now = Date.UTC(2026, 10, 22, 9, 33, 20) / 1000;

function run(
  config: Partial<JailConfig>,
  lines: readonly string[],
  inOperation = true,
): { failures: readonly Failure[]; log: LogRecord[] } {
  const log: LogRecord[] = [];
  const logger = createLogger((record) => log.push(record));
  const whole = { ...defaultJailConfig('j'), logtimezone: 'UTC', ...config };
  const { filter, problems } = createLineFilter(whole, { logger });
  if (filter === null) throw new Error(JSON.stringify(problems));
  const batch = { source: '/log', lines, inOperation };
  return { failures: filter.process(batch, createDateStream(whole, now, logger).open(batch, now), now), log };
}

const ids = (config: Partial<JailConfig>, ...lines: string[]): (string | null)[] => run(config, lines).failures.map(({ id }) => id);

describe('the id of a failure', () => {
  test.each([
    ['<HOST>', '192.0.2.1', '192.0.2.1'],
    ['<HOST>', '::ffff:192.0.2.1', '192.0.2.1'],
    ['<HOST>', '2001:DB8::0:1', '2001:db8::1'],
    ['<SUBNET>', '2001:DB8::0:1/64', '2001:db8::/64'],
    ['<SUBNET>', '192.0.2.9/24', '192.0.2.0/24'],
    ['<SUBNET>', '192.0.2.9/33', '192.0.2.9'],
    ['<HOST>', '192.030.0.6', '192.030.0.6'],
    [String.raw`<F-ID>\S+</F-ID>`, '192.0.2.9/24', '192.0.2.0/24'],
    [String.raw`<F-ID>\S+</F-ID>`, 'alice', 'alice'],
  ])('%s on %s is %s', (tag, text, id) => {
    expect(ids({ failregex: [`^ fail ${tag}$`] }, `Nov 22 09:33:00 fail ${text}`)).toEqual([id]);
  });

  test('is the explicit one, and the address stays beside it', () => {
    const [failure] = run({ failregex: [String.raw`^ <F-ID>\S+</F-ID> <HOST>$`] }, ['Nov 22 09:33:00 key 192.0.2.1']).failures;
    expect(failure).toMatchObject({ id: 'key', data: { ip: '192.0.2.1', fid: 'key' } });
  });

  test('of a name must be resolved, unless names are taken raw or not at all', () => {
    const line = 'Nov 22 09:33:00 fail host.example';
    const failregex = ['^ fail <F-DNS/>$'];
    expect(run({ failregex, usedns: 'warn' }, [line]).failures).toMatchObject([{ id: null, dns: 'host.example' }]);
    expect(run({ failregex, usedns: 'raw' }, [line]).failures).toMatchObject([{ id: 'host.example', dns: null }]);
    expect(run({ failregex, usedns: 'no' }, [line]).failures).toEqual([]);
  });

  test('of a tuple is written as Python writes it', () => {
    const failregex = [String.raw`^ <F-ID>\S+</F-ID> <F-TUPLE_ID>\S+</F-TUPLE_ID> <F-TUPLE_ID_2>\S+</F-TUPLE_ID_2>$`];
    expect(ids({ failregex }, 'Nov 22 09:33:00 a b c')).toEqual(["('a', 'b', 'c')"]);
  });
});

describe('the time of a failure', () => {
  const failregex = ['fail <HOST>$'];

  test('is now when the line in operation is odd, and that is told once', () => {
    const { failures, log } = run({ failregex }, ['Nov 22 08:27:20 fail 192.0.2.1', 'Nov 22 08:27:20 fail 192.0.2.1']);
    expect(failures.map(({ time }) => time)).toEqual([now, now]);
    expect(log.map(({ message }) => message)).toEqual([
      '[j] Detected a log entry 1h 6m before the current time in operation mode. This looks like a timezone problem. Treating such entries as if they just happened.',
      '[j] Please check a jail for a timing issue. Line with odd timestamp: Nov 22 08:27:20 fail 192.0.2.1',
    ]);
  });

  test('is its own in history, unless it is older than findtime', () => {
    const { failures } = run({ failregex, findtime: 600 }, ['Nov 22 09:23:19 fail 192.0.2.1', 'Nov 22 09:23:21 fail 192.0.2.2'], false);
    expect(failures.map(({ id, time }) => [id, time])).toEqual([['192.0.2.2', now - 599]]);
  });

  test('is that of the line before it where the line bears none', () => {
    const { failures } = run({ failregex }, ['Nov 22 09:33:00 x', 'fail 192.0.2.1']);
    expect(failures.map(({ time }) => time)).toEqual([now - 20]);
  });

  test('is the «now» of an odd line before it where a template takes no text', () => {
    const config = {
      ...defaultJailConfig('j'),
      logtimezone: 'UTC',
      datepattern: '^note:()**\n{^LN-BEG}',
      failregex: ['^note: fail <HOST>$'],
    };
    const { filter } = createLineFilter(config, { logger: silentLogger });
    const dates = createDateStream(config, now, silentLogger);
    const lines = [
      ['Nov 22 10:30:00 ahead', now],
      ['note: fail 192.0.2.1', now + 5],
      ['note: fail 192.0.2.2', now + 35],
      ['note: fail 192.0.2.3', now + 65],
    ] as const;
    const times = lines.map(([line, time]) => {
      const batch = { source: '/log', lines: [line], inOperation: true };
      return filter?.process(batch, dates.open(batch, time), time).map((failure) => failure.time - now);
    });
    expect(times).toEqual([[], [0], [0], [65]]);
  });
});

test('a date that cannot be converted is cut out of its line once an odd one before it serves no longer', () => {
  const config = { ...defaultJailConfig('j'), logtimezone: 'UTC', datepattern: '^{DATE}', failregex: ['^ fail <HOST>$'] };
  const { filter } = createLineFilter(config, { logger: silentLogger });
  const dates = createDateStream(config, now, silentLogger);
  const found = [
    ['Nov 23 09:00:00 ahead', now],
    ['Feb 30 09:00:00 fail 192.0.2.1', now + 30],
    ['Feb 30 09:00:00 fail 192.0.2.2', now + 61],
  ] as const;
  const ids = found.map(([line, time]) => {
    const batch = { source: '/log', lines: [line], inOperation: true };
    return filter?.process(batch, dates.open(batch, time), time).map(({ id }) => id);
  });
  expect(ids).toEqual([[], [], ['192.0.2.2']]);
});

describe('lines that are passed over', () => {
  test('are those that an ignoreregex matches', () => {
    expect(ids({ failregex: ['fail <HOST>'], ignoreregex: ['good'] }, 'fail 192.0.2.1 good', 'fail 192.0.2.2')).toEqual(['192.0.2.2']);
  });

  test('are looked at before the prefregex when ignoreregexes are few, behind it otherwise', () => {
    const prefregex = '^ pre <F-CONTENT>.*</F-CONTENT>$';
    const line = 'Nov 22 09:33:00 pre fail 192.0.2.1';
    expect(ids({ prefregex, failregex: ['^fail <HOST>'], ignoreregex: ['pre'] }, line)).toEqual(['192.0.2.1']);
    expect(ids({ prefregex, failregex: ['^fail <HOST>', 'a<HOST>', 'b<HOST>', 'c<HOST>'], ignoreregex: ['pre'] }, line)).toEqual([]);
  });

  test('a literal that stands on both sides of the date is seen by the pre-filter', () => {
    expect(ids({ failregex: [String.raw`^\[\] \[client <HOST>\] denied`] }, '[Nov 22 09:33:00] [client 192.0.2.1] denied')).toEqual([
      '192.0.2.1',
    ]);
  });
});

test('a match over several lines takes its lines, and leaves those it skips for others', () => {
  const failregex = [String.raw`^ start <F-USER>\w+</F-USER>$<SKIPLINES>^ end <HOST>$`, '^ other <HOST>$'];
  const lines = ['start bob', 'noise', 'end 192.0.2.1', 'end 192.0.2.2'].map((text, index) => `Nov 22 09:33:0${index} ${text}`);
  const { failures } = run({ failregex, maxlines: 5 }, lines);
  expect(failures.map(({ id, data, matches }) => [id, data.user, matches.length])).toEqual([['192.0.2.1', 'bob', 2]]);
});

test('of lines alike but for their dates, a match over several lines takes the last and leaves the first, as the original does', () => {
  const failregex = [String.raw`^ start <F-USER>\w+</F-USER>$<SKIPLINES>^ end <HOST>$`];
  const lines = ['start bob', 'start bob', 'end 192.0.2.1', 'end 192.0.2.2'].map((text, index) => `Nov 22 09:33:0${index} ${text}`);
  const { failures } = run({ failregex, maxlines: 5 }, lines);
  expect(failures.map(({ id, matches }) => [id, matches.map(matchedText)])).toEqual([
    ['192.0.2.1', ['Nov 22 09:33:01 start bob', 'Nov 22 09:33:02 end 192.0.2.1']],
    ['192.0.2.2', ['Nov 22 09:33:00 start bob', 'Nov 22 09:33:03 end 192.0.2.2']],
  ]);
});

test('a regex that does not compile is a Problem with its option and column', () => {
  const created = createLineFilter({ ...defaultJailConfig('j'), failregex: ['^(x'], ignoreregex: ['['] }, { logger: silentLogger });
  expect(created.problems?.map(({ jail, option, column }) => [jail, option, column])).toEqual([
    ['j', 'failregex', 2],
    ['j', 'ignoreregex', 1],
  ]);
});

test('no line, however hostile, throws out of the filter', () => {
  const sshd = readFilterFile('/etc/fail2ban', 'filter.d/sshd', new Map([['mode', 'aggressive']]));
  const config = { ...defaultJailConfig('sshd'), ...sshd, maxlines: 1, usedns: 'raw' as const };
  const { filter } = createLineFilter(config, { logger: silentLogger });
  const dates = createDateStream(config, now, silentLogger);
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '\0',
      '\ud800',
      '\udc00',
      '\n',
      '\x85',
      'Nov 22 09:33:00',
      '__proto__',
      'sshd[1]: ',
      'Failed password for ',
      ' from 192.0.2.1',
    ),
    fc.nat(65536).map((length) => ' '.repeat(length)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const batch = { source: '/log', lines: [pieces.join('').slice(0, 65536)], inOperation: true };
      expect(Array.isArray(filter?.process(batch, dates.open(batch, now), now))).toBe(true);
    }),
    { numRuns: 100 },
  );
});
