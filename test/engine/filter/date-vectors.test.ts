/** Dates in lines, as fail2ban 1.0.2 was seen to read them in the zone UTC, now = 2026-11-22 09:33:20. */
import { silentLogger } from '../../../src/base/logger';
import { createDateStream } from '../../../src/engine/filter/date-reader';

const now = Date.UTC(2026, 10, 22, 9, 33, 20) / 1000;

function read(line: string, datepattern: string | null = null, logtimezone = 'UTC'): readonly [number | null, string] {
  const stream = createDateStream({ datepattern, logtimezone }, now, silentLogger);
  const date = stream.open({ source: '/log', lines: [line], inOperation: true }, now).read(0);
  return [date.dated ? date.time : null, date.before + date.after];
}

const at = (text: string): number => Date.parse(text) / 1000;

describe('the default date templates', () => {
  test.each([
    ['[2026-11-22 09:00:01] x', '2026-11-22T09:00:01Z', '[] x'],
    ['xx 2026-11-22 09:00:01 x', '2026-11-22T09:00:01Z', 'xx  x'],
    ['1.2.3.4 - - [22/Nov/2026:09:00:01 +0100] x', '2026-11-22T08:00:01Z', '1.2.3.4 - - [] x'],
    ['23:00:01 x', '2026-11-21T23:00:01Z', ' x'],
    ['Dec 31 23:59:59 x', '2025-12-31T23:59:59Z', ' x'],
    ['26-11-22 09:00:01 x', '2022-11-26T09:00:01Z', ' x'],
    ['2026-11-22 09:00:01 CET x', '2026-11-22T09:00:01Z', ' CET x'],
    ['2026-11-22 09:00:01 -05 x', '2026-11-22T14:00:01Z', ' x'],
    ['(((Nov 22 09:00:01 x', '2026-11-22T09:00:01Z', '((( x'],
    ['Nov 22 09:00:01 x', '2026-11-22T09:00:01Z', ' x'],
    ['Sun Nov 22 2026 09:00:01 x', '2026-11-22T09:00:01Z', ' x'],
    ['11/22/2026:09:00:01 x', '2026-11-22T09:00:01Z', ' x'],
    ['11-22-2026 09:00:01.5 x', '2026-11-22T09:00:01Z', ' x'],
    ['<11/22/26@09:00:01> x', '2026-11-22T09:00:01Z', ' x'],
    ['261122 09:00:01 x', '2026-11-22T09:00:01Z', ' x'],
    ['Nov 22, 2026 9:00:01 PM x', '2026-11-22T21:00:01Z', ' x'],
    ['Nov-22-26 09:00:01 x', '2026-11-22T09:00:01Z', ' x'],
    ['20261122T090001 x', '2026-11-22T09:00:01Z', ' x'],
    ['PDT Nov 22 09:00:01 x', '2026-11-22T16:00:01Z', ' x'],
    ['+02:00 Nov 22 09:00:01 2026 x', '2026-11-22T07:00:01Z', ' x'],
    ['@4000000050d506482dbdf024 x', '2012-12-22T01:00:56Z', ' x'],
    ['Nov 23 09:33:19 x', '2026-11-23T09:33:19Z', ' x'],
    ['Nov 23 09:33:21 x', '2025-11-23T09:33:21Z', ' x'],
  ])('%s is %s', (line, time, rest) => {
    expect(read(line)).toEqual([at(time), rest]);
  });

  test('an audit stamp keeps its fraction and leaves its serial number in the line', () => {
    expect(read('type=X msg=audit(1795338001.123:45): x')).toEqual([1795338001.123, 'type=X msg=audit(:45): x']);
  });

  test.each([
    '2026-11-22 09:00 x',
    '1795338001123 x',
    'foo 1795338001 x',
    '22.11.2026 09:00:01 x',
    '1999-01-01 09:00:01 x',
    '2030-01-01 09:00:01 x',
    '2026-13-01 09:00:01 x',
    '2026-11-22 24:00:00 x',
    '20261122-09:00:01 x',
  ])('%s bears no date', (line) => {
    expect(read(line)).toEqual([null, line]);
  });

  test('a date that does not exist is no date', () => {
    expect(read('2026-02-30 09:00:01 x')[0]).toBeNull();
    expect(read('Feb 29 09:00:01 x')[0]).toBeNull();
    expect(read('0000-04-14 09:00:01 x', '^%Y-%m-%d %H:%M:%S')[0]).toBeNull();
    expect(read('9999 53 6 x', '%Y %W %w')[0]).toBeNull();
    expect(read('0000 53 Wed x', '%Y %U %a')[0]).toBeNull();
    expect(read('18:05 PM x', '%l:%M %p')[0]).toBeNull();
  });

  test.each(['9999-12-31 23:00:00 -0500', '0001-01-01 00:00:00 +0100'])(
    'a zone that puts %s out of all years makes the line fail',
    (text) => {
      const stream = createDateStream({ datepattern: '%Y-%m-%d %H:%M:%S %z', logtimezone: null }, now, silentLogger);
      const date = stream.open({ source: '/log', lines: [text], inOperation: true }, now).read(0);
      expect(date.failed).toContain('out of range');
    },
  );

  test.each(['Thu', 'cet', 'host', 'Xyz'])('%s before a date is taken for its zone, but is none: the line bears no date', (word) => {
    expect(read(`${word} Nov 22 09:00:01 x`, '{^LN-BEG}(?:%Z )?%b %d %k:%M:%S')).toEqual([null, ' x']);
  });

  test('a zone that nobody knows makes the line fail', () => {
    const stream = createDateStream({ datepattern: null, logtimezone: 'UTC' }, now, silentLogger);
    const date = stream.open({ source: '/log', lines: ['XYZ Nov 22 09:00:01 x'], inOperation: true }, now).read(0);
    expect(date.failed).toContain('XYZ');
  });
});

