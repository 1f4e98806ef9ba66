/** Zones by abbreviation and offset, and local time with daylight saving. */
import { execFileSync } from 'node:child_process';
import * as path from 'node:path';
import { zoneOffset } from '../../../src/engine/filter/time-zone';

test.each([
  ['', 0],
  ['Z', 0],
  ['UTC', 0],
  ['CET', 60],
  ['CEST', 120],
  ['PDT', -420],
  ['NPT', 345],
  ['+0100', 60],
  ['-05', -300],
  ['+05:30', 330],
  ['UTC+02:30', 150],
  ['CET-0100', 0],
])('%p is %d minutes east of UTC', (zone, minutes) => {
  expect(zoneOffset(zone)).toBe(minutes);
});

test.each(['UTC+2', 'cet', 'XYZ', 'CETCET', '+1', 'AB'])('%s is no zone', (zone) => {
  expect(() => zoneOffset(zone)).toThrow(`Unknown or unsupported time zone: '${zone}'`);
});

test('local dates follow the daylight saving of the process’s own zone', () => {
  const root = path.join(__dirname, '../../..');
  const output = execFileSync(
    process.execPath,
    [path.join(root, 'test/support/typescript.mjs'), path.join(root, 'test/support/local-dates.ts')],
    {
      encoding: 'utf8',
      env: { ...process.env, TZ: 'Europe/Berlin' },
    },
  );
  expect(JSON.parse(output)).toEqual([
    Date.parse('2026-01-15T11:00:00Z') / 1000,
    Date.parse('2026-07-15T10:00:00Z') / 1000,
    Date.parse('2026-03-29T00:59:59Z') / 1000,
    Date.parse('2026-03-29T01:00:00Z') / 1000,
  ]);
});
