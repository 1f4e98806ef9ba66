/** What is not well with a jail, from its health and the state of its files. */
import type { FileState } from '../../../../src/base/file-state';
import type { JailHealth } from '../../../../src/model/health';
import { fileNotices, jailNotices } from '../../../../src/panel/control/health/jail-notices';
import type { HealthNotice } from '../../../../src/panel/control/health/health';

const NOW = 1_700_000_000;

function health(more: Partial<JailHealth> = {}): JailHealth {
  const rates = { linesPerMinute: 3, matchesPerMinute: 0, slowestRegex: null };
  return { jail: 'web', lastLine: NOW - 2, lag: 1, ...rates, lastActionError: null, files: ['/var/log/a'], problems: [], ...more };
}

function file(modified: number, more: Partial<FileState> = {}): FileState {
  return { path: '/var/log/a', access: 'readable', size: 100, modified, ...more };
}

function found(jail: JailHealth, files: readonly FileState[] = [file(NOW - 2)], started: number | null = NOW - 9000): readonly string[] {
  return jailNotices(jail, files, NOW, started).map(({ kind, detail }: HealthNotice) => `${kind} ${detail}`);
}

it('has nothing to say of a jail that fares well, or whose log is quiet', () => {
  expect(found(health())).toEqual([]);
  // The last lines of a quiet log, read after a start.
  expect(found(health({ lastLine: NOW - 5, lag: 4000 }), [file(NOW - 4004)])).toEqual([]);
  expect(found(health({ lastLine: null, lag: null }), [file(NOW - 90_000)])).toEqual([]);
});

it('tells a failed action for an hour', () => {
  const error = { time: NOW - 3599, action: 'nft', operation: 'ban', id: '192.0.2.1', message: 'x'.repeat(1000) };
  const [notice] = jailNotices(health({ lastActionError: error }), [], NOW, null);
  expect(notice).toMatchObject({ kind: 'action-error', severity: 'error', jail: 'web', since: NOW - 3599 });
  expect(notice?.detail).toHaveLength(300);
  expect(notice?.detail.slice(0, 22)).toBe('nft ban 192.0.2.1: xxx');
  expect(found(health({ lastActionError: { ...error, time: NOW - 3601 } }))).toEqual([]);
});

it('tells a jail that sees nothing of what is written', () => {
  const blind = health({ lastLine: NOW - 700, lag: 0 });
  expect(found(blind, [file(NOW - 101)])).toEqual([]);
  expect(found(blind, [file(NOW - 9000), file(NOW - 99, { path: '/var/log/b' })])).toEqual(['no-lines /var/log/b']);
  // Whoever rotates the logs makes a new, empty file.
  expect(found(blind, [file(NOW - 99, { size: 0 })])).toEqual([]);
  expect(found(health({ lastLine: NOW - 5 }), [file(NOW + 90_000)])).toEqual([]);
  const never = health({ lastLine: null, lag: null });
  expect(found(never, [file(NOW - 100)], NOW - 200)).toEqual(['no-lines /var/log/a']);
  expect(found(never, [file(NOW - 100)], NOW - 150)).toEqual([]);
  expect(found(never, [file(NOW - 100)], null)).toEqual([]);
});

it('tells lines that are handled late from dates that are wrong', () => {
  expect(found(health({ lag: 60 }))).toEqual([]);
  expect(found(health({ lag: 125 }))).toEqual(['lag 2m 5s']);
  expect(found(health({ lag: 7201 }))).toEqual(['wrong-clock -2h']);
  expect(found(health({ lag: 20 * 3600 }))).toEqual(['lag 20h']);
  expect(found(health({ lag: -61 }))).toEqual(['wrong-clock +1m 1s']);
  expect(found(health({ lag: -60 }))).toEqual([]);
  // It was so, long ago.
  expect(found(health({ lastLine: NOW - 601, lag: 125 }), [file(NOW - 601)])).toEqual([]);
});

it('takes a jail without files for late while it has much to do', () => {
  expect(found(health({ files: [], lag: 500, linesPerMinute: 5 }), [])).toEqual([]);
  expect(found(health({ files: [], lag: 500, linesPerMinute: 600 }), [])).toEqual(['lag 8m 20s']);
});

it('tells files that cannot be read, and the problems of logpath', () => {
  const files = ['/a', '/b', '/c'].map((path) => file(0, { path, access: 'gone', size: 0, modified: null }));
  expect(fileNotices('web', [...files, file(NOW, { path: '/d', access: 'unreadable' }), file(NOW)])).toEqual([
    { kind: 'unreadable-log', severity: 'error', jail: 'web', detail: '/d', since: null },
    { kind: 'unreadable-log', severity: 'warning', jail: 'web', detail: '/a is gone (+2)', since: null },
  ]);
  const problems = [
    { severity: 'warning', option: 'logpath', message: 'no file /x', jail: 'web', file: 'jail.conf', line: 3 },
    { severity: 'error', option: 'failregex', message: 'no host' },
  ] as const;
  expect(found(health({ problems }))).toEqual(['unreadable-log no file /x']);
});
