/** Edits over a folder without a server: what is planned, written and refused, what stays as it is, and what comes back. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../../../src/base/errors';
import type { Edit, Editor } from '../../../../src/panel/control/editor/editor';
import { createConfiguration } from '../../../../src/panel/control/editor/folder-configuration';
import { BY, editorAt, type EditorAt } from '../../../support/editor';
import { temporaryFolder } from '../../../support/folder';
import { writeTree } from '../../../support/stock-config';

const folder = temporaryFolder();
afterAll(() => folder.remove());
let trees = 0;

const OWN = '# made by hand\n[DEFAULT]\nbantime = 20m   \n\n[door]\n# mine\nmaxretry = 2\nport=22\n\n# end\n';
const FILES = {
  'fail2ban.conf': '[Definition]\nloglevel = INFO\nsocket = /run/x.sock\ndbpurgeage = 1d\n',
  'jail.conf': [
    '[DEFAULT]',
    'bantime = 10m',
    'maxretry = 5',
    'backend = polling',
    'filter = %(__name__)s',
    'action = wall[port="%(port)s"]',
    'port = 0:65535',
    '[door]',
    'enabled = true',
    'logpath = LOGS/door.log',
    '[web]',
    'logpath = LOGS/web.log',
    '[broken]',
    'filter = door',
    'logpath = %(missing)s',
    '',
  ].join('\n'),
  'jail.local': OWN,
  'filter.d/door.conf': '[Definition]\nfailregex = ^fail <HOST>$\n',
  'filter.d/web.conf': '[Definition]\nfailregex = ^web <HOST>$\n',
  'action.d/wall.conf': '[Definition]\nactionban = echo <ip>\n[Init]\nport = ssh\n',
};

interface World extends EditorAt {
  readonly dir: string;
  read(file: string): string | null;
  write(file: string, text: string): void;
}

function world(files: Readonly<Record<string, string>> = FILES): World {
  const dir = path.join(folder.path, `tree-${++trees}`);
  const logs = path.join(folder.path, 'logs');
  mkdirSync(logs, { recursive: true });
  for (const name of ['door', 'web', 'new']) writeFileSync(path.join(logs, `${name}.log`), '');
  writeTree(dir, Object.fromEntries(Object.entries(files).map(([name, text]) => [name, text.replaceAll('LOGS', logs)])));
  return {
    ...editorAt(dir),
    dir,
    read: (file) => (existsSync(path.join(dir, file)) ? readFileSync(path.join(dir, file), 'utf8') : null),
    write: (file, text) => writeFileSync(path.join(dir, file), text),
  };
}

const option = (jail: string, name: string, value: string | null): Edit => ({ kind: 'jail', jail, options: { [name]: value } });

async function refusal(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'not refused',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );
}

const errorsOf = async (editor: Editor, edits: readonly Edit[]): Promise<readonly string[]> =>
  (await editor.plan(edits)).problems.filter(({ severity }) => severity === 'error').map(({ message }) => message);

describe('a plan', () => {
  test('names the jails that a filter or an action changes, through other files too; none when nobody uses it', async () => {
    const includes = '[INCLUDES]\nbefore = common.conf\n[Definition]\nfailregex = ^%(word)s <HOST>$\n';
    const { editor } = world({ ...FILES, 'filter.d/door.conf': includes, 'filter.d/common.conf': '[DEFAULT]\nword = fail\n' });
    const jails = async (kind: 'filter' | 'action', name: string, text: string): Promise<readonly string[]> =>
      (await editor.plan([{ kind, name, text }])).jails;
    expect(await jails('filter', 'web', '[Definition]\nfailregex = ^other <HOST>$\n')).toEqual([]);
    expect(await jails('filter', 'fresh', '[Definition]\nfailregex = ^other <HOST>$\n')).toEqual([]);
    expect(await jails('action', 'fresh', '[Definition]\nactionban = true\n')).toEqual([]);
    expect(await jails('filter', 'common', '[DEFAULT]\nword = wrong\n')).toEqual(['door']);
    expect(await jails('filter', 'door', '[Definition]\nfailregex = ^other <HOST>$\n')).toEqual(['door']);
    expect(await jails('action', 'wall', '[Definition]\nactionban = true\n')).toEqual(['door']);
  });

  test('has the changed lines, the jails, and writes nothing', async () => {
    const { editor, read } = world();
    const plan = await editor.plan([option('door', 'maxretry', '3')]);
    expect(plan.changes.map(({ file }) => file)).toEqual(['jail.local']);
    expect(plan.changes[0]?.diff.filter(({ kind }) => kind !== 'same')).toEqual([
      { kind: 'removed', before: 7, after: null, text: 'maxretry = 2' },
      { kind: 'added', before: null, after: 7, text: 'maxretry = 3' },
    ]);
    expect([plan.problems, plan.jails, read('jail.local')]).toEqual([[], ['door'], OWN]);
  });

  test('names what it makes wrong, at its place, and not what was wrong before', async () => {
    const { editor, dir } = world({ ...FILES, 'jail.d/a.local': '[web]\nenabled = true\nmaxretry = many\n' });
    const plan = await editor.plan([option('broken', 'enabled', 'true')]);
    expect(plan.problems.map(({ jail }) => jail)).toEqual(['broken']);
    expect(plan.problems[0]).toMatchObject({ severity: 'error', option: 'logpath', file: path.join(dir, 'jail.conf'), line: 15 });
    expect((await editor.plan([option('door', 'maxretry', '4')])).problems).toEqual([]);
  });

  test('of defaults touches all jails that change with them', async () => {
    const { editor } = world();
    const edits: Edit[] = [option('web', 'enabled', 'true'), { kind: 'defaults', options: { findtime: '1h' } }];
    expect([...(await editor.plan(edits)).jails].sort()).toEqual(['door', 'web']);
  });

  test('of a bad filter is refused though no jail uses it', async () => {
    const { editor } = world();
    const [first] = await errorsOf(editor, [{ kind: 'filter', name: 'own', text: '[Definition]\nfailregex = ^x ( <HOST>$\n' }]);
    expect(first).toMatch(/parenthes|unterminated|\)/i);
  });

  test.each<[string, Edit]>([
    ['a jail that is not there', option('nobody', 'maxretry', '1')],
    ['a path for a name', { kind: 'filter', name: '../x', text: '[Definition]\n' }],
    ['a second jail of a name', { kind: 'add-jail', jail: 'door', options: { filter: 'door' } }],
    ['a shipped jail that is to go', { kind: 'remove-jail', jail: 'door' }],
    ['another section in the raw text', { kind: 'raw-jail', jail: 'door', text: '[door]\nport = 1\n[web]\nenabled = true\n' }],
    ['a value with a comment in it', option('door', 'port', '22 ; 23')],
    ['an unfinished interpolation', option('door', 'port', '%(port')],
    ['an option that the server has not', { kind: 'server', options: { 'logtarget\n[x]': 'y' } }],
    ['an import of shipped files', { kind: 'import', files: { 'jail.conf': '[DEFAULT]\n', '../jail.local': 'x' } }],
    ['a state that is not there', { kind: 'restore', state: '../../etc' }],
  ])('refuses %s', async (_, edit) => {
    const { editor, read } = world();
    expect(await errorsOf(editor, [edit])).toHaveLength(1);
    const applied = await editor.apply([edit], BY);
    expect(applied).toMatchObject({ ok: false, reloaded: false, state: null });
    expect(read('jail.local')).toBe(OWN);
  });

  test('refuses more edits than anybody makes', async () => {
    const { editor } = world();
    expect(
      await errorsOf(
        editor,
        Array.from({ length: 501 }, () => option('door', 'maxretry', '3')),
      ),
    ).toEqual(['more than 500 edits at once']);
  });
});

describe('an edit', () => {
  test('changes its lines alone and keeps mode and links of the file', async () => {
    const { editor, dir, read } = world();
    const real = path.join(folder.path, `real-${trees}.local`);
    writeFileSync(real, OWN);
    chmodSync(real, 0o640);
    rmSync(path.join(dir, 'jail.local'));
    symlinkSync(real, path.join(dir, 'jail.local'));
    const applied = await editor.apply([option('door', 'maxretry', '3'), option('web', 'enabled', 'true')], BY);
    expect(applied).toMatchObject({ ok: true, reloaded: false, problems: [] });
    expect(applied.message).toMatch(/no server runs/);
    expect(read('jail.local')).toBe(`${OWN.replace('maxretry = 2', 'maxretry = 3')}\n[web]\nenabled = true\n`);
    expect([statSync(real).mode & 0o777, readFileSync(real, 'utf8')]).toEqual([0o640, read('jail.local')]);
  });

  test('is seen by the pages at once', async () => {
    const { editor, keeper } = world();
    const configuration = createConfiguration(keeper);
    expect((await configuration.jail('web'))?.enabled).toBe(false);
    await editor.apply([option('web', 'enabled', 'true')], BY);
    expect((await configuration.jail('web'))?.enabled).toBe(true);
  });

  test('that changes nothing writes nothing', async () => {
    const { editor } = world();
    expect(await editor.apply([option('door', 'maxretry', '2')], BY)).toEqual({
      ok: true,
      reloaded: false,
      changes: [],
      problems: [],
      message: null,
      state: null,
    });
    expect(await editor.states()).toEqual([]);
  });

  test('of a file that was changed by hand since the plan is refused, of another one not', async () => {
    const { editor, read, write } = world();
    const { stamp } = await editor.plan([option('door', 'maxretry', '3')]);
    write('filter.d/door.local', '[Definition]\nignoreregex = ^ok\n');
    expect((await editor.apply([option('door', 'maxretry', '3')], { ...BY, stamp })).ok).toBe(true);
    const byHand = (read('jail.local') ?? '').replace('20m', '30m');
    const fresh = await editor.stamp();
    write('jail.local', byHand);
    const refused = await editor.apply([option('door', 'maxretry', '4')], { ...BY, stamp: fresh });
    expect(refused).toMatchObject({ ok: false, state: null, problems: [{ severity: 'error', file: 'jail.local' }] });
    expect(refused.message).toMatch(/jail\.local was changed by hand/);
    expect(read('jail.local')).toBe(byHand);
  });

  test('of a file that somebody made or took away since the stamp is refused', async () => {
    const { editor, dir, write } = world();
    const stamp = await editor.stamp();
    const edit: Edit = { kind: 'filter', name: 'own', text: '[Definition]\nfailregex = ^x <HOST>$\n' };
    write('filter.d/own.local', '[Definition]\n');
    expect((await editor.apply([edit], { ...BY, stamp })).ok).toBe(false);
    const later = await editor.stamp();
    rmSync(path.join(dir, 'filter.d/own.local'));
    expect((await editor.apply([edit], { ...BY, stamp: later })).ok).toBe(false);
    expect((await editor.apply([edit], { ...BY, stamp })).ok).toBe(true);
  });

  test('that a later file overrules is made in that file', async () => {
    const { editor, read } = world({ ...FILES, 'jail.d/z.local': '[door]\nmaxretry = 7\n' });
    expect((await editor.apply([option('door', 'maxretry', '3')], BY)).ok).toBe(true);
    expect([read('jail.local'), read('jail.d/z.local')]).toEqual([OWN, '[door]\nmaxretry = 3\n']);
  });

  test('that an included file overrules is refused and says which', async () => {
    const { editor, dir } = world({ ...FILES, 'jail.local': '[INCLUDES]\nafter = last.conf\n', 'last.conf': '[door]\nmaxretry = 7\n' });
    const { problems } = await editor.plan([option('door', 'maxretry', '3')]);
    expect(problems).toMatchObject([{ severity: 'error', jail: 'door', option: 'maxretry', file: path.join(dir, 'last.conf'), line: 2 }]);
    expect(problems[0]?.message).toMatch(/last\.conf sets it too/);
  });

  test('that empties a file takes it away; a link it does not', async () => {
    const { editor, dir, read } = world({ ...FILES, 'jail.local': '[door]\nmaxretry = 2\n' });
    expect((await editor.apply([option('door', 'maxretry', null)], BY)).ok).toBe(true);
    expect(read('jail.local')).toBeNull();
    const real = path.join(folder.path, `linked-${trees}`);
    writeFileSync(real, '[door]\nmaxretry = 2\n');
    symlinkSync(real, path.join(dir, 'jail.local'));
    expect(await errorsOf(editor, [option('door', 'maxretry', null)])).toEqual([expect.stringMatching(/symbolic link/)]);
  });

  test('of a file that cannot be written leaves all as it was', async () => {
    const { editor, dir, read } = world();
    writeFileSync(path.join(dir, 'jail.d'), 'no folder');
    const edit: Edit = {
      kind: 'import',
      files: { 'filter.d/own.local': '[Definition]\nfailregex = ^x <HOST>$\n', 'jail.d/a.local': '[door]\nport = 1\n' },
    };
    expect(await refusal(editor.apply([edit], BY))).toBe('CONFIG_UNWRITABLE');
    expect(read('filter.d/own.local')).toBeNull();
    expect((await editor.apply([option('door', 'maxretry', '3')], BY)).ok).toBe(true);
  });

  test('goes nowhere when its journal cannot be written', async () => {
    const { dir, read } = world();
    const states = path.join(folder.path, `no-folder-${trees}`);
    writeFileSync(states, '');
    const { editor } = editorAt(dir, { states });
    expect(await refusal(editor.apply([option('door', 'maxretry', '3')], BY))).toBe('CONFIG_UNWRITABLE');
    expect(read('jail.local')).toBe(OWN);
  });

  test('of a folder that is not there is CONFIG_DIR_MISSING', async () => {
    const { editor } = editorAt(path.join(folder.path, 'nowhere'));
    expect(await refusal(editor.plan([option('door', 'maxretry', '3')]))).toBe('CONFIG_DIR_MISSING');
  });

  test('comes one after the other: none is lost', async () => {
    const { editor, read } = world();
    const edits = Array.from({ length: 6 }, (_, index) => editor.apply([option('door', `port`, String(index + 1))], BY));
    expect((await Promise.all(edits)).map(({ ok }) => ok)).toEqual([true, true, true, true, true, true]);
    expect(read('jail.local')).toBe(OWN.replace('port=22', 'port=6'));
    expect((await editor.states()).map(({ what }) => what)).toEqual([...Array<string>(6).fill('jail door: port'), 'as it was found']);
  });
});

describe('observing', () => {
  test('puts the actions aside, and they come back as they stood', async () => {
    const own = '[door]\naction = wall[port=1] ; why\n   wall[port=2, actname=two]\nmaxretry = 2\n';
    const { editor, read, keeper } = world({ ...FILES, 'jail.local': own });
    const view = async (): Promise<unknown> => createConfiguration(keeper).jail('door');
    expect((await editor.apply(editor.observe('door', true), BY)).ok).toBe(true);
    expect(await view()).toMatchObject({ observing: true, actions: [] });
    expect((await editor.apply(editor.observe('door', false), BY)).ok).toBe(true);
    expect(read('jail.local')).toBe(own);
    expect(await view()).toMatchObject({ observing: false, actions: ['wall'] });
  });
});

describe('states', () => {
  test('the first is what was found; each edit can be undone, byte for byte', async () => {
    const { editor, read } = world();
    await editor.apply(
      [option('door', 'maxretry', '3'), { kind: 'filter', name: 'own', text: '[Definition]\nfailregex = ^x <HOST>$' }],
      BY,
    );
    const [latest, first] = await editor.states();
    expect(latest).toMatchObject({ who: 'admin', what: 'jail door: maxretry; filter own', files: ['filter.d/own.local', 'jail.local'] });
    expect(first).toMatchObject({ what: 'as it was found', files: ['jail.local'] });
    const changes = await editor.compare(first?.id ?? '', latest?.id ?? '');
    expect(changes.map(({ file, before }) => [file, before === null])).toEqual([
      ['filter.d/own.local', true],
      ['jail.local', false],
    ]);
    expect(await editor.compare(latest?.id ?? '', null)).toEqual([]);
    expect((await editor.apply([{ kind: 'restore', state: first?.id ?? '' }], BY)).ok).toBe(true);
    expect([read('jail.local'), read('filter.d/own.local')]).toEqual([OWN, null]);
    expect(await editor.compare(first?.id ?? '', null)).toEqual([]);
  });

  test('that are not there cannot be compared', async () => {
    const { editor } = world();
    expect(await refusal(editor.compare('00000001-00000000', null))).toBe('BAD_ARGUMENT');
  });

  test('a hand edit is noticed once and is a state; it can be undone too', async () => {
    const { editor, read, write, dir } = world();
    expect(await editor.notice()).toBeNull();
    expect(await editor.notice()).toBeNull();
    write('jail.local', '[door]\nmaxretry = 1\n');
    write('action.d/wall.local', '[Init]\nport = 1\n');
    for (const file of ['jail.local', 'action.d/wall.local']) utimesSync(path.join(dir, file), 1_700_000_000, 1_700_000_000);
    expect(await editor.notice()).toEqual({ time: 1_700_000_000, files: ['action.d/wall.local', 'jail.local'] });
    expect(await editor.notice()).toBeNull();
    const [byHand, first] = await editor.states();
    expect(byHand).toMatchObject({ what: 'changed by hand', who: '', time: 1_700_000_000, files: ['action.d/wall.local', 'jail.local'] });
    expect((await editor.apply([{ kind: 'restore', state: first?.id ?? '' }], BY)).ok).toBe(true);
    expect([read('jail.local'), read('action.d/wall.local')]).toEqual([OWN, null]);
  });

  test('a hand edit before an edit of ours is a state of its own', async () => {
    const { editor, write } = world();
    await editor.apply([option('door', 'maxretry', '3')], BY);
    write('jail.local', '[door]\nmaxretry = 8\n');
    await editor.apply([option('door', 'maxretry', '9')], BY);
    expect((await editor.states()).map(({ what }) => what)).toEqual([
      'jail door: maxretry',
      'changed by hand',
      'jail door: maxretry',
      'as it was found',
    ]);
  });

  test('an export can be imported, and a file that is no text is in neither and stays', async () => {
    const { editor, dir, read } = world();
    const bytes = Buffer.from([0xff, 0xfe, 0x00]);
    writeFileSync(path.join(dir, 'action.d/odd.local'), bytes);
    const files = await editor.exportAll();
    expect(files).toEqual({ 'jail.local': OWN });
    await editor.apply([option('door', 'maxretry', '3')], BY);
    const edit: Edit = { kind: 'import', files: { ...files, 'jail.conf': '[DEFAULT]\n' } };
    const applied = await editor.apply([edit], BY);
    expect(applied).toMatchObject({
      ok: true,
      problems: [{ severity: 'warning', message: expect.stringContaining("'jail.conf' is left out") as string }],
    });
    expect([read('jail.local'), readFileSync(path.join(dir, 'action.d/odd.local'))]).toEqual([OWN, bytes]);
  });
});

describe('an overlay', () => {
  test('holds the folder with the edits, which no file of ours shows, and is gone when it is done', async () => {
    const { editor, read } = world();
    const overlay = await editor.overlay([
      option('door', 'maxretry', '3'),
      { kind: 'import', files: { 'jail.d/a.local': '[door]\nport = 1\n' } },
    ]);
    expect(readFileSync(path.join(overlay.confdir, 'jail.local'), 'utf8')).toBe(OWN.replace('maxretry = 2', 'maxretry = 3'));
    expect(readFileSync(path.join(overlay.confdir, 'jail.d/a.local'), 'utf8')).toBe('[door]\nport = 1\n');
    expect(readFileSync(path.join(overlay.confdir, 'jail.conf'), 'utf8')).toBe(read('jail.conf'));
    expect([read('jail.local'), read('jail.d/a.local')]).toEqual([OWN, null]);
    await overlay.done();
    await overlay.done();
    expect(existsSync(overlay.confdir)).toBe(false);
  });

  test('of an edit with errors is BAD_ARGUMENT', async () => {
    const { editor } = world();
    expect(await refusal(editor.overlay([option('nobody', 'maxretry', '3')]))).toBe('BAD_ARGUMENT');
  });
});

test('jails are switched one by one: what fails is told, the others go on, and all is one state', async () => {
  const { editor, keeper } = world();
  const results = await editor.switchJails(['web', 'broken', 'nobody', 'door', 'web'], true, BY);
  expect(results.map(({ jail, ok }) => [jail, ok])).toEqual([
    ['web', true],
    ['broken', false],
    ['nobody', false],
    ['door', true],
  ]);
  expect(results[1]?.problems).toMatchObject([{ severity: 'error', jail: 'broken', option: 'logpath' }]);
  expect(results[2]?.message).toMatch(/there is no jail 'nobody'/);
  expect(keeper.get().merged.jails).toEqual(['door', 'web']);
  expect((await editor.states()).map(({ what }) => what)).toEqual(['switched on: web, door', 'as it was found']);
});

describe('an edit that was under way when the program was ended', () => {
  const pending = (dir: string, files: unknown): void => {
    mkdirSync(`${dir}-states`, { recursive: true });
    writeFileSync(path.join(`${dir}-states`, 'pending.json'), typeof files === 'string' ? files : JSON.stringify(files));
  };

  test('is taken back before anybody looks; what was changed by hand since stays', async () => {
    const { dir, read, write } = world();
    write('jail.local', 'half');
    write('filter.d/own.local', 'by hand');
    pending(dir, [
      { file: 'jail.local', before: OWN, after: 'half', rights: { mode: 0o640, uid: 0, gid: 0 } },
      { file: 'filter.d/own.local', before: null, after: 'ours', rights: null },
      { file: 'action.d/wall.local', before: '[Init]\n', after: null, rights: { mode: 0o600, uid: 0, gid: 0 } },
    ]);
    const { editor, told } = editorAt(dir);
    expect([read('jail.local'), read('filter.d/own.local'), read('action.d/wall.local')]).toEqual([OWN, 'by hand', '[Init]\n']);
    expect(statSync(path.join(dir, 'action.d/wall.local')).mode & 0o777).toBe(0o600);
    expect((await editor.apply([option('door', 'maxretry', '3')], BY)).ok).toBe(true);
    expect(told.some((message) => message.includes('filter.d/own.local was changed by hand'))).toBe(true);
    editorAt(dir);
    expect(read('jail.local')).toBe(OWN.replace('maxretry = 2', 'maxretry = 3'));
  });

  test('is left when its state was kept: the server had loaded it', async () => {
    const { dir, editor, read } = world();
    await editor.apply([option('door', 'maxretry', '3')], BY);
    const after = read('jail.local');
    pending(dir, [{ file: 'jail.local', before: OWN, after, rights: null }]);
    editorAt(dir);
    expect(read('jail.local')).toBe(after);
  });

  test.each([
    ['no JSON', '{'],
    ['a path elsewhere', [{ file: '../victim', before: 'x', after: null, rights: null }]],
    ['a shipped file', [{ file: 'jail.conf', before: 'x', after: null, rights: null }]],
  ])('is put aside when the journal is %s', async (_, journal) => {
    const { dir, read } = world();
    const shipped = read('jail.conf');
    pending(dir, journal);
    const { editor, told } = editorAt(dir);
    expect((await editor.apply([option('door', 'maxretry', '3')], BY)).ok).toBe(true);
    expect(told.filter((message) => message.includes('put aside'))).toHaveLength(1);
    expect([read('jail.conf'), existsSync(path.join(dir, '../victim'))]).toEqual([shipped, false]);
  });
});
