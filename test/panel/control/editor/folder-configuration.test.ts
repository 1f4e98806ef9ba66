/** What the pages are shown of a folder: values in force and inherited ones with their places, origins, raw texts, logs, users, templates. */
import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Configuration, JailView, OptionView } from '../../../../src/panel/control/editor/configuration';
import { createConfiguration } from '../../../../src/panel/control/editor/folder-configuration';
import { SnapshotKeeper } from '../../../../src/panel/control/editor/snapshot';
import { temporaryFolder } from '../../../support/folder';
import { writeTree } from '../../../support/stock-config';

const folder = temporaryFolder();
afterAll(() => folder.remove());
let trees = 0;

const FILES = {
  'fail2ban.conf': '[Definition]\nloglevel = INFO\nsocket = /run/x.sock\n',
  'fail2ban.local': '[Definition]\nloglevel = DEBUG\n',
  'jail.conf': [
    '[INCLUDES]',
    'before = paths.conf',
    '[DEFAULT]',
    'bantime = 10m',
    'maxretry = 5',
    'maxmatches = %(maxretry)s',
    'filter = %(__name__)s',
    'action = %(banaction)s[port="%(port)s", name=%(__name__)s]',
    'banaction = wall',
    'port = 0:65535',
    '# the door',
    '[door]',
    'port = 22',
    'logpath = %(logs)s/door.log',
    '[web]',
    'filter = door[mode=web]',
    'logpath = %(logs)s/*.log',
    '   %(logs)s/none.log tail',
    '[broken]',
    'enabled = true',
    'filter = door',
    'logpath = %(missing)s',
    '',
  ].join('\n'),
  'jail.d/plesk.conf': '[web]\nmaxretry = 3\n',
  'jail.local': '[DEFAULT]\nbantime = 20m\n\n[door]\nenabled = true\n# mine\nmaxretry = 2\n\n[shop]\nfilter = shop\nenabled = no\n',
  'jail.d/zz.local': '[door]\nbantime = 1h\n',
  'filter.d/common.conf': '[DEFAULT]\n_daemon = x\n',
  'filter.d/door.conf': '[INCLUDES]\nbefore = common.conf\n[Definition]\nfailregex = ^fail <HOST>$\nmode = plain\n',
  'filter.d/door.local': '[Definition]\nignoreregex = ^ok\n',
  'filter.d/shop.local': '[Definition]\nfailregex = ^shop (\n',
  'action.d/wall.conf': '[Definition]\nactionban = echo <ip>\n[Init]\nport = ssh\nname = default\n',
  'action.d/iptables.conf':
    '[Definition]\nactionban = echo\n[Init]\nname = default\nport = ssh\nblocktype = REJECT --with x\niptables = iptables\nsay = a "b"\nrate = 5%%\n[Init?family=inet6]\nblocktype = REJECT --with x6\niptables = ip6tables\n',
};

function configurationOf(files: Readonly<Record<string, string>> = FILES): Configuration & { readonly dir: string } {
  const logs = path.join(folder.path, 'logs');
  mkdirSync(logs, { recursive: true });
  for (const name of ['door.log', 'web.log']) writeFileSync(path.join(logs, name), '');
  const dir = writeTree(path.join(folder.path, `tree-${++trees}`), { ...files, 'paths.conf': `[DEFAULT]\nlogs = ${logs}\n` });
  return Object.assign(createConfiguration(new SnapshotKeeper(dir)), { dir });
}

async function jail(configuration: Configuration, name: string): Promise<JailView> {
  const view = await configuration.jail(name);
  if (view === null) throw new Error(`there is no jail ${name}`);
  return view;
}