describe('a datepattern of the administrator', () => {
  test.each([
    ['^%H', '09 x', '2026-11-22T09:00:00Z'],
    ['%Y %U %a', '2026 10 Tue x', '2026-03-10T00:00:00Z'],
    ['%I:%M %p', '12:05 AM x', '2026-11-22T00:05:00Z'],
    ['%I:%M %p', '12:05 PM x', '2026-11-21T12:05:00Z'],
    ['%I:%M', '12:05 x', '2026-11-22T00:05:00Z'],
    ['at%l:%M', 'at15:05 x', '2026-11-21T15:05:00Z'],
    ['EPOCH', '1٧95338001 x', '2026-11-22T09:00:01Z'],
    ['%Y %j', '2026 364 x', '2026-12-30T00:00:00Z'],
    ['%m-%d', '11-24 x', '2025-11-24T00:00:00Z'],
    ['foo{EPOCH}', 'foo1795338001 x', '2026-11-22T09:00:01Z'],
    ['LEPOCH', '1795338001123456 x', '2026-11-22T09:00:01.123456Z'],
    ['%d.%m.%Y %H:%M**', '22.11.2026 09:05 x', '2026-11-22T09:05:00Z'],
    ['%m/%d/%y %X**', '11/22/26 09:00:018 x', '2026-11-22T09:00:01Z'],
    ['^\\s*{DATE}:', '  Nov 22 09:00:01: x', '2026-11-22T09:00:01Z'],
  ])('%s reads %s as %s', (pattern, line, time) => {
    expect(read(line, pattern)[0]).toBeCloseTo(at(time), 2);
  });

  test.each([
    ['%m x %b %d %Y', '03 x Nov 22 2026', '2026-11-22T00:00:00Z'],
    ['%b x %m %d %Y', 'Nov x 03 22 2026', '2026-03-22T00:00:00Z'],
    ['(?:%b x )?%m %d %Y', '03 22 2026', '2026-03-22T00:00:00Z'],
    ['%m (?:%b )?%d %Y', '03 22 2026', '2026-03-22T00:00:00Z'],
    ['%y %Y-%m-%d', '24 2026-11-22', '2026-11-22T00:00:00Z'],
    ['%Y-%m-%d %y', '2026-11-22 24', '2024-11-22T00:00:00Z'],
    ['%Y-%m-%d %H %I %p', '2026-11-22 05 07 PM', '2026-11-22T19:00:00Z'],
    ['%Y-%m-%d %I %p %H', '2026-11-22 07 PM 05', '2026-11-22T05:00:00Z'],
    ['%Y %U %w %a', '2026 12 3 Mon', '2026-03-23T00:00:00Z'],
    ['%Y %U %a %w', '2026 12 Mon 3', '2026-03-25T00:00:00Z'],
    ['%Y %U %W %a', '2026 12 20 Mon', '2026-05-18T00:00:00Z'],
    ['%Y-%m-%d %H %z %Z', '2026-11-22 05 +0100 EST', '2026-11-22T10:00:00Z'],
    ['%Y-%m-%d %H %Z %z', '2026-11-22 05 EST +0100', '2026-11-22T04:00:00Z'],
  ])('%s names something twice: of %s the later one counts', (pattern, line, time) => {
    expect(read(line, pattern)[0]).toBe(at(time));
  });

  test('of two zones the first that is none ends it, whatever the other is', () => {
    const seen = (line: string): string | null => {
      const stream = createDateStream({ datepattern: '%a %Exz/%Z %Y-%m-%d', logtimezone: 'UTC' }, now, silentLogger);
      const date = stream.open({ source: '/log', lines: [line], inOperation: true }, now).read(0);
      return date.failed ?? (date.time === null ? 'no date' : null);
    };
    expect(seen('Sun cet/XYZ 2026-11-22')).toBe('no date');
    expect(seen('Sun XYZ/cet 2026-11-22')).toContain('XYZ');
    expect(seen('Sun EST/CET 2026-11-22')).toBeNull();
  });

  test('of a clock the longer second is taken where two could be, and that is no second', () => {
    expect(read('11/22/26 09:00:60,5', '%m/%d/%y %X**')).toEqual([null, ',5']);
  });

  test('a blank behind a prefix belongs to the pattern', () => {
    expect(read('- 2026 Nov 22 x', '{^LN-BEG} %Y %b %d')).toEqual([at('2026-11-22T00:00:00Z'), '- x']);
  });

  test('{NONE} takes the time of reading', () => {
    expect(read('anything', '{NONE}')).toEqual([now, 'anything']);
  });

  test('{^LN-BEG} leaves up to two signs before the date in the line, and takes no date from its middle', () => {
    expect(read('[ Nov 22 09:00:01] x', '{^LN-BEG}')).toEqual([at('2026-11-22T09:00:01Z'), '[ ] x']);
    expect(read('x Nov 22 09:00:01', '{^LN-BEG}')[0]).toBeNull();
  });

  test('logtimezone holds where the line names no zone', () => {
    expect(read('2026-11-22 09:00:01 x', null, 'CET')[0]).toBe(at('2026-11-22T08:00:01Z'));
    expect(read('2026-11-22 09:00:01 +0300 x', null, 'CET')[0]).toBe(at('2026-11-22T06:00:01Z'));
  });

  test('a token that does not exist is told with its place', () => {
    expect(() => read('x', '%Q')).toThrow("unsupported format character 'Q' (0x51) at index 1");
  });
});

