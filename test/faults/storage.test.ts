/** Storage fails and comes back: a full disk for database and log, a disk that can only be read, a database that somebody holds. Banning goes on. */
import { SocketClient } from '../../src/contracts/socket/client';
import { TestServer } from '../support/bailiff-server';
import { MountNamespace } from '../support/mount-namespace';
import { waitFor } from '../support/two-hosts';

const MEGABYTES = 3;
let disk: MountNamespace;
let server: TestServer;

beforeEach(async () => {
  disk = await MountNamespace.make(MEGABYTES);
  server = new TestServer(null, disk);
  server.write('a.log', '');
  server.jails(`[j1]\nlogpath = ${server.path('a.log')}\nbantime = 1d\n`);
});

afterEach(async () => {
  await server.remove();
  await disk.remove();
});

const address = (n: number): string => `192.0.${2 + (n >> 8)}.${n & 255}`;
const logged = (text: string): number => server.log.split(text).length - 1;

/** Addresses that the action was told to ban, each as often as it was. */
function acted(): readonly string[] {
  return server
    .read('acts')
    .split('\n')
    .filter((line) => line.startsWith('ban '))
    .map((line) => line.slice(4));
}

function offend(from: number, to: number): void {
  for (let n = from; n <= to; n++) server.fail('a.log', address(n), 2);
}

/** Options of the problems that the server tells. */
async function problems(): Promise<readonly string[]> {
  const told = (await new SocketClient({ path: server.socket }).send(['bailiff', 'problems'])) as readonly ReadonlyMap<string, unknown>[];
  return told.map((problem) => String(problem.get('option')));
}

/** Waits until the server tells of a problem with its database, or of none. */
async function trouble(wanted: boolean): Promise<void> {
  for (let turn = 0; turn < 400; turn++) {
    if ((await problems()).includes('dbfile') === wanted) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited in vain for ${wanted ? 'a' : 'no'} problem with the database`);
}

/** Addresses of the bans in the database. @param how to open it: a disk that can only be read has no room for locks */
function recorded(how: '?mode=ro' | '?immutable=1' = '?mode=ro'): readonly string[] {
  const text = disk.sql(
    'db.sqlite3',
    how,
    "db.all('SELECT ip FROM bans', (error, rows) => { if (error) throw error; console.log(JSON.stringify(rows)); });",
  );
  return (JSON.parse(text) as readonly { readonly ip: string }[]).map(({ ip }) => ip);
}

test('a full disk: bans go on, it is told, and all bans and all lines of the log are written when there is room', async () => {
  await server.start('j1');
  offend(1, 1);
  await waitFor('the first ban', () => acted().length === 1);
  disk.fill();
  offend(2, 300);
  await waitFor('bans on a full disk', () => acted().length === 300, 60);
  await trouble(true);
  expect(recorded().length).toBeLessThan(300);
  disk.sh(`rm ${disk.folder}/fill`);
  await trouble(false);
  expect(new Set(recorded()).size).toBe(300);
  expect(recorded()).toHaveLength(300);
  server.fail('a.log', address(301), 2);
  await waitFor('the log', () => logged('] Ban ') === 301);
  expect([logged('kept and written later'), logged('bans are written again')]).toEqual([1, 1]);
  expect(new Set(acted()).size).toBe(301);
}, 120_000);

test('a disk that can only be read: bans of before are restored, new ones are made, lifted ones stay so, and all is written when it can be', async () => {
  server.logtarget = server.path('fail2ban.log');
  await server.start('j1');
  offend(1, 3);
  await waitFor('the bans', () => acted().length === 3);
  await server.end();
  disk.sh(`mount -o remount,ro ${disk.folder}`);
  await server.start('j1');
  await waitFor('the restored bans', () => logged('Restore Ban') === 3);
  expect(logged('can only be read')).toBe(1);
  offend(4, 9);
  await waitFor('bans', () => acted().length === 12);
  await trouble(true);
  expect(server.client('set', 'j1', 'unbanip', address(1)).code).toBe(0);
  expect(recorded('?immutable=1')).toHaveLength(3);
  disk.sh(`mount -o remount,rw ${disk.folder}`);
  await trouble(false);
  expect([...recorded()].sort()).toEqual([2, 3, 4, 5, 6, 7, 8, 9].map(address).sort());
  expect(logged('Restore Ban')).toBe(3);
}, 120_000);

test('a database that somebody holds: it is begun without it, no ban waits, and what stood in it is in force when he lets go', async () => {
  await server.start('j1');
  offend(1, 3);
  expect(server.client('set', 'j1', 'banip', address(99)).code).toBe(0);
  await waitFor('the bans', () => acted().length === 4);
  await server.end();
  const letGo = await disk.hold('db.sqlite3');
  try {
    await server.start('j1');
    expect(logged('cannot be opened')).toBe(1);
    offend(4, 20);
    // Positions stand in the database as well: the log is read again, and whoever offended is banned again.
    await waitFor('bans', () => acted().length === 4 + 20);
    expect([logged('Restore Ban'), acted().filter((ip) => ip === address(99)).length]).toEqual([0, 1]);
  } finally {
    await letGo();
  }
  await waitFor('the restored ban', () => logged(`Restore Ban ${address(99)}`) === 1, 60);
  await trouble(false);
  expect(new Set(recorded()).size).toBe(21);
}, 120_000);