const option = (options: readonly OptionView[], name: string): Partial<OptionView> => {
  const found = options.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no option ${name}`);
  const { value, raw, file, line, own, inherited } = found;
  return { value, raw, file, line, own, inherited };
};

describe('options of a jail', () => {
  test('an overridden one stands in the last file that sets it, and tells what it would be without', async () => {
    const { options } = await jail(configurationOf(), 'door');
    expect(option(options, 'bantime')).toEqual({
      value: '1h',
      raw: '1h',
      file: 'jail.d/zz.local',
      line: 2,
      own: true,
      inherited: { value: '20m', raw: '20m', file: 'jail.local', line: 2 },
    });
    expect(option(options, 'maxretry')).toMatchObject({ value: '2', own: true, inherited: { value: '5', file: 'jail.conf', line: 5 } });
  });

  test('a jail that is shipped with its own value inherits that one', async () => {
    const files = { ...FILES, 'jail.local': '[web]\nmaxretry = 9\n' };
    const { options } = await jail(configurationOf(files), 'web');
    expect(option(options, 'maxretry')).toMatchObject({ value: '9', inherited: { value: '3', file: 'jail.d/plesk.conf', line: 2 } });
  });

  test('values are resolved; the raw ones are as written; the server’s default stands in no file', async () => {
    const { options } = await jail(configurationOf(), 'door');
    expect(option(options, 'maxmatches')).toMatchObject({ value: '2', raw: '%(maxretry)s', file: 'jail.conf', line: 6, own: false });
    expect(option(options, 'action')).toMatchObject({ value: 'wall[port="22", name=door]', line: 8 });
    expect(option(options, 'findtime')).toMatchObject({ value: '600', raw: null, file: null, line: null, own: false });
    expect(option(options, 'failregex')).toMatchObject({ value: '^fail <HOST>$', file: 'filter.d/door.conf', line: 4 });
    expect(option(options, 'ignoreregex')).toMatchObject({ value: '^ok', file: 'filter.d/door.local' });
    expect(option(options, 'mode')).toMatchObject({ value: null, file: null });
  });

  test('one that cannot be resolved is as written, and its jail has the problem', async () => {
    const view = await jail(configurationOf(), 'broken');
    expect(option(view.options, 'logpath')).toMatchObject({ value: '%(missing)s', raw: '%(missing)s' });
    expect(view.problems).toEqual([expect.objectContaining({ severity: 'error', jail: 'broken', line: 22 })]);
  });
});

test('jails: origin, state, filter, actions, raw text', async () => {
  const configuration = configurationOf();
  const views = await configuration.jails();
  expect(views.map(({ name, origin, edited, enabled, filter, actions }) => [name, origin, edited, enabled, filter, actions])).toEqual([
    ['door', 'shipped', true, true, 'door', ['wall']],
    ['web', 'shipped', false, false, 'door', ['wall']],
    ['broken', 'shipped', false, true, 'door', ['wall']],
    ['shop', 'own', false, false, 'shop', ['wall']],
  ]);
  const door = await jail(configuration, 'door');
  expect(door.raw).toBe('[door]\nbantime = 1h\n');
  expect(door.sections.map(({ file, line, own }) => [file, line, own])).toEqual([
    ['jail.conf', 12, false],
    ['jail.local', 4, true],
    ['jail.d/zz.local', 1, true],
  ]);
  expect((await jail(configuration, 'shop')).raw).toBe('[shop]\nfilter = shop\nenabled = no\n');
  expect(await configuration.jail('nobody')).toBeNull();
  expect(await configuration.jail('INCLUDES')).toBeNull();
  expect(await configuration.jail('DEFAULT')).toBeNull();
});

test('logs are counted anew each time', async () => {
  const configuration = configurationOf();
  const files = async (): Promise<number[]> => (await jail(configuration, 'web')).logs.map((log) => log.files);
  expect(await files()).toEqual([2, 0]);
  const more = path.join(folder.path, 'logs', 'none.log');
  writeFileSync(more, '');
  expect(await files()).toEqual([3, 1]);
  rmSync(more);
});

test('DEFAULT and the server', async () => {
  const configuration = configurationOf();
  expect(option(await configuration.defaults(), 'bantime')).toMatchObject({
    value: '20m',
    own: true,
    inherited: { value: '10m', file: 'jail.conf', line: 4 },
  });
  expect(option(await configuration.server(), 'loglevel')).toMatchObject({ value: 'DEBUG', own: true, inherited: { value: 'INFO' } });
  expect(option(await configuration.server(), 'dbpurgeage')).toMatchObject({ value: '1d', own: false, file: null });
});

test('filters and actions: origin, users, texts, problems', async () => {
  const configuration = configurationOf();
  const filters = await configuration.filters();
  expect(filters.map(({ name, origin, usedBy, problems }) => [name, origin, usedBy, problems.length])).toEqual([
    ['common', 'shipped', ['door', 'web', 'broken'], 0],
    ['door', 'edited', ['door', 'web', 'broken'], 0],
    ['shop', 'own', ['shop'], 1],
  ]);
  expect((await configuration.filter('shop'))?.problems[0]).toMatchObject({
    severity: 'error',
    file: path.join(configuration.dir, 'filter.d/shop.local'),
    line: 2,
  });
  expect((await configuration.filter('door'))?.files.map(({ file }) => file)).toEqual(['filter.d/door.conf', 'filter.d/door.local']);
  expect((await configuration.action('wall'))?.usedBy).toEqual(['door', 'web', 'broken', 'shop']);
  expect(await configuration.filter('../jail')).toBeNull();
  expect(await configuration.action('')).toBeNull();
});

test('templates have the parameters of the action, and the jail’s name and ports', async () => {
  const configuration = configurationOf();
  expect(await configuration.actionTemplates('door')).toEqual([
    { name: 'iptables', text: 'iptables[name="door", port="22", blocktype="REJECT", say=\'a "b"\', rate="5%%"]' },
  ]);
  expect((await configuration.actionTemplates(null))[0]?.text).toContain('name="default", port="ssh"');
});

test('a file that changes is read anew, others are not', async () => {
  const configuration = configurationOf();
  const before = await configuration.filter('door');
  expect(await configuration.filter('door')).toBe(before);
  writeFileSync(path.join(configuration.dir, 'jail.d', 'new.local'), '[fresh]\nenabled = false\n');
  expect((await configuration.jail('fresh'))?.origin).toBe('own');
  rmSync(path.join(configuration.dir, 'jail.d', 'new.local'));
  expect(await configuration.jail('fresh')).toBeNull();
});

describe('a reading is kept', () => {
  const read = (keeper: SnapshotKeeper): string | undefined =>
    keeper.get().merged.folder.read('filter.d/door')?.defaults.get('_daemon')?.value;
  /** Then nothing is to be read anew but for what changes from now on. */
  const daemon = (keeper: SnapshotKeeper): string | undefined => {
    const value = read(keeper);
    expect([read(keeper), read(keeper)]).toEqual([value, value]);
    return value;
  };

  it('until a file changes that a filter includes from elsewhere, or comes to be there', () => {
    const { dir } = configurationOf({
      ...FILES,
      'filter.d/door.conf':
        '[INCLUDES]\nbefore = ../beside/door.conf\n         ../../later/door.conf\n[Definition]\nfailregex = ^fail <HOST>$\n',
      'beside/door.conf': '[DEFAULT]\n_daemon = one\n',
    });
    const keeper = new SnapshotKeeper(dir);
    expect(daemon(keeper)).toBe('one');
    writeFileSync(path.join(dir, 'beside', 'door.conf'), '[DEFAULT]\n_daemon = two\n');
    expect(daemon(keeper)).toBe('two');
    writeFileSync(path.join(dir, 'beside', 'door.local'), '[DEFAULT]\n_daemon = six\n');
    expect(daemon(keeper)).toBe('six');
    mkdirSync(path.join(folder.path, 'later'), { recursive: true });
    writeFileSync(path.join(folder.path, 'later', 'door.conf'), '[DEFAULT]\n_daemon = ten\n');
    expect(daemon(keeper)).toBe('ten');
    rmSync(path.join(folder.path, 'later'), { recursive: true });
    expect(daemon(keeper)).toBe('six');
  });

  it('not when a file of the same size is written with the time of the one before', () => {
    const { dir } = configurationOf();
    const file = path.join(dir, 'filter.d', 'common.conf');
    const keeper = new SnapshotKeeper(dir);
    utimesSync(file, 1_700_000_000, 1_700_000_000);
    expect(daemon(keeper)).toBe('x');
    writeFileSync(file, '[DEFAULT]\n_daemon = y\n');
    utimesSync(file, 1_700_000_000, 1_700_000_000);
    expect(daemon(keeper)).toBe('y');
  });

  it('as long as nothing changes, whatever is asked of it', async () => {
    const { dir } = configurationOf({
      ...FILES,
      'filter.d/odd.conf': '[INCLUDES]\nbefore = ../no/where.conf\n[Definition]\nfailregex = ^o <HOST>\n',
    });
    const keeper = new SnapshotKeeper(dir);
    const configuration = createConfiguration(keeper);
    const ask = async (): Promise<void> => {
      await configuration.jails();
      for (const { name } of await configuration.filters()) await configuration.filter(name);
      for (const { name } of await configuration.actions()) await configuration.action(name);
      await configuration.server();
    };
    await ask();
    // Files elsewhere are known now: they are part of the next reading, which stays.
    const kept = keeper.get();
    await ask();
    await ask();
    expect(keeper.get()).toBe(kept);
  });
});

test('a folder that is gone is an error of the world', async () => {
  const configuration = createConfiguration(new SnapshotKeeper(path.join(folder.path, 'nowhere')));
  await expect(configuration.jails()).rejects.toMatchObject({ code: 'CONFIG_DIR_MISSING' });
});

test('our own shipped configuration gives the templates of the menu as Plesk has them', async () => {
  const configuration = createConfiguration(new SnapshotKeeper(path.resolve(__dirname, '../../../../config')));
  const templates = new Map((await configuration.actionTemplates(null)).map(({ name, text }) => [name, text]));
  expect([...templates.keys()]).toEqual(['iptables', 'iptables-multiport', 'iptables-allports', 'nftables', 'sendmail']);
  for (const part of ['protocol="tcp"', 'name="default"', 'chain="INPUT"', 'blocktype="REJECT --reject-with icmp-port-unreachable"']) {
    expect(templates.get('iptables-multiport')).toContain(part);
  }
  expect(templates.get('sendmail')).toContain('sendername="Fail2Ban"');
});
