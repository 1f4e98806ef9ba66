import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { join } from 'node:path';
import { systemClock } from '../../../src/base/clock';
import { followJournal, type JournalRequest } from '../../../src/engine/source/journal';
import type { FollowHandle } from '../../../src/engine/source/source';
import { temporaryFolder } from '../../support/folder';
import { keptReader, until, type KeptReader } from '../../support/reader';

const REMOTE = '/lib/systemd/systemd-journal-remote';
let folder = temporaryFolder();
let writer: ChildProcessByStdio<Writable, null, null>;
const handles: FollowHandle[] = [];
const file = (): string => join(folder.path, 'test.journal');
const now = (): number => Math.round(Date.now() * 1000);

/** Writes an entry in the journal's export format; values with newlines in its binary form. */
function write(time: number, fields: Readonly<Record<string, string | Buffer>>, boot = 'a'): void {
  const parts = [`__REALTIME_TIMESTAMP=${time}\n__MONOTONIC_TIMESTAMP=${time % 1e9}\n_BOOT_ID=${boot.repeat(32)}\n`];
  for (const [name, value] of Object.entries(fields)) {
    const bytes = Buffer.from(value);
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(bytes.length));
    parts.push(Buffer.concat([Buffer.from(`${name}\n`), size, bytes, Buffer.from('\n')]).toString('latin1'));
  }
  writer.stdin.write(Buffer.from(`${parts.join('')}\n`, 'latin1'));
}

function sshd(time: number, message: string | Buffer, more: Record<string, string> = {}): void {
  write(time, { _HOSTNAME: 'host', SYSLOG_IDENTIFIER: 'sshd', _PID: '12', _SYSTEMD_UNIT: 'ssh.service', MESSAGE: message, ...more });
}

function follow(reader: KeptReader, more: Partial<JournalRequest> = {}, command?: string): FollowHandle {
  const request = { journalfiles: file(), matches: [['_SYSTEMD_UNIT=ssh.service']], position: null, since: 0, ...more };
  const handle = followJournal(request, reader, systemClock, command);
  handles.push(handle);
  return handle;
}

beforeEach(async () => {
  folder = temporaryFolder();
  writer = spawn(REMOTE, [`--output=${file()}`, '-'], { stdio: ['pipe', 'ignore', 'ignore'] });
  sshd(now() - 200e6, 'first');
  await until(() => existsSync(file()), 'the journal file');
});
afterEach(async () => {
  await Promise.all(handles.splice(0).map((handle) => handle.stop()));
  writer.stdin.end();
  await new Promise((resolve) => writer.once('exit', resolve));
  folder.remove();
});

it('hands out history with its times, then what is written, as the line that fail2ban makes', async () => {
  const reader = keptReader();
  const handle = follow(reader);
  await until(() => reader.lines().length === 1, 'the first entry');
  const time = now();
  sshd(time, 'Failed password for root from 192.0.2.1', { _SOURCE_REALTIME_TIMESTAMP: String(time - 1_500_000) });
  await until(() => reader.lines().length === 2, 'the new entry');
  expect(reader.lines()).toEqual(['host sshd[12]: first', 'host sshd[12]: Failed password for root from 192.0.2.1']);
  expect(reader.batches.map(({ batch }) => [batch.source, batch.inOperation])).toEqual([
    ['systemd-journal', false],
    ['systemd-journal', true],
  ]);
  expect(reader.batches[1]!.batch.times![0]).toBeCloseTo((time - 1_500_000) / 1e6, 5);
  expect(handle.position()).toEqual({ firstLineHash: new Date(Math.floor(time / 1000)).toISOString(), offset: time / 1e6 });
  expect(reader.kinds()).toEqual(['in-operation']);
});

it('continues behind a stored position: nothing twice, nothing lost', async () => {
  const before = keptReader();
  const handle = follow(before);
  await until(() => before.lines().length === 1, 'the first entry');
  await handle.stop();
  sshd(now(), 'second');
  const after = keptReader();
  follow(after, { position: handle.position() });
  await until(() => after.lines().length > 0, 'the second entry');
  expect(after.lines()).toEqual(['host sshd[12]: second']);
});

