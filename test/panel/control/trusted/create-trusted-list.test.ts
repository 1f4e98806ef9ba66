/** Trusted addresses over a folder: what is listed, added and taken out, where it is written, and what about names, files and hostile input. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Resolver } from '../../../../src/base/resolver';
import { createTrustedList } from '../../../../src/panel/control/trusted/create-trusted-list';
import type { NewTrusted, TrustedEntry, TrustedList } from '../../../../src/panel/control/trusted/trusted';
import { trustedNotesInMemory, type TrustedNotes } from '../../../../src/panel/control/trusted/trusted-notes';
import { manualClock, type ManualClock } from '../../../support/clock';
import { editorAt, type EditorAt } from '../../../support/editor';
import { temporaryFolder } from '../../../support/folder';
import { writeTree } from '../../../support/stock-config';

const folder = temporaryFolder();
afterAll(() => folder.remove());
let trees = 0;
const NOW = 1_700_000_000;

const FILES = {
  'fail2ban.conf': '[Definition]\nloglevel = INFO\n',
  'jail.conf': [
    '[DEFAULT]',
    'ignoreip = 127.0.0.1/8 ::1',
    'backend = polling',
    'filter = door',
    'logpath = LOG',
    '[door]',
    'enabled = true',
    '[web]',
    'enabled = true',
    '',
  ].join('\n'),
  'filter.d/door.conf': '[Definition]\nfailregex = ^fail <HOST>$\n',
};

interface World extends EditorAt {
  readonly dir: string;
  readonly trusted: TrustedList;
  readonly notes: TrustedNotes;
  readonly clock: ManualClock;
  read(file: string): string;
  /** What the jails ignore, as the server is told. */
  ignored(jail: string): readonly unknown[];
}

const NAMES: Readonly<Record<string, readonly string[]>> = {
  'office.example': ['192.0.2.77', '2001:db8::77'],
  'evil.example': ['not an address', '<script>', ...Array.from({ length: 100 }, (_, index) => `198.51.100.${index}`)],
};

function world(files: Readonly<Record<string, string>> = {}, resolver?: Pick<Resolver, 'addressesOf'>): World {
  const dir = path.join(folder.path, `tree-${++trees}`);
  const log = path.join(folder.path, 'a.log');
  writeFileSync(log, '');
  writeTree(dir, Object.fromEntries(Object.entries({ ...FILES, ...files }).map(([name, text]) => [name, text.replaceAll('LOG', log)])));
  const at = editorAt(dir);
  const notes = trustedNotesInMemory();
  const clock = manualClock(NOW);
  const trusted = createTrustedList({
    keeper: at.keeper,
    editor: at.editor,
    notes,
    resolver: resolver ?? { addressesOf: async (name) => NAMES[name] ?? [] },
    clock,
  });
  return {
    ...at,
    dir,
    trusted,
    notes,
    clock,
    read: (file) => readFileSync(path.join(dir, file), 'utf8'),
    ignored: (jail) =>
      at.keeper
        .get()
        .merged.commands.filter(([, name, word]) => name === jail && word === 'addignoreip')
        .flatMap((command) => command.slice(3)),
  };
}

const wish = (entry: string, more: Partial<NewTrusted> = {}): NewTrusted => ({ entry, note: '', end: null, jail: null, ...more });
const spelled = (list: readonly TrustedEntry[]): string[] =>
  list.map(({ entry, kind, jail, file, line }) => `${jail ?? '*'} ${entry} ${kind} ${file}:${line}`);

test('jails whose own list does not go on with that of all jails are named', async () => {
  const { trusted } = world({ 'jail.local': '[web]\nignoreip = 10.0.0.1\n[door]\nignoreip = %(DEFAULT/ignoreip)s 10.0.0.1\n' });
  expect(await trusted.apart()).toEqual(['web']);
  expect(await world().trusted.apart()).toEqual([]);
});

