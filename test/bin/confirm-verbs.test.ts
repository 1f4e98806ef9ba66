/** `--confirm` of bans, trusted addresses and jails that are switched on, as a program beside both servers: kept by Enter, else all is as it was; after `kill -9` too. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { KINDS, runningServer, type RunningServer, until } from '../support/two-servers';
import { runProgramAsync, type Said } from '../support/stock-server';

const PROGRAM = path.resolve(__dirname, '../../dist/bin/bailiff.js');
const FILES = {
  'jail.d/all.conf': '[ssh]\nenabled = true\naction =\nlogpath = FOLDER/a.log\nbantime = 1h\n[late]\naction =\nlogpath = FOLDER/b.log\n',
};

describe.each(KINDS)('beside %s', (kind) => {
  let server: RunningServer;
  const at = (name: string): string => path.join(server.side.folder, name);
  const place = (): readonly string[] => ['-c', at('config'), '-s', at('f2b.sock'), '-p', at('f2b.pid'), '--home', at('home')];
  const env = { ...process.env, SSH_CONNECTION: '' };
  const bailiff = (...words: readonly string[]): Promise<Said> => runProgramAsync(process.execPath, [PROGRAM, ...words, ...place()], env);

  beforeAll(async () => {
    server = await runningServer(kind, FILES, 1, ['a.log', 'b.log']);
    expect((await bailiff('ban', 'ssh', '192.0.2.7', '--reason', 'the first')).code).toBe(0);
    expect((await bailiff('add-trusted', '198.51.100.9', '--description', 'the office', '--time', '1d')).code).toBe(0);
  });
  afterAll(() => server.remove());

  /** All that the verbs change. */
  async function state(): Promise<unknown> {
    const bans = (await server.control.bannedIn('ssh')).map(({ id, time, bantime }) => [id, Math.round((time + bantime) / 30)]);
    const trusted = JSON.parse((await bailiff('trusted', '--json')).stdout) as { entry: string; note: string; end: number }[];
    const ignored = await server.control.get('ssh', 'ignoreip');
    const notes = trusted.map(({ entry, note, end }) => [entry, note, end]);
    const [why] = JSON.parse((await bailiff('reason', 'ssh', '192.0.2.7', '--json')).stdout) as {
      manual: { who: string; reason: string };
    }[];
    return {
      jails: await server.control.jails(),
      bans,
      manual: [why?.manual?.who, why?.manual?.reason],
      notes,
      ignored,
      own: readFileSync(at('config/jail.local'), 'utf8'),
    };
  }

  interface Ended {
    readonly code: number | null;
    readonly told: string;
  }

  /** A verb with `--confirm`; `answer` is called when the program waits. */
  async function edit(words: readonly string[], answer: (child: ChildProcess) => void): Promise<Ended & { readonly made: unknown }> {
    const child = spawn(process.execPath, [PROGRAM, ...words, '--confirm', '60', ...place()], { stdio: 'pipe', env });
    let told = '';
    let waits = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (waits = resolve));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        told += chunk.toString();
        if (told.includes('press Enter')) waits();
      });
    }
    const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
    await Promise.race([waiting, closed]);
    const made = await state();
    answer(child);
    return { code: await closed, told, made };
  }

  const hangUp = (child: ChildProcess): void => void child.kill('SIGHUP');
  const kill = (child: ChildProcess): void => void child.kill('SIGKILL');

  const VERBS: readonly (readonly [string, readonly string[]])[] = [
    [
      'an address and a range are banned, and one that is banned is for longer',
      ['ban', 'ssh', '192.0.2.8', '192.0.2.7', '203.0.113.0/24', '--time', '3d'],
    ],
    ['an address is trusted no longer', ['remove-trusted', '198.51.100.9']],
    ['a jail is switched on', ['enable-jails', 'late']],
  ];

  test.each(VERBS)(
    '%s: all is as it was when the shell hangs up',
    async (_what, words) => {
      const before = await state();
      const { code, told, made } = await edit(words, hangUp);
      expect(told).toContain('press Enter within 60 seconds to keep it');
      expect(told).toContain('nobody confirmed it: everything is as it was');
      expect([code, made]).not.toEqual([1, before]);
      expect([code, await state()]).toEqual([1, before]);
    },
    60_000,
  );

  test.each(VERBS)(
    '%s: all is as it was when the program is killed',
    async (_what, words) => {
      const before = await state();
      const { made } = await edit(words, kill);
      expect(made).not.toEqual(before);
      await until('it is taken back', async () => JSON.stringify(await state()) === JSON.stringify(before), 60);
      // Whoever took it back has said so when nothing waits any more.
      await until('nothing waits', () => !readFileSync(at('home/data/waiting-in-shell.json'), 'utf8').includes('"pid"'));
      const { stdout } = await bailiff('audit', '--json', '--lines', '1');
      expect(JSON.parse(stdout)).toMatchObject([{ action: 'edit.taken-back', who: '', ok: true, message: null }]);
    },
    90_000,
  );

  test('the edit of another shell waits for this one', async () => {
    let other: Promise<Said> | null = null;
    const { code } = await edit(['ban', 'ssh', '192.0.2.10'], (child) => {
      other = bailiff('enable-jails', 'late', '--confirm', '9');
      void other.then(() => child.stdin?.write('\n'));
    });
    expect(code).toBe(0);
    const refused = (await (other as Promise<Said> | null))!;
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('waits to be confirmed (bans.ban 192.0.2.10)') as string]);
    expect((await bailiff('take-back')).stdout).toBe('Nothing waits.\n');
  }, 60_000);

  test.each([...VERBS].reverse())(
    '%s, and Enter keeps it',
    async (_what, words) => {
      const { code, made } = await edit(words, (child) => void child.stdin?.write('\n'));
      expect([code, await state()]).toEqual([0, made]);
    },
    60_000,
  );
});
