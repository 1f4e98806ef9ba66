/** Where `bailiff` looks for the server and its own data, and who it says is sitting at the shell. */
import { chownSync, mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { homeFolder, placeOf, STOCK } from '../../src/bin/verbs/place';
import { Given } from '../../src/bin/verbs/verb';
import { actorOf } from '../../src/bin/verbs/world';
import { temporaryFolder } from '../support/folder';

const none = new Given();
const given = (options: Readonly<Record<string, string>>): Given =>
  new Given(new Map(Object.entries(options).map(([name, value]) => [name, [value]])));

describe('the place', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  const before = process.cwd();
  beforeEach(() => {
    folder = temporaryFolder();
    process.chdir(folder.path);
  });
  afterEach(() => {
    process.chdir(before);
    folder.remove();
  });

  test('is the machine’s own server, with the data of the extension', () => {
    expect(placeOf(none, {})).toMatchObject({
      socket: path.resolve(STOCK.socket),
      log: STOCK.log,
      data: '/var/lib/bailiff/data',
      dryRun: false,
    });
  });

  test('is the folder of `bailiff start` where there is one, which bans nobody unless that is said', () => {
    mkdirSync('home/config', { recursive: true });
    const home = path.resolve('home');
    const place = placeOf(none, { BAILIFF_HOME: 'home' });
    expect(place).toMatchObject({ confdir: `${home}/config`, socket: `${home}/run/fail2ban.sock`, daemon: 'direct', dryRun: true });
    expect(placeOf(given({ enforce: '' }), { BAILIFF_HOME: 'home' }).dryRun).toBe(false);
    expect(placeOf(given({ conf: 'other', socket: '/x.sock', db: 'y.db' }), { BAILIFF_HOME: 'home' })).toMatchObject({
      ...{ confdir: path.resolve('other'), socket: '/x.sock', historyDatabase: path.resolve('y.db'), log: `${home}/log/fail2ban.log` },
    });
    expect(placeOf(given({ home: 'home' }), { BAILIFF_HOME: '/elsewhere' }).confdir).toBe(`${home}/config`);
  });

  test('is ./var only where it is ours', () => {
    mkdirSync('var/data', { recursive: true });
    expect(homeFolder(none, {})).toBe(path.join(realpathSync(folder.path), 'var'));
    if (process.getuid?.() !== 0) return;
    chownSync('var', 65534, 65534);
    expect(homeFolder(none, {})).toBe('/var/lib/bailiff');
  });

  test('refuses a daemon that is none', () => {
    expect(() => placeOf(given({ daemon: 'x' }), {})).toThrow("--daemon is 'systemd' or 'direct', not 'x'");
  });
});

test('whoever became root is named, with the address they came from', () => {
  expect(actorOf({ SUDO_USER: 'alice', SSH_CONNECTION: '192.0.2.5 4711 198.51.100.1 22' })).toEqual({
    who: 'alice (shell)',
    client: '192.0.2.5',
  });
  expect(actorOf({ SSH_CONNECTION: 'evil\u001b[2J' }).client).toBe('');
  expect(actorOf({}).who).toMatch(/^\S+ \(shell\)$/);
});
