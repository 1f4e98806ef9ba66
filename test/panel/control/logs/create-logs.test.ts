/** The server's log in pages: its files and rotations, both directions, filters, downloads, and what is refused. */
import { appendFileSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { AppError } from '../../../../src/base/errors';
import { createLogs } from '../../../../src/panel/control/logs/create-logs';
import type { LogPage, LogQuery, Logs } from '../../../../src/panel/control/logs/logs';
import { temporaryFolder } from '../../../support/folder';

let folder: ReturnType<typeof temporaryFolder>;
let target: string | null;
let silent: boolean;
let logs: Logs;

const at = (name: string): string => path.join(folder.path, name);
const record = (message: string, level = 'NOTICE', second = 0): string =>
  `2026-11-20 10:00:${String(second % 60).padStart(2, '0')},123 fail2ban.actions        [77]: ${level.padEnd(7)} ${message}\n`;
const query = (parts: Partial<LogQuery>): LogQuery => ({
  file: 'fail2ban.log',
  level: null,
  jail: null,
  address: null,
  text: null,
  from: null,
  limit: 100,
  direction: 'older',
  ...parts,
});
const texts = ({ lines }: LogPage): string[] => lines.map(({ text }) => text.slice(text.indexOf(']: ') + 11));

beforeEach(() => {
  folder = temporaryFolder('bailiff-logs-');
  target = at('fail2ban.log');
  silent = false;
  logs = createLogs({
    control: {
      serverSettings: () =>
        silent ? Promise.reject(new AppError('SERVER_NOT_RUNNING', 'gone')) : (Promise.resolve({ logtarget: target }) as Promise<never>),
    },
    usual: at('fail2ban.log'),
    folders: [folder.path],
  });
});
afterEach(() => folder.remove());

describe('the files', () => {
  it('are the present one and its rotations, youngest first; others are not among them', async () => {
    for (const name of ['fail2ban.log', 'other.log', 'fail2ban.log.swp']) writeFileSync(at(name), record('[sshd] Ban 192.0.2.1'));
    writeFileSync(at('fail2ban.log.1'), record('x'));
    writeFileSync(at('fail2ban.log.2.gz'), gzipSync(record('y')));
    writeFileSync(at('fail2ban.log.3.xz'), 'no gzip');
    const files = await logs.files();
    expect(files[0]).toMatchObject({ name: 'fail2ban.log', path: at('fail2ban.log'), bytes: record('[sshd] Ban 192.0.2.1').length });
    expect(files.map(({ name }) => name).sort()).toEqual(['fail2ban.log', 'fail2ban.log.1', 'fail2ban.log.2.gz']);
  });

  it('are none when the log is no file, or lies outside the log folders', async () => {
    target = 'SYSLOG[facility=auth]';
    expect(await logs.place()).toEqual({ target: 'SYSLOG', isFile: false });
    expect(await logs.files()).toEqual([]);
    target = null;
    expect(await logs.place()).toBeNull();
    target = '/etc/passwd';
    expect(await logs.files()).toEqual([]);
    target = at('fail2ban.log');
    symlinkSync('/etc/passwd', at('fail2ban.log'));
    expect(await logs.files()).toEqual([]);
    await expect(logs.read(query({}))).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });

  it('are where they usually are while the server is silent', async () => {
    silent = true;
    expect(await logs.place()).toBeNull();
    writeFileSync(at('fail2ban.log'), record('[sshd] Ban 192.0.2.1'));
    expect((await logs.files()).map(({ name }) => name)).toEqual(['fail2ban.log']);
  });

  it.each(['../fail2ban.log', '/etc/passwd', '', 'nosuch', 'fail2ban.log\0'])('%j is no name of one', async (file) => {
    writeFileSync(at('fail2ban.log'), record('x'));
    await expect(logs.read(query({ file }))).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    await expect(logs.open(file)[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });

  it('that is a folder is refused', async () => {
    mkdirSync(at('fail2ban.log'));
    expect(await logs.files()).toEqual([]);
  });
});

describe('pages', () => {
  it('go back from the end line by line, and come forward again, without a gap or a double', async () => {
    const all = Array.from({ length: 5000 }, (_, index) => `[jail-${index % 3}] Ban 192.0.2.${index % 250} ${'x'.repeat(index % 200)}`);
    writeFileSync(at('fail2ban.log'), all.map((message, index) => record(message, 'NOTICE', index)).join(''));
    const back: string[] = [];
    let from: number | null = null;
    do {
      const page: LogPage = await logs.read(query({ from, limit: 700 }));
      back.unshift(...texts(page));
      from = page.older;
    } while (from !== null);
    expect(back).toEqual(all);
    const forth: string[] = [];
    for (let next = 0, before = -1; next !== before;) {
      const page = await logs.read(query({ from: next, limit: 700, direction: 'newer' }));
      expect(page.older).toBe(next === 0 ? null : next);
      forth.push(...texts(page));
      before = next;
      next = page.newer;
    }
    expect(forth).toEqual(all);
  });

  it('follow what is written, and wait for the end of a line', async () => {
    writeFileSync(at('fail2ban.log'), record('one'));
    const { newer } = await logs.read(query({}));
    appendFileSync(at('fail2ban.log'), record('two').slice(0, -3));
    expect(texts(await logs.read(query({ from: newer, direction: 'newer' })))).toEqual([]);
    expect(texts(await logs.read(query({})))).toEqual(['one']);
    appendFileSync(at('fail2ban.log'), record('two').slice(-3));
    expect(texts(await logs.read(query({ from: newer, direction: 'newer' })))).toEqual(['two']);
    truncateSync(at('fail2ban.log'), 0);
    expect(await logs.read(query({ from: newer, direction: 'newer' }))).toEqual({ lines: [], older: null, newer: 0 });
  });

  it('of a gzipped file are as those of a plain one', async () => {
    const text = record('one') + record('two');
    writeFileSync(at('fail2ban.log'), '');
    writeFileSync(at('fail2ban.log.2.gz'), gzipSync(text));
    const file = 'fail2ban.log.2.gz';
    expect(texts(await logs.read(query({ file, limit: 1 })))).toEqual(['two']);
    expect(texts(await logs.read(query({ file, from: record('one').length })))).toEqual(['one']);
    writeFileSync(at('fail2ban.log.3.gz'), 'not gzipped at all');
    await expect(logs.read(query({ file: 'fail2ban.log.3.gz' }))).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });

  it('hold only what the filters want', async () => {
    writeFileSync(
      at('fail2ban.log'),
      [
        record('[sshd] Ban 192.0.2.7'),
        record('[sshd] Unban 198.51.100.1'),
        record('[web] Ban 192.0.2.70'),
        record('[web] Ban 2001:DB8::1'),
        record('Failed to start', 'ERROR'),
        '  a line that goes on with 192.0.2.7\n',
      ].join(''),
    );
    const found = async (parts: Partial<LogQuery>): Promise<string[]> => texts(await logs.read(query(parts)));
    expect(await found({ jail: 'sshd' })).toEqual(['[sshd] Ban 192.0.2.7', '[sshd] Unban 198.51.100.1']);
    expect(await found({ level: 'ERROR' })).toEqual(['Failed to start']);
    expect((await found({ address: '192.0.2.7' }))[0]).toBe('[sshd] Ban 192.0.2.7');
    expect(await found({ address: '192.0.2.7' })).toHaveLength(2);
    expect(await found({ address: '192.0.2.0/24', level: 'NOTICE' })).toEqual(['[sshd] Ban 192.0.2.7', '[web] Ban 192.0.2.70']);
    expect(await found({ address: '2001:db8::/32' })).toEqual(['[web] Ban 2001:DB8::1']);
    expect(await found({ text: 'UNBAN' })).toEqual(['[sshd] Unban 198.51.100.1']);
    expect((await logs.read(query({ text: 'goes on' }))).lines).toEqual([
      { offset: expect.any(Number) as number, time: null, level: null, jail: null, text: '  a line that goes on with 192.0.2.7' },
    ]);
    const [line] = (await logs.read(query({ jail: 'sshd' }))).lines;
    expect(line).toMatchObject({ offset: 0, level: 'NOTICE', jail: 'sshd', time: Date.parse('2026-11-20T10:00:00.123') / 1000 });
  });

  it('are bounded: a search in a large file says where to go on, a line without end is passed over', async () => {
    writeFileSync(at('fail2ban.log'), record('[sshd] Ban 192.0.2.7') + record('nothing').repeat(200_000));
    const page = await logs.read(query({ text: 'ban', jail: 'sshd' }));
    expect(page.lines).toEqual([]);
    expect(page.older).toBeGreaterThan(0);
    writeFileSync(at('fail2ban.log'), `${record('first')}${'x'.repeat(600_000)}\n${record('last')}`);
    expect(texts(await logs.read(query({})))).toEqual(['first', 'last']);
  });

  it('show hostile bytes as text', async () => {
    writeFileSync(at('fail2ban.log'), Buffer.concat([Buffer.from([0xff, 0x1b, 0x5b]), Buffer.from('31m<b>\n')]));
    expect((await logs.read(query({}))).lines.map(({ text }) => text)).toEqual(['\ufffd\u001b[31m<b>']);
  });
});

it('gives a file as it is on the disk', async () => {
  writeFileSync(at('fail2ban.log.1.gz'), gzipSync('packed'));
  writeFileSync(at('fail2ban.log'), 'x');
  const parts: Buffer[] = [];
  for await (const part of logs.open('fail2ban.log.1.gz')) parts.push(part);
  expect(Buffer.concat(parts)).toEqual(gzipSync('packed'));
});
