/** `bailiff-web --panel-socket` as the service runs it: one socket for one group, no port, no log-in. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, readlinkSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { NO_BODY, signedHeaders } from '../../src/panel/web/signature';
import { temporaryFolder } from '../support/folder';
import { isRoot, where } from '../support/where';

const PROGRAM = path.resolve(__dirname, '../../dist/bin/bailiff-web.js');
const SECRET = randomBytes(32).toString('hex');
const NOBODY = 65534;

const folder = temporaryFolder();
const socket = path.join(folder.path, 'run/web.sock');
const secretFile = path.join(folder.path, 'secret');
const running: ChildProcess[] = [];

function run(...args: string[]): ChildProcess & { told(): string } {
  const base = [
    '--socket',
    path.join(folder.path, 'no.sock'),
    '--home',
    path.join(folder.path, 'home'),
    '--log',
    path.join(folder.path, 'f.log'),
  ];
  const child = spawn(process.execPath, [PROGRAM, ...base, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let told = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (told += chunk.toString()));
  return Object.assign(child, { told: () => told });
}

async function ready(child: ChildProcess & { told(): string }): Promise<void> {
  for (let tries = 0; tries < 200 && child.exitCode === null; tries++) {
    if (child.told().includes('Bailiff is ready')) return;
    await setTimeout(50);
  }
  throw new Error(`not ready: ${child.told()}`);
}

function get(to: string, headers: Readonly<Record<string, string>>): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    http
      .get({ socketPath: socket, path: to, headers: { host: 'bailiff', ...headers } }, (res) => {
        let text = '';
        res.on('data', (chunk: Buffer) => (text += chunk.toString()));
        res.on('end', () => resolve({ status: res.statusCode ?? 0, text }));
      })
      .on('error', reject);
  });
}

function sign(to: string, time: number): Readonly<Record<string, string>> {
  const nonce = createHash('md5').update(randomBytes(8)).digest('hex');
  return signedHeaders(SECRET, {
    method: 'GET',
    path: to,
    body: NO_BODY,
    user: 'admin',
    client: '::1',
    language: 'en-US',
    time: String(time),
    nonce,
  });
}

const now = (): number => Math.floor(new Date().getTime() / 1000);

beforeAll(() => writeFileSync(secretFile, `${SECRET}\n`, { mode: 0o600 }));
afterAll(async () => {
  for (const child of running.filter((one) => one.exitCode === null && one.signalCode === null)) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  folder.remove();
});

test('one socket for one group, no port, pages for signed requests only', async () => {
  const group = isRoot ? 'nogroup' : null;
  const child = run('--panel-socket', socket, '--secret', secretFile, ...(group === null ? [] : ['--panel-group', group]));
  await ready(child);
  expect(statSync(socket).mode & 0o777).toBe(0o660);
  if (isRoot) expect([statSync(socket).uid, statSync(socket).gid]).toEqual([0, NOBODY]);

  expect((await get('/bans', {})).status).toBe(403);
  const page = await get('/bans', sign('/bans', now()));
  expect(page.status).toBe(503);
  expect(page.text).toContain('no server answers on');
  expect((await get('/bans', sign('/bans', now() - 40))).status).toBe(403);

  const inodes = readdirSync(`/proc/${child.pid}/fd`).map((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${child.pid}/fd/${fd}`))?.[1];
    } catch {
      return undefined;
    }
  });
  const listening = ['tcp', 'tcp6', 'udp', 'udp6']
    .map((kind) => `/proc/net/${kind}`)
    .filter(existsSync)
    .flatMap((file) => readFileSync(file, 'utf8').split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/)[9])
    .filter((inode) => inode !== undefined && inodes.includes(inode));
  expect(listening).toEqual([]);

  const second = run('--panel-socket', socket, '--secret', secretFile);
  await once(second, 'exit');
  expect(second.told()).toContain(`another process listens on ${socket}`);
  expect((await get('/bans', sign('/bans', now()))).status).toBe(503);

  child.kill('SIGTERM');
  expect((await once(child, 'exit'))[0]).toBe(0);
});

where(isRoot, test)('another local user may not even connect', async () => {
  const child = run('--panel-socket', socket, '--secret', secretFile);
  await ready(child);
  chmodSync(folder.path, 0o755);
  const script = `require('net').connect(${JSON.stringify(socket)}).on('connect', () => console.log('in')).on('error', (e) => console.log(e.code))`;
  const who = ['--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups'];
  const { stdout } = spawnSync('setpriv', [...who, process.execPath, '-e', script], { encoding: 'utf8' });
  expect(stdout.trim()).toBe('EACCES');
  child.kill('SIGTERM');
  await once(child, 'exit');
});

test.each([
  ['no secret', ['--panel-socket', socket], '--panel-socket needs --secret'],
  ['a secret that is not there', ['--panel-socket', socket, '--secret', '/nowhere/secret'], 'the secret cannot be read'],
  ['a short secret', ['--panel-socket', socket, '--secret', '/dev/null'], 'that is no secret'],
  [
    'an unknown group',
    ['--panel-socket', socket, '--secret', secretFile, '--panel-group', 'no-such-group'],
    "there is no group 'no-such-group'",
  ],
])('%s is said and nothing listens', async (_what, args, message) => {
  const child = run(...args);
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(1);
  expect(child.told()).toContain(message);
});
