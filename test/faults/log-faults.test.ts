/** Whatever becomes of the place where a log is, its lines are read once each when it is back: no right to read it, no room on its disk, its folder unmounted. */
import { chmodSync, chownSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { TestServer } from '../support/bailiff-server';
import { MountNamespace } from '../support/mount-namespace';
import { waitFor } from '../support/two-hosts';

/** Root that may not read what is not its own. */
const WITHOUT_RIGHTS = ['setpriv', '--inh-caps=-all', '--bounding-set=-dac_override,-dac_read_search', '--'];

let server: TestServer;
let disk: MountNamespace | null = null;

afterEach(async () => {
  await server.remove();
  await disk?.remove();
  disk = null;
});

/** Ids that were found, each as often as it was. */
const found = (): readonly string[] => Array.from(server.log.matchAll(/\] Found (\S+)/g), ([, id = '']) => id);
const id = (n: number): string => `10.0.${n >> 8}.${n & 255}`;
const told = (text: RegExp, from: number): number => Array.from(server.log.slice(from).matchAll(new RegExp(text, 'g'))).length;

/** Waits until exactly these were found. */
async function exactly(ids: readonly string[]): Promise<void> {
  await waitFor(`${ids.length} failures`, () => new Set(found()).size >= ids.length, 90);
  expect([...found()].sort()).toEqual([...ids].sort());
}

const upTo = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => id(n));

test('the right to read a log is taken and given back, while it is followed, rotated, and at the start', async () => {
  server = new TestServer();
  server.before = WITHOUT_RIGHTS;
  const log = server.path('a.log');
  let count = 0;
  const line = (): void => server.fail('a.log', id(count++));
  const take = (): void => {
    chownSync(log, 1, 1);
    chmodSync(log, 0o600);
  };
  const give = (): void => chownSync(log, 0, 0);
  server.jails(`[j1]\nlogpath = ${log}\nmaxretry = 1000\n`);
  line();
  take();
  await server.start('j1');
  await waitFor('it is told', () => told(/a\.log: .*EACCES/, 0) > 0, 30);
  line();
  give();
  await exactly(upTo(count));
  take();
  line();
  await exactly(upTo(count));
  const begin = server.log.length;
  line();
  renameSync(log, `${log}.1`);
  line();
  take();
  line();
  await waitFor('it is told', () => told(/a\.log: .*EACCES/, begin) > 0, 30);
  // Several more looks: it is told once.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  expect(told(/a\.log: .*EACCES/, begin)).toBe(1);
  give();
  await exactly(upTo(count));
  line();
  await exactly(upTo(count));
}, 180_000);

test('the disk of a log is full and has room again: every line that was wholly written is read once', async () => {
  disk = await MountNamespace.make(1);
  server = new TestServer();
  server.before = disk.inside;
  const log = disk.path('a.log');
  server.line(log, 'it begins');
  server.jails(`[j1]\nlogpath = ${disk.folder}/a.log\nmaxretry = 1000\n`);
  await server.start('j1');
  let count = 0;
  let failed = 0;
  /** What a program does that writes each line once and goes on when it cannot. */
  const write = (lines: number): void => {
    for (let n = 0; n < lines; n++) {
      try {
        server.fail(log, id(count++));
      } catch {
        failed++;
      }
    }
  };
  /** An own count of the lines that are whole. */
  const whole = (file = log): readonly string[] =>
    Array.from(readFileSync(file, 'utf8').matchAll(/^[\d-]{10} [\d:]{8} fail (\d+\.\d+\.\d+\.\d+)\n/gm), ([, address = '']) => address);
  write(20);
  await exactly(whole());
  for (let round = 0; round < 3; round++) {
    disk.fill();
    // The last page of the file takes some more lines, and then part of one.
    write(150);
    await exactly(whole());
    disk.sh(`rm ${disk.folder}/fill`);
    write(20);
    await exactly(whole());
  }
  expect(failed).toBeGreaterThan(100);
  disk.fill();
  write(150);
  const before = whole();
  renameSync(log, `${log}.1`);
  write(5);
  disk.sh(`rm ${disk.folder}/fill`);
  write(20);
  await exactly([...before, ...whole()]);
}, 240_000);

test('the folder of a log is unmounted and mounted again: lines of meanwhile are read, none twice, and it is told once', async () => {
  disk = await MountNamespace.make(1);
  server = new TestServer();
  server.before = disk.inside;
  mkdirSync(server.path('store'));
  mkdirSync(server.path('logs'));
  const mount = `mount --bind ${server.path('store')} ${server.path('logs')}`;
  disk.sh(mount);
  let count = 0;
  const line = (): void => server.fail('store/a.log', id(count++));
  line();
  server.jails(`[j1]\nlogpath = ${server.path('logs')}/a.log\nmaxretry = 1000\n`);
  await server.start('j1');
  await exactly(upTo(count));
  for (let round = 0; round < 3; round++) {
    const begin = server.log.length;
    disk.sh(`umount -l ${server.path('logs')}`);
    line();
    await waitFor('it is told', () => told(/logs\/a\.log: .*does not exist/, begin) > 0, 60);
    line();
    if (round === 1) renameSync(server.path('store/a.log'), server.path('store/a.log.1'));
    line();
    disk.sh(mount);
    await exactly(upTo(count));
    line();
    await exactly(upTo(count));
    expect(told(/logs\/a\.log: .*does not exist/, begin)).toBe(1);
  }
}, 240_000);