it('reads what was written before the machine was started anew', async () => {
  const boots = ['b', 'c'];
  for (const boot of boots) write(now(), { _HOSTNAME: 'host', _SYSTEMD_UNIT: 'ssh.service', MESSAGE: `boot ${boot}` }, boot);
  const reader = keptReader();
  follow(reader);
  await until(() => reader.lines().length === 3, 'the entries of all boots');
  expect(reader.lines()).toEqual(['host sshd[12]: first', 'host boot b', 'host boot c']);
});

it('waits at a journal that has no entry yet', async () => {
  const empty = join(folder.path, 'empty.journal');
  const other = spawn(REMOTE, [`--output=${empty}`, '-'], { stdio: ['pipe', 'ignore', 'ignore'] });
  try {
    await until(() => existsSync(empty), 'the journal file');
    const reader = keptReader();
    follow(reader, { journalfiles: `${file()},${empty}`, matches: [['_SYSTEMD_UNIT=none.service']] });
    await new Promise((resolve) => setTimeout(resolve, 300));
    write(now(), { _HOSTNAME: 'host', _SYSTEMD_UNIT: 'none.service', MESSAGE: 'at last' });
    await until(() => reader.lines().length === 1, 'the first entry');
    expect(reader.kinds()).toEqual(['in-operation']);
  } finally {
    other.stdin.end();
    await new Promise((resolve) => other.once('exit', resolve));
  }
});

it('with the flag for this machine alone leaves out what others sent', async () => {
  const mine = readFileSync('/etc/machine-id', 'latin1').trim();
  const [one, all] = [keptReader(), keptReader()];
  const matches = [['_PID=1', '+', '_PID=2'], ['_PID=3']];
  for (const [pid, machine] of [1, 2, 3, 4].flatMap((pid) => [[pid, 'f'.repeat(32)] as const, [pid, mine] as const])) {
    write(now(), { _HOSTNAME: machine === mine ? 'own' : 'other', _PID: String(pid), _MACHINE_ID: machine, MESSAGE: 'entry' });
  }
  follow(one, { matches, journalflags: '5' });
  follow(all, { matches });
  await until(() => one.lines().length >= 3 && all.lines().length >= 6, 'the entries');
  expect(one.lines()).toEqual(['own entry', 'own entry', 'own entry']);
  expect(all.lines().filter((line) => line.startsWith('other'))).toHaveLength(3);
});

it('leaves out what is older than findtime', async () => {
  const reader = keptReader();
  follow(reader, { since: Date.now() / 1000 - 100 });
  sshd(now(), 'second');
  await until(() => reader.lines().length > 0, 'the second entry');
  expect(reader.lines()).toEqual(['host sshd[12]: second']);
});

it('reads only what a match names; several matches are alternatives', async () => {
  const one = keptReader();
  const two = keptReader();
  follow(one, { matches: [['_SYSTEMD_UNIT=ssh.service', '_PID=12', '+', '_COMM=vsftpd']] });
  follow(two, { matches: [['_PID=13'], ['_COMM=vsftpd']] });
  write(now(), { _HOSTNAME: 'host', _COMM: 'vsftpd', MESSAGE: 'ftp' });
  write(now(), { _HOSTNAME: 'host', _COMM: 'cron', MESSAGE: 'never' });
  sshd(now(), 'other process', { _PID: '13' });
  await until(() => one.lines().length >= 2 && two.lines().length >= 2, 'both');
  expect(one.lines()).toEqual(['host sshd[12]: first', 'host vsftpd: ftp']);
  expect(two.lines()).toEqual(['host vsftpd: ftp', 'host sshd[13]: other process']);
});

