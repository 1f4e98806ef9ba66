/** An action that takes half a minute for each ban, and one that never returns: other jails and other actions of the same jail go on banning, and the server ends in order. */
import { startOfProcess } from '../../src/base/process-life';
import { TestServer } from '../support/bailiff-server';
import { waitFor } from '../support/two-hosts';
import { LogLoad, MAXRETRY } from './log-load';

/** Lines a second. */
const RATE = 1000;
/** Offenders until the load ends. */
const OFFENDERS = 25;
let server: TestServer;
let load: LogLoad;

/** Two jails on one busy log: `mixed` bans with an action that is ill and one that is well behind it, `other` only with one that is well. */
function jails(ill: string): void {
  const jail = (name: string, action: string): string =>
    `[${name}]\nlogpath = ${server.path('busy.log')}\nmaxretry = ${MAXRETRY}\nbantime = 1d\nfindtime = 1h\naction = ${action}\n`;
  server.jails(`${jail('mixed', `${ill}\n  well[name=mixed]`)}${jail('other', 'well[name=other]')}`);
}

beforeEach(() => {
  server = new TestServer();
  load = new LogLoad(server.path('busy.log'), RATE, 11);
  server.write('config/action.d/well.conf', `[Definition]\nactionban = echo "<ip>" >> ${server.folder}/<name>.acts\n[Init]\nname = well\n`);
});

afterEach(async () => {
  load.stop();
  await server.remove();
});

const lines = (file: string): readonly string[] => server.read(file).split('\n').filter(Boolean);
const offenders = (): readonly string[] => [...load.offenders].sort();
const logged = (text: string): number => server.log.split(text).length - 1;

/** Lets offenders come until there are many, and waits until both jails have banned them with the action that is well. */
async function banned(): Promise<void> {
  load.start();
  await waitFor('offenders', () => load.offenders.size >= OFFENDERS, 60);
  load.stop();
  const all = load.offenders.size;
  await waitFor('all bans by the action that is well', () => ['mixed.acts', 'other.acts'].every((file) => lines(file).length >= all), 60);
}

test('an action of 30 seconds for each ban: everybody else has banned all offenders, each once, before it has banned one', async () => {
  server.write('config/action.d/slow.conf', `[Definition]\nactionban = sleep 30; echo "<ip>" >> ${server.folder}/slow.acts\n`);
  jails('slow');
  await server.start('mixed', 'other');
  server.fail('busy.log', '10.9.250.1', MAXRETRY);
  load.offenders.add('10.9.250.1');
  await banned();
  expect(lines('slow.acts')).toEqual([]);
  await waitFor('the slow action', () => lines('slow.acts').length > 0, 60);
  // It follows in its own order; what it has not begun is left to the next start.
  const ended = server.exited();
  await server.end();
  expect(await ended).toBe(0);
  expect(lines('slow.acts').length).toBeLessThan(5);
  for (const file of ['mixed.acts', 'other.acts']) expect([...lines(file)].sort()).toEqual(offenders());
  expect(logged('Exiting Fail2ban')).toBe(1);
}, 240_000);

test('an action that never returns: its command is ended with its children after its time and that is told; everybody else bans, a reload and an unban go through, and the server ends', async () => {
  const note = `${server.folder}/hung.pids`;
  const deaf = `trap "" TERM; echo $$ >> ${note}; while :; do sleep 1; done`;
  server.write('config/action.d/hung.conf', `[Definition]\nactionban = sh -c '${deaf}' & echo $$ >> ${note}; wait\n[Init]\ntimeout = 2\n`);
  jails('hung');
  await server.start('mixed', 'other');
  await banned();
  await waitFor('the end of a hung command', () => logged('timed out after 2 seconds') > 0, 60);
  const [someone = ''] = offenders();
  expect(server.client('set', 'mixed', 'unbanip', someone)).toEqual({ code: 0, text: '1\n' });
  expect(server.client('reload').code).toBe(0);
  server.fail('busy.log', '10.9.250.1', MAXRETRY);
  load.offenders.add('10.9.250.1');
  await waitFor('a ban after the reload', () => lines('mixed.acts').includes('10.9.250.1') && lines('other.acts').includes('10.9.250.1'));
  const begun = lines('hung.pids').length;
  const ended = server.exited();
  await server.end();
  expect(await ended).toBe(0);
  // The command that was under way, and once more what failed: two processes each.
  expect(lines('hung.pids').length).toBeLessThanOrEqual(begun + 4);
  await waitFor('the end of all that hung', () => lines('hung.pids').every((pid) => startOfProcess(Number(pid)) === null));
  for (const file of ['mixed.acts', 'other.acts']) expect([...lines(file)].sort()).toEqual(offenders());
  expect(logged('Exiting Fail2ban')).toBe(1);
}, 240_000);
