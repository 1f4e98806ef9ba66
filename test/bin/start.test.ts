/** `bailiff start` as a newcomer runs it: the compiled programs, from nothing to a ban on the page, and to an orderly end. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import request from 'supertest';
import { systemClock } from '../../src/base/clock';
import { startOfProcess } from '../../src/base/process-life';

const PROGRAM = path.resolve(__dirname, '../../dist/bin/bailiff.js');
const folders: string[] = [];
const running: ChildProcess[] = [];

interface Started {
  readonly child: ChildProcess;
  readonly url: URL;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  /** Standard error so far. */
  told(): string;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

function newHome(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'bailiff-start-'));
  folders.push(folder);
  return path.join(folder, 'home');
}

async function start(args: readonly string[] = []): Promise<Started> {
  const home = newHome();
  const env = { ...process.env, BAILIFF_HOME: home, BAILIFF_PORT: String(await freePort()) };
  const child = spawn(process.execPath, [PROGRAM, 'start', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let out = '';
  let told = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const line = await until(() => /^Bailiff is ready: (\S+)\n/.exec(out)?.[1] ?? (child.exitCode === null ? null : `ended: ${told}`));
  expect(line).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${env.BAILIFF_PORT}/login\\?token=[\\w-]{43}$`));
  return { child, url: new URL(line), env, home, told: () => told };
}

/** Asks until the answer is there; fails after 30 seconds. */
async function until<T>(ask: () => T | null | Promise<T | null>): Promise<T> {
  for (const end = systemClock.monotonic() + 30; systemClock.monotonic() < end; await setTimeout(100)) {
    const answer = await ask();
    if (answer !== null) return answer;
  }
  throw new Error('it did not come to be within 30 seconds');
}

function cli(env: NodeJS.ProcessEnv, ...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], { env, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

async function openPages({ url }: Started): Promise<(to: string) => Promise<string>> {
  const answer = await request(url.origin)
    .post('/login')
    .type('form')
    .send({ token: url.searchParams.get('token')! });
  const cookie = answer.get('Set-Cookie')![0]!.split(';')[0]!;
  return async (to) => (await request(url.origin).get(to).set('Cookie', cookie)).text;
}

async function ended({ child }: Started): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}

afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

it('shows the demo’s attackers as bans on the page, lets one go by the command line, and ends in order', async () => {
  const started = await start(['--demo']);
  const see = await openPages(started);
  const address = await until(
    async () => /bailiff-address" href="[^"]*">((?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+)</.exec(await see('/bans'))?.[1] ?? null,
  );
  expect(await until(async () => ((await see('/')).includes('bailiff-tag--danger">Banned<') ? true : null))).toBe(true);
  expect(cli(started.env, 'status').out).toMatch(/^Engine +bailiff \S+\nJails +\d+\nBanned +\d+\n$/);
  expect(cli(started.env, 'unban', address)).toEqual({ code: 0, out: `${address} is banned no longer.\n`, err: '' });
  started.child.kill('SIGTERM');
  expect(await ended(started)).toBe(0);
  expect(existsSync(path.join(started.home, 'run', 'fail2ban.sock'))).toBe(false);
  expect(readFileSync(path.join(started.home, 'log', 'fail2ban.log'), 'utf8')).toContain('Exiting Fail2ban');
  expect(cli({ ...started.env }, 'status', '--socket', path.join(started.home, 'run', 'fail2ban.sock'))).toMatchObject({
    code: 3,
    out: '',
  });
});

it('bans who attacks the log-in page', async () => {
  const started = await start();
  const see = await openPages(started);
  for (let attempt = 0; attempt < 6; attempt++) {
    await request(started.url.origin).post('/login').type('form').send({ user: 'admin', password: 'wrong' });
  }
  const row = await until(
    async () => /bailiff-address" href="[^"]*">127\.0\.0\.1<\/a>.*?<\/td>\s*<td[^>]*>([^<]+)</.exec(await see('/bans'))?.[1] ?? null,
  );
  expect(row).toBe('bailiff-login');
});

it('goes on with the pages when these stop the engine, starts it again, and ends both', async () => {
  const started = await start();
  const login = await request(started.url.origin)
    .post('/login')
    .type('form')
    .send({ token: started.url.searchParams.get('token')! });
  const cookie = login.get('Set-Cookie')![0]!.split(';')[0]!;
  const see = async (to: string): Promise<string> => (await request(started.url.origin).get(to).set('Cookie', cookie)).text;
  const turn = async (detection: 'on' | 'off'): Promise<string> => {
    const csrf = /name="_csrf" value="([^"]+)"/.exec(await see('/settings'))?.[1] ?? '';
    await request(started.url.origin)
      .post('/settings/detection')
      .set('Cookie', cookie)
      .type('form')
      .send({ _csrf: csrf, detection, confirmed: 'yes' });
    return see('/settings');
  };
  const socket = path.join(started.home, 'run', 'fail2ban.sock');
  expect(await turn('off')).toContain('Intrusion detection is off.');
  expect(cli(started.env, 'status', '--socket', socket).code).toBe(3);
  expect(await turn('on')).toContain('Intrusion detection is on.');
  expect(cli(started.env, 'status', '--socket', socket)).toMatchObject({ code: 0, out: expect.stringContaining('bailiff') as string });
  started.child.kill('SIGTERM');
  expect(await ended(started)).toBe(0);
  expect(cli(started.env, 'status', '--socket', socket).code).toBe(3);
}, 120_000);

it('says so when it runs already, when the port is taken, and when one half dies', async () => {
  const started = await start();
  const again = cli(started.env, 'start');
  expect([again.code, again.err]).toEqual([1, expect.stringContaining(`Bailiff runs already in ${started.home}`)]);
  const elsewhere = cli({ ...started.env, BAILIFF_HOME: newHome() }, 'start');
  expect([elsewhere.code, elsewhere.err]).toEqual([2, expect.stringContaining('is taken by another program')]);
  process.kill(Number(readFileSync(path.join(started.home, 'run', 'fail2ban.pid'), 'utf8')), 'SIGKILL');
  expect(await ended(started)).toBe(1);
  expect(started.told()).toContain('the engine was ended by SIGKILL');
  await expect(request(started.url.origin).get('/login')).rejects.toThrow('ECONNREFUSED');
});

it('ends engine and pages when its folder is removed', async () => {
  const started = await start();
  const engine = Number(readFileSync(path.join(started.home, 'run', 'fail2ban.pid'), 'utf8'));
  expect(startOfProcess(engine)).not.toBeNull();
  rmSync(started.home, { recursive: true });
  expect(await ended(started)).toBe(1);
  expect(started.told()).toContain(`the folder ${started.home} was removed; stopping the rest`);
  expect(startOfProcess(engine)).toBeNull();
  await expect(request(started.url.origin).get('/login')).rejects.toThrow('ECONNREFUSED');
}, 120_000);

it('tells mistakes of the command line from failures', () => {
  const env = { ...process.env, BAILIFF_HOME: newHome(), BAILIFF_PORT: 'x' };
  expect(cli(env, '--help')).toMatchObject({ code: 0, out: expect.stringContaining('Usage: bailiff VERB') });
  expect(cli(env, '--version').out).toMatch(/^Bailiff \d+\.\d+\.\d+\n$/);
  expect(cli(env)).toMatchObject({ code: 2 });
  expect(cli(env, 'start')).toMatchObject({ code: 2, err: 'bailiff: BAILIFF_PORT is not a port: x\n' });
  expect(cli(env, 'nonsense')).toMatchObject({ code: 2, out: '' });
  expect(cli(env, 'status', '--nonsense')).toMatchObject({ code: 2, out: '' });
  expect(cli(env, 'status', '--socket', '/nowhere.sock')).toMatchObject({ code: 3, out: '' });
  expect(cli(env, 'password')).toMatchObject({ code: 2, err: expect.stringContaining('run `bailiff start` once') });
});
