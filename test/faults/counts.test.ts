/** What a line earned is not lost when the server is killed or stopped: counts of failures and open sessions go on where they were, and no line counts twice. */
import { openConnection } from '../../src/contracts/database/connection';
import { TestServer } from '../support/bailiff-server';
import { waitFor } from '../support/two-hosts';

const A = '192.0.2.1';
let server: TestServer;

beforeEach(() => {
  server = new TestServer();
  server.write('a.log', '');
  server.jails(`[j1]\nlogpath = ${server.path('a.log')}\nmaxretry = 3\n`);
});

afterEach(() => server.remove());

const logged = (text: string): boolean => server.log.includes(text);
const found = (): number => server.log.split(`Found ${A}`).length - 1;

/** Counts that stand in the database, as `ID ATTEMPTS`. */
async function counted(): Promise<readonly string[]> {
  const database = await openConnection(server.path('db.sqlite3'), 'read');
  const rows = await database.all("SELECT ip || ' ' || retry AS counted FROM bailiff_failures ORDER BY ip");
  await database.close();
  return rows.map((row) => String(row['counted']));
}

/** Waits until the database has exactly these counts. */
async function written(...wanted: readonly string[]): Promise<void> {
  for (let turn = 0; turn < 300; turn++) {
    if (JSON.stringify(await counted()) === JSON.stringify(wanted)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited in vain: ${wanted.join(', ')}; there is ${(await counted()).join(', ')}`);
}

test.each(['SIGKILL', 'SIGTERM'] as const)('failures before and after a %s make one ban, with all their lines', async (signal) => {
  await server.start('j1');
  server.fail('a.log', A, 2);
  server.fail('a.log', '192.0.2.2');
  await written(`${A} 2`, '192.0.2.2 1');
  await server.end(signal);
  server.fail('a.log', A);
  await server.start('j1');
  await waitFor('the ban', () => logged(`[j1] Ban ${A}`));
  expect(found()).toBe(3);
  server.fail('a.log', '192.0.2.9', 3);
  await waitFor('a later ban', () => logged('[j1] Ban 192.0.2.9'));
  expect(logged('Ban 192.0.2.2')).toBe(false);
  const database = await openConnection(server.path('db.sqlite3'), 'read');
  const row = await database.get('SELECT data FROM bans WHERE ip = ?', [A]);
  await database.close();
  const data = JSON.parse(String(row?.['data'])) as { matches: unknown[]; failures: number };
  expect([data.failures, data.matches.length]).toEqual([3, 3]);
});

test('a line that was counted and not yet written down before a kill counts once after it', async () => {
  await server.start('j1');
  server.fail('a.log', A);
  await written(`${A} 1`);
  server.fail('a.log', A);
  await waitFor('the second failure', () => found() === 2);
  await server.end('SIGKILL');
  await server.start('j1');
  await written(`${A} 2`);
  expect(logged(`Ban ${A}`)).toBe(false);
  server.fail('a.log', A);
  await waitFor('the ban', () => logged(`[j1] Ban ${A}`));
});

test('who was banned or has not failed for findtime is not counted any more', async () => {
  server.jails(`[j1]\nlogpath = ${server.path('a.log')}\nmaxretry = 3\nfindtime = 8\n`);
  await server.start('j1');
  server.fail('a.log', A, 2);
  server.fail('a.log', '192.0.2.2', 2);
  await written(`${A} 2`, '192.0.2.2 2');
  server.fail('a.log', A);
  await waitFor('the ban', () => logged(`[j1] Ban ${A}`));
  await written();
});

/** The last ban's lines, without their dates. */
async function linesOfBan(): Promise<readonly string[]> {
  const database = await openConnection(server.path('db.sqlite3'), 'read');
  const row = await database.get('SELECT data FROM bans WHERE ip = ?', [A]);
  await database.close();
  const { matches } = JSON.parse(String(row?.['data'])) as { matches: (string | string[])[] };
  return matches.map((line) => (Array.isArray(line) ? (line[2] ?? '') : line.slice(19)).trim());
}

/** Kept when the database holds the session. */
async function held(session: string): Promise<void> {
  for (let turn = 0; turn < 300; turn++) {
    const database = await openConnection(server.path('db.sqlite3'), 'read');
    const row = await database.get('SELECT data FROM bailiff_sessions');
    await database.close();
    if (String(row?.['data'] ?? '').includes(`["${session}",`)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the session ${session} was not written`);
}

test.each(['SIGKILL', 'SIGTERM'] as const)('a session that is open at a %s goes on: its lines count, each once', async (signal) => {
  server.write(
    'config/filter.d/sessions.conf',
    [
      '[Definition]',
      'prefregex = ^\\s*\\[<F-MLFID>\\d+</F-MLFID>\\] <F-CONTENT>.+</F-CONTENT>$',
      'failregex = ^<F-NOFAIL>connect</F-NOFAIL> from <ADDR>$',
      '            ^bad password for <F-USER>\\S+</F-USER>$',
      '            ^<F-NOFAIL><F-MLFFORGET>bye</F-MLFFORGET></F-NOFAIL>$',
      '',
    ].join('\n'),
  );
  server.jails(`[j1]\nfilter = sessions\nlogpath = ${server.path('a.log')}\nmaxretry = 2\n`);
  await server.start('j1');
  server.line('a.log', `[7] connect from ${A}`);
  server.line('a.log', '[8] connect from 192.0.2.2');
  server.line('a.log', '[8] bye');
  server.line('a.log', '[7] bad password for a');
  await held('7');
  await written(`${A} 1`);
  await server.end(signal);
  server.line('a.log', '[8] bad password for nobody');
  server.line('a.log', '[7] bad password for b');
  await server.start('j1');
  await waitFor('the ban', () => logged(`[j1] Ban ${A}`));
  expect(await linesOfBan()).toEqual([`[7] connect from ${A}`, '[7] bad password for a', '[7] bad password for b']);
  expect(found()).toBe(2);
  expect(logged('192.0.2.2')).toBe(false);
});