describe('adding', () => {
  test('keeps what another file says, and writes into [DEFAULT] of jail.local', async () => {
    const { trusted, read, ignored } = world();
    expect(await trusted.add([wish('192.0.2.7', { note: 'office', end: NOW + 60 })], 'admin', NOW)).toEqual([
      { id: '192.0.2.7', jail: '', ok: true, message: null },
    ]);
    expect(read('jail.local')).toBe('[DEFAULT]\nignoreip = 127.0.0.1/8 ::1 192.0.2.7\n');
    expect(ignored('door')).toEqual(['127.0.0.1/8', '::1', '192.0.2.7']);
    expect((await trusted.list()).at(-1)).toEqual({
      entry: '192.0.2.7',
      kind: 'address',
      jail: null,
      note: 'office',
      who: 'admin',
      added: NOW,
      end: NOW + 60,
      resolved: null,
      file: 'jail.local',
      line: 2,
    });
  });

  test('goes on in the way in which the list is written', async () => {
    const own = '# mine\n[DEFAULT]\nbantime = 1h\nignoreip = 127.0.0.1/8\n   # the office\n   192.0.2.1\n\n[door]\nport = 1\n';
    const { trusted, read } = world({ 'jail.local': own });
    await trusted.add([wish('192.0.2.2'), wish('Office.Example')], 'admin', NOW);
    expect(read('jail.local')).toBe(own.replace('   192.0.2.1\n', '   192.0.2.1\n   192.0.2.2\n   office.example\n'));
    const commas = world({ 'jail.local': '[DEFAULT]\nignoreip=192.0.2.1,192.0.2.2\n' });
    await commas.trusted.add([wish('192.0.2.3')], 'admin', NOW);
    expect(commas.read('jail.local')).toBe('[DEFAULT]\nignoreip=192.0.2.1,192.0.2.2, 192.0.2.3\n');
  });

  test('where nobody has said anything begins a list', async () => {
    const { trusted, read } = world({ 'jail.conf': FILES['jail.conf'].replace(/ignoreip.*\n/, '') });
    expect(await trusted.list()).toEqual([]);
    await trusted.add([wish('2001:DB8:0::/32')], 'admin', NOW);
    expect(read('jail.local')).toBe('[DEFAULT]\nignoreip = 2001:db8::/32\n');
  });

  test('to one jail goes on following what is trusted everywhere', async () => {
    const { trusted, read, ignored } = world();
    await trusted.add([wish('192.0.2.9', { jail: 'door' }), wish('192.0.2.8')], 'admin', NOW);
    expect(read('jail.local')).toContain('[door]\nignoreip = %(default/ignoreip)s 192.0.2.9\n');
    await trusted.add([wish('192.0.2.10')], 'admin', NOW);
    expect(ignored('door')).toEqual(['127.0.0.1/8', '::1', '192.0.2.8', '192.0.2.10', '192.0.2.9']);
    expect(ignored('web')).toEqual(['127.0.0.1/8', '::1', '192.0.2.8', '192.0.2.10']);
    expect(spelled(await trusted.list())).toEqual([
      '* 127.0.0.1/8 range jail.local:2',
      '* ::1 address jail.local:2',
      '* 192.0.2.8 address jail.local:2',
      '* 192.0.2.10 address jail.local:2',
      'door 192.0.2.9 address jail.local:5',
    ]);
  });

  test('to one jail where nothing is trusted everywhere leaves it following too', async () => {
    const { trusted, ignored } = world({ 'jail.conf': FILES['jail.conf'].replace(/ignoreip.*\n/, '') });
    await trusted.add([wish('192.0.2.9', { jail: 'door' })], 'admin', NOW);
    expect([ignored('door'), ignored('web')]).toEqual([['192.0.2.9'], []]);
    await trusted.add([wish('192.0.2.1')], 'admin', NOW);
    expect([ignored('door'), ignored('web')]).toEqual([['192.0.2.1', '192.0.2.9'], ['192.0.2.1']]);
  });

  test('again, however it is spelled, only changes the note', async () => {
    const { trusted, read } = world({ 'jail.local': '[DEFAULT]\nignoreip = 192.0.2.0/255.255.255.0\n' });
    const results = await trusted.add([wish('192.0.2.5/24', { note: 'new' }), wish('192.0.2.0/24', { note: 'newer' })], 'admin', NOW);
    expect(results.map(({ ok }) => ok)).toEqual([true, true]);
    expect(read('jail.local')).toBe('[DEFAULT]\nignoreip = 192.0.2.0/255.255.255.0\n');
    expect((await trusted.list()).map(({ note }) => note)).toEqual(['newer']);
  });

  test.each([
    ['', 'nothing to trust'],
    ['192.0.2.256', 'four numbers'],
    ['192.0.2.0/33', 'prefix length'],
    ['0.0.0.0/0', 'too wide'],
    ['::/0', 'too wide'],
    ['192.0.2.1 192.0.2.2', 'neither an address nor a host name'],
    ['192.0.2.1\n[sshd]\nenabled = false', 'neither'],
    ['%(bantime)s', 'cannot be trusted'],
    ['file:/etc/passwd', 'named in the configuration'],
    ['a;b', 'neither an address'],
    ['$(id)', 'neither an address'],
    [`${'a'.repeat(300)}.example`, 'longer than 253'],
  ])('refuses %j, and the others go on', async (entry, reason) => {
    const { trusted, ignored } = world();
    const results = await trusted.add([wish(entry), wish('192.0.2.7')], 'admin', NOW);
    expect(results.map(({ ok }) => ok)).toEqual([false, true]);
    expect(results[0]?.message).toContain(reason);
    expect(ignored('door')).toEqual(['127.0.0.1/8', '::1', '192.0.2.7']);
  });

  test('refuses an unknown jail, an end that is over and an endless note', async () => {
    const { trusted } = world();
    const wishes = [
      wish('192.0.2.1', { jail: 'nobody' }),
      wish('192.0.2.2', { end: NOW }),
      wish('192.0.2.3', { end: Number.NaN }),
      wish('192.0.2.4', { note: 'x'.repeat(2001) }),
    ];
    const results = await trusted.add(wishes, 'admin', NOW);
    expect(results.map(({ ok, message }) => [ok, message])).toEqual([
      [false, "there is no jail 'nobody'"],
      [false, 'its end is not in the future'],
      [false, 'its end is not in the future'],
      [false, 'the note is longer than 2000 characters'],
    ]);
  });

  test('what the files do not take is told for each, and nothing is noted', async () => {
    const { trusted, notes } = world({ 'jail.local': 'odd line\n[DEFAULT]\nbantime = 1h\n' });
    const results = await trusted.add([wish('192.0.2.1'), wish('192.0.2.2')], 'admin', NOW);
    expect(results.map(({ ok }) => ok)).toEqual([false, false]);
    expect(results[0]?.message).toMatch(/jail\.local/);
    expect(await notes.trusted()).toEqual([]);
  });

  test('of many at once is one edit', async () => {
    const { trusted, ignored, editor } = world();
    const many = Array.from({ length: 1000 }, (_, index) => wish(`198.18.${index >> 8}.${index & 255}`));
    expect((await trusted.add(many, 'admin', NOW)).every(({ ok }) => ok)).toBe(true);
    expect(ignored('web')).toHaveLength(1002);
    expect(await editor.states()).toHaveLength(2);
  });

  test('at the same time loses none', async () => {
    const { trusted, ignored } = world();
    await Promise.all(['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((entry) => trusted.add([wish(entry)], 'admin', NOW)));
    expect(ignored('web')).toEqual(['127.0.0.1/8', '::1', '192.0.2.1', '192.0.2.2', '192.0.2.3']);
  });
});

describe('taking out', () => {
  test('takes the word, its line, and what was told; an inherited list stays but for it', async () => {
    const { trusted, read, notes } = world();
    await trusted.add([wish('192.0.2.7', { note: 'x' })], 'admin', NOW);
    const results = await trusted.remove(
      [
        { entry: '192.0.2.7', jail: null },
        { entry: '0:0::1', jail: null },
      ],
      'admin',
      NOW,
    );
    expect(results.map(({ ok }) => ok)).toEqual([true, true]);
    expect(read('jail.local')).toBe('[DEFAULT]\nignoreip = 127.0.0.1/8\n');
    expect(await notes.trusted()).toEqual([]);
    await trusted.remove([{ entry: '127.0.0.0/8', jail: null }], 'admin', NOW);
    expect(await trusted.list()).toEqual([]);
  });

  test('of a line of its own keeps comments and the other lines', async () => {
    const own = '[DEFAULT]\nignoreip = 127.0.0.1/8\n   # the office\n   192.0.2.1\n   192.0.2.2\n';
    const { trusted, ignored, read } = world({ 'jail.local': own });
    await trusted.remove([{ entry: '192.0.2.1', jail: null }], 'admin', NOW);
    expect(ignored('door')).toEqual(['127.0.0.1/8', '192.0.2.2']);
    expect(read('jail.local')).toContain('# the office');
  });

  test('of what is not there, of an unknown jail, and of what comes from another option is told', async () => {
    const { trusted } = world({ 'jail.local': '[DEFAULT]\noffice = 192.0.2.1 192.0.2.2\nignoreip = %(office)s 192.0.2.3\n' });
    expect(spelled(await trusted.list())).toEqual([
      '* 192.0.2.1 address jail.local:3',
      '* 192.0.2.2 address jail.local:3',
      '* 192.0.2.3 address jail.local:3',
    ]);
    const results = await trusted.remove(
      [
        { entry: '192.0.2.9', jail: null },
        { entry: '192.0.2.3', jail: 'nobody' },
        { entry: '192.0.2.1', jail: null },
      ],
      'admin',
      NOW,
    );
    expect(results.map(({ message }) => message)).toEqual([
      'it is not trusted there',
      "there is no jail 'nobody'",
      'it comes from another option, named in jail.local, line 3: edit it there',
    ]);
  });
});

describe('names and files', () => {
  test('names are told with their addresses, of which only some are taken, and only addresses', async () => {
    const { trusted } = world({ 'jail.local': '[DEFAULT]\nignoreip = office.example evil.example none.example 192.0.2.1\n' });
    const resolved = (await trusted.list()).map((entry) => entry.resolved);
    expect(resolved[0]).toEqual(['192.0.2.77', '2001:db8::77']);
    expect(resolved[1]).toHaveLength(14);
    expect(resolved.slice(2)).toEqual([[], null]);
  });

  test('a name server that does not answer holds nobody up for long', async () => {
    const { trusted, clock } = world(
      { 'jail.local': '[DEFAULT]\nignoreip = office.example slow.example\n' },
      {
        addressesOf: (name) => (name === 'office.example' ? Promise.resolve(['192.0.2.77']) : new Promise(() => undefined)),
      },
    );
    const list = trusted.list();
    await clock.advance(2);
    expect((await list).map(({ resolved }) => resolved)).toEqual([['192.0.2.77'], []]);
  });

  test('whether an address is trusted: by itself, a range, a name or a file', async () => {
    const file = path.join(folder.path, 'partners.txt');
    writeFileSync(file, '# partners\n198.51.100.0/24, 203.0.113.9\n');
    const { trusted } = world({
      'jail.local': `[DEFAULT]\nignoreip = 192.0.2.0/24 2001:db8::5 office.example file:${file} file:/dev/zero\n`,
    });
    const asked = [
      '192.0.2.200',
      '2001:DB8::5',
      '2001:db8::77',
      '198.51.100.3',
      '203.0.113.9',
      '::ffff:192.0.2.1',
      '203.0.113.10',
      'office.example',
      '',
    ];
    expect(await Promise.all(asked.map((address) => trusted.isTrusted(address)))).toEqual([
      true,
      true,
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    expect((await trusted.list()).map(({ kind }) => kind)).toEqual(['range', 'address', 'name', 'file', 'file']);
  });
});

describe('an end', () => {
  test('takes out what has come to it, and forgets what is gone already', async () => {
    const { trusted, ignored, notes } = world();
    await trusted.add(
      [wish('192.0.2.1', { end: NOW + 10 }), wish('192.0.2.2', { end: NOW + 20 }), wish('192.0.2.3', { jail: 'web', end: NOW + 10 })],
      'admin',
      NOW,
    );
    await notes.putTrusted({ entry: '203.0.113.1', jail: null, note: '', who: 'x', added: NOW, end: NOW + 5 });
    expect(await trusted.expire(NOW + 9)).toEqual([]);
    expect([...(await trusted.expire(NOW + 10))].sort()).toEqual(['192.0.2.1', '192.0.2.3']);
    expect([ignored('door'), ignored('web')]).toEqual([
      ['127.0.0.1/8', '::1', '192.0.2.2'],
      ['127.0.0.1/8', '::1', '192.0.2.2'],
    ]);
    expect((await notes.trusted()).map(({ entry }) => entry)).toEqual(['192.0.2.2']);
    expect(await trusted.expire(NOW + 10)).toEqual([]);
  });
});
