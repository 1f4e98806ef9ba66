/** Edits over the stock server and ours: loaded by difference, taken back when the server refuses, taken back when we were ended in between. */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import type { Edit } from '../../../../src/panel/control/editor/editor';
import { BY, editorAt, type EditorAt } from '../../../support/editor';
import { KINDS, runningServer, until, type RunningServer } from '../../../support/two-servers';

const jail = (name: string, on: boolean, log = `FOLDER/${name}.log`): string => `[${name}]\nenabled = ${String(on)}\nlogpath = ${log}\n`;
const SIX = ['s1', 's2', 's3', 's4', 's5', 's6'];
const FILES = {
  'jail.d/all.conf': [
    jail('a', true),
    jail('b', true),
    jail('late', false, 'FOLDER/a.log'),
    ...SIX.map((name) => jail(name, false, name === 's4' ? '%(missing)s' : 'FOLDER/a.log')),
    ...Array.from({ length: 9 }, (_, index) => jail(`m${index}`, false, 'FOLDER/b.log')),
  ].join(''),
  'jail.local': '# mine\n[DEFAULT]\nfindtime = 5m\n',
};

describe.each(KINDS)('edits on %s', (kind) => {
  let server: RunningServer;
  let at: EditorAt;
  let config: string;

  beforeAll(async () => {
    server = await runningServer(kind, FILES, 2, ['a.log', 'b.log']);
    config = path.join(server.side.folder, 'config');
    at = editorAt(config, { control: server.control, states: path.join(server.side.folder, 'states') });
  });
  afterAll(() => server.remove());

  const own = (): string => server.side.read('config/jail.local');
  const set = (name: string, options: Readonly<Record<string, string | null>>): Edit => ({ kind: 'jail', jail: name, options });
  const log = (): string => server.side.read('fail2ban.log');

  test('only the jail that is touched follows, and its bans stay', async () => {
    await server.control.ban('a', ['192.0.2.7']);
    await server.control.ban('b', ['192.0.2.8']);
    const from = log().length;
    const applied = await at.editor.apply([set('a', { maxretry: '4', bantime: '1h' })], BY);
    expect(applied).toMatchObject({ ok: true, reloaded: true, message: null, problems: [] });
    expect(applied.state).not.toBeNull();
    expect([await server.control.get('a', 'maxretry'), await server.control.get('a', 'bantime')]).toEqual([4, 3600]);
    expect([await server.control.isBanned('a', '192.0.2.7'), await server.control.isBanned('b', '192.0.2.8')]).toEqual([true, true]);
    expect(log().slice(from)).not.toMatch(/Jail 'b'/);
  });

  test('a jail is added, starts, is changed by its filter, and is removed', async () => {
    const before = own();
    const add: Edit[] = [
      { kind: 'filter', name: 'mine', text: '[Definition]\nfailregex = ^mine <HOST>$\n' },
      { kind: 'add-jail', jail: 'mine', options: { enabled: 'true', filter: 'mine', logpath: path.join(server.side.folder, 'b.log') } },
    ];
    expect(await at.editor.apply(add, BY)).toMatchObject({ ok: true, reloaded: true });
    expect(await server.control.jails()).toContain('mine');
    const text = '[Definition]\nfailregex = ^other <HOST>$\n';
    expect(await at.editor.apply([{ kind: 'filter', name: 'mine', text }], BY)).toMatchObject({ ok: true, reloaded: true });
    expect((await server.control.get('mine', 'failregex')).join()).toMatch(/\^other/);
    const stuck = await at.editor.apply([{ kind: 'remove-filter', name: 'mine' }], BY);
    expect(stuck).toMatchObject({ ok: false, problems: [{ message: "the filter 'mine' is used by mine" }] });
    const gone: Edit[] = [
      { kind: 'remove-jail', jail: 'mine' },
      { kind: 'remove-filter', name: 'mine' },
    ];
    expect(await at.editor.apply(gone, BY)).toMatchObject({ ok: true, reloaded: true });
    expect(await server.control.jails()).not.toContain('mine');
    expect([own(), server.side.read('config/filter.d/mine.local')]).toEqual([before, '']);
  });

  test('what the server refuses is taken back, byte for byte, and the server runs what it ran', async () => {
    const before = own();
    const jails = await server.control.jails();
    const states = (await at.editor.states()).length;
    const nowhere: Edit[] = [
      { kind: 'server', options: { logtarget: path.join(server.side.folder, 'nowhere', 'x.log') } },
      set('a', { maxretry: '8' }),
      set('b', { enabled: 'false' }),
      set('late', { enabled: 'true' }),
    ];
    const applied = await at.editor.apply(nowhere, BY);
    expect(applied).toMatchObject({ ok: false, reloaded: false, state: null });
    expect(applied.message).toMatch(/log/i);
    expect([own(), server.side.read('config/fail2ban.local')]).toEqual([before, '']);
    expect(await server.control.jails()).toEqual(jails);
    expect(await server.control.get('a', 'maxretry')).toBe(4);
    expect((await server.control.serverSettings()).logtarget).toBe(path.join(server.side.folder, 'fail2ban.log'));
    // The stock server has stopped all jails for the refusal: their bans come back a little later.
    await until('the bans are in force', () => server.control.isBanned('a', '192.0.2.7'));
    await until('those of the other jail too', () => server.control.isBanned('b', '192.0.2.8'));
    expect((await at.editor.states()).length).toBe(states);
  });

  test('of six jails the broken one is told and the five others run', async () => {
    const results = await at.editor.switchJails(SIX, true, BY);
    expect(results.map(({ ok }) => ok)).toEqual([true, true, true, false, true, true]);
    expect(results[3]?.message).toMatch(/missing/);
    const running = await server.control.jails();
    expect(SIX.map((name) => running.includes(name))).toEqual([true, true, true, false, true, true]);
    const off = await at.editor.switchJails(SIX, false, BY);
    expect(off.map(({ ok }) => ok)).toEqual([true, true, true, true, true, true]);
    expect((await server.control.jails()).filter((name) => SIX.includes(name))).toEqual([]);
  });

  test('a setting that many jails inherit reaches them all', async () => {
    const many = Array.from({ length: 9 }, (_, index) => set(`m${index}`, { enabled: 'true' }));
    expect(await at.editor.apply(many, BY)).toMatchObject({ ok: true, reloaded: true });
    expect(await at.editor.apply([{ kind: 'defaults', options: { findtime: '7m' } }], BY)).toMatchObject({ ok: true, reloaded: true });
    const jails = await server.control.jails();
    expect(await Promise.all(jails.map((name) => server.control.get(name, 'findtime')))).toEqual(jails.map(() => 420));
  });

  test('an option that is taken away counts no more, though a reload would keep it', async () => {
    expect(await at.editor.apply([set('b', { 'bantime.increment': 'true' })], BY)).toMatchObject({ ok: true, reloaded: true });
    expect(await server.control.get('b', 'bantime.increment')).toBe(true);
    expect(await at.editor.apply([set('b', { 'bantime.increment': null })], BY)).toMatchObject({ ok: true, reloaded: true });
    expect(await server.control.get('b', 'bantime.increment')).toBe(false);
    await until('the ban is back', () => server.control.isBanned('b', '192.0.2.8'));
  });

  test('a jail that observes bans nobody until it bans again', async () => {
    expect(await at.editor.apply(at.editor.observe('b', true), BY)).toMatchObject({ ok: true, reloaded: true });
    expect(await server.control.get('b', 'actions')).toEqual([]);
    expect(await at.editor.apply(at.editor.observe('b', false), BY)).toMatchObject({ ok: true, reloaded: true });
    expect(await server.control.get('b', 'actions')).toEqual(['note']);
  });

  test("yesterday's state comes back, and the server with it", async () => {
    const oldest = (await at.editor.states()).at(-1);
    expect(oldest?.what).toBe('as it was found');
    expect(await at.editor.apply([{ kind: 'restore', state: oldest?.id ?? '' }], BY)).toMatchObject({ ok: true, reloaded: true });
    expect(own()).toBe(FILES['jail.local']);
    expect(await server.control.jails()).toEqual(['a', 'b']);
    expect(await server.control.get('a', 'findtime')).toBe(300);
  });

  test('an edit whose author was killed before the server answered is taken back at the next start', async () => {
    const before = own();
    const states = path.join(server.side.folder, 'killed');
    mkdirSync(states);
    const socket = path.join(server.side.folder, 'deaf.sock');
    const deaf = net.createServer((asking) => void asking.resume());
    await new Promise<void>((resolve) => deaf.listen(socket, resolve));
    const runner = path.resolve(__dirname, '../../../support/typescript.mjs');
    const program = path.resolve(__dirname, '../../../support/kill-editor.ts');
    const child = spawn(process.execPath, [runner, program, config, socket, states], { stdio: ['ignore', 'ignore', 'inherit'] });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await until('the edit is written', () => own() !== before);
    child.kill('SIGKILL');
    await ended;
    await new Promise((resolve) => deaf.close(resolve));
    expect(own()).toMatch(/maxretry = 9/);
    // Somebody lets the server read the half-made edit.
    await server.control.reload();
    expect(await server.control.get('a', 'maxretry')).toBe(9);

    const next = editorAt(config, { control: server.control, states });
    expect(own()).toBe(before);
    expect(await next.editor.notice()).toBeNull();
    expect(await server.control.get('a', 'maxretry')).toBe(2);
    expect(next.told.some((message) => message.includes('taken back'))).toBe(true);
  });

  test('without a server the files are written, and the next start reads them', async () => {
    await server.side.stop();
    const applied = await at.editor.apply([set('a', { maxretry: '6' })], BY);
    expect(applied).toMatchObject({ ok: true, reloaded: false });
    expect(applied.message).toMatch(/no server runs/);
    await server.side.start(2);
    expect(await server.control.get('a', 'maxretry')).toBe(6);
  });
});