test('where the last date stood is counted in characters, also behind those beyond U+FFFF', () => {
  const stream = createDateStream({ datepattern: '%H:%M:%S', logtimezone: 'UTC' }, now, silentLogger);
  const lines = ['😀 abcdefghij 09:00:01 z', 'x 08:00:00 y 09:00:02 z', '😀 08:00:00 y 09:00:03 z'];
  const reader = stream.open({ source: '/log', lines, inOperation: true }, now);
  expect(lines.map((_line, index) => reader.read(index).date)).toEqual(['09:00:01', '09:00:02', '09:00:03']);
});

test('no undated line is passed over, however long it is and however many came before it', () => {
  const stream = createDateStream({ datepattern: '{UNB}(?:%a )?%b %d %ExY %k:%M:%S', logtimezone: 'UTC' }, now, silentLogger);
  const line = 'm'.repeat(500);
  for (let batch = 0; batch < 200; batch++)
    expect(stream.open({ source: '/log', lines: [line], inOperation: true }, now).read(0)).not.toHaveProperty('failed');
  const dated = stream.open({ source: '/log', lines: [`${line}Nov 22 2026 09:00:01`], inOperation: true }, now).read(0);
  expect(dated.time).toBe(at('2026-11-22T09:00:01Z'));
});

test('a line that begins as the one before it, up to a fraction that was left out there, is dated anew', () => {
  const stream = createDateStream({ datepattern: '{^LN-BEG}', logtimezone: 'UTC' }, now, silentLogger);
  const lines = ['2026-11-22T09:00:01.634875Z04 x', '2026-11-22T09:00:01.634875Z x'];
  const reader = stream.open({ source: '/log', lines, inOperation: true }, now);
  expect([reader.read(0).date, reader.read(1).date]).toEqual(['2026-11-22T09:00:01', '2026-11-22T09:00:01.634875Z']);
});

describe('the date of a line without one', () => {
  test('is that of the line before it for a minute', () => {
    const stream = createDateStream({ datepattern: null, logtimezone: 'UTC' }, now, silentLogger);
    const reader = stream.open({ source: '/log', lines: ['Nov 22 09:33:00 a', 'b'], inOperation: true }, now);
    expect(reader.read(1)).toEqual({ before: '', date: 'Nov 22 09:33:00', after: 'b', time: now - 20, dated: false, zoned: false });
    const later = stream.open({ source: '/log', lines: ['c'], inOperation: true }, now + 41);
    expect(later.read(0).time).toBeNull();
  });
});