it('takes hostile entries: newlines, bytes that are no text, kernel messages, very long ones', async () => {
  const reader = keptReader();
  follow(reader, { matches: [] });
  sshd(now(), 'two\nlines');
  sshd(now(), Buffer.from([0x61, 0xff, 0x00, 0x62]));
  write(now(), { _HOSTNAME: 'host', SYSLOG_IDENTIFIER: 'kernel', MESSAGE: 'eth0 up' });
  write(now(), { _HOSTNAME: 'host', SYSLOG_IDENTIFIER: 'kernel', _SOURCE_MONOTONIC_TIMESTAMP: '1500000', MESSAGE: 'eth0 down' });
  write(now(), { _HOSTNAME: 'host', _PID: '12', MESSAGE: 'no name' });
  write(now(), { _HOSTNAME: 'host', SYSLOG_IDENTIFIER: 'a', SYSLOG_PID: ' +7 ', MESSAGE: 'odd number' });
  sshd(now(), 'x'.repeat(3_000_000));
  sshd(now(), 'last');
  await until(() => reader.lines().some((line) => line.endsWith('last')), 'the last entry');
  expect(reader.lines()[1]).toBe('host sshd[12]: two\\nlines');
  expect(reader.lines()[2]).toBe('host sshd[12]: a\ufffd\0b');
  expect(reader.lines()[3]).toMatch(/^host kernel: \[ *\d+\.\d{6}\] eth0 up$/);
  expect(reader.lines().slice(4, 7)).toEqual(['host kernel: [    1.500000] eth0 down', 'host no name', 'host a[7]: odd number']);
  expect(Math.max(...reader.lines().map((line) => line.length))).toBeLessThanOrEqual(65536);
  expect(reader.kinds()).toContain('journal');
});

it('goes on behind the last entry when journalctl dies, and rests while it is paused', async () => {
  const counted = join(folder.path, 'journalctl');
  writeFileSync(counted, '#!/bin/sh\njournalctl "$@" & sleep 0.4; kill $!\n', { mode: 0o755 });
  const reader = keptReader();
  const handle = follow(reader, {}, counted);
  await until(() => reader.kinds().includes('journal'), 'its end');
  sshd(now(), 'while it was dead');
  await until(() => reader.lines().length === 2, 'the entry');
  handle.pause();
  sshd(now(), 'while we rested');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(reader.lines()).toHaveLength(2);
  handle.resume();
  await until(() => reader.lines().length === 3, 'the entry');
  expect(reader.lines()).toEqual(['first', 'while it was dead', 'while we rested'].map((message) => `host sshd[12]: ${message}`));
});

it('asks once more for an entry that came without its message, and takes it as it is when it has none', async () => {
  const counted = join(folder.path, 'journalctl');
  const half = `if test ! -e ${folder.path}/asked; then : >${folder.path}/asked; exec sed -u '/"MESSAGE":"torn"/s//"OTHER":"torn"/'; fi; exec cat`;
  writeFileSync(counted, `#!/bin/sh\njournalctl "$@" | { ${half}; }\n`, { mode: 0o755 });
  for (const message of ['second', 'torn', 'third']) sshd(now(), message);
  write(now(), { _HOSTNAME: 'host', SYSLOG_IDENTIFIER: 'sshd', _SYSTEMD_UNIT: 'ssh.service' });
  sshd(now(), 'last');
  const reader = keptReader();
  follow(reader, {}, counted);
  await until(() => reader.lines().length === 6, 'all entries');
  expect(reader.lines().map((line) => line.replace(/^host sshd(\[12\])?: ?/, ''))).toEqual([
    'first',
    'second',
    'torn',
    'third',
    '',
    'last',
  ]);
  expect(reader.kinds()).toEqual(['in-operation']);
});

it('refuses a match that journalctl would take for something else', () => {
  expect(() => follow(keptReader(), { matches: [['--file=/etc/passwd']] })).toThrow('journalmatch');
  expect(() => follow(keptReader(), { matches: [['/usr/sbin/sshd']] })).toThrow('journalmatch');
});

it('says so, and stays alive, when there is no journalctl', async () => {
  const reader = keptReader();
  follow(reader, {}, join(folder.path, 'none'));
  await until(() => reader.kinds().includes('journal'), 'the notice');
  expect(reader.notices[0]!.message).toContain('ENOENT');
});

it('waits for the reader: entries are bounded in memory, and all come', async () => {
  for (let count = 0; count < 8000; count++) sshd(now(), `entry ${count}`);
  const reader = keptReader(() => new Promise((resolve) => setTimeout(resolve, 5)));
  follow(reader);
  await until(() => reader.lines().length === 8001, 'all entries', 20);
  expect(reader.lines().slice(1)).toEqual(Array.from({ length: 8000 }, (_, count) => `host sshd[12]: entry ${count}`));
  expect(reader.batches.every(({ batch }) => batch.lines.length <= 1000)).toBe(true);
});
