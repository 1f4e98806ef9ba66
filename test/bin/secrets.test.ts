/** Secrets among the options of actions: seen in no list of processes, no log and no answer while the command gets them. */
import { chmodSync, copyFileSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { tryAction } from '../../src/engine/server/action-trial/try-action';
import { systemClock } from '../../src/base/clock';
import { TestServer } from '../support/bailiff-server';
import { waitFor } from '../support/two-hosts';

const SECRET = 'Zk9-very-secret-17';
const A = '192.0.2.7';
let server: TestServer;

beforeEach(() => {
  server = new TestServer();
  server.write('a.log', '');
  mkdirSync(server.path('bin'));
  copyFileSync(path.resolve(__dirname, '../../config/action.d/abuseipdb.conf'), server.path('config/action.d/abuseipdb.conf'));
  server.environment = { PATH: `${server.path('bin')}:${process.env['PATH']}` };
});

afterEach(() => server.remove());

/** A program that writes down what it was given, stays for a while, and fails. */
function program(name: string): void {
  const what = `cat > ${server.path('stdin')}.new; mv ${server.path('stdin')}.new ${server.path('stdin')}`;
  server.write(
    `bin/${name}`,
    `#!/bin/sh\n${what}; while [ ! -e ${server.path('seen')} ]; do sleep 0.05; done; echo "no: $*" >&2; exit 22\n`,
  );
  chmodSync(server.path(`bin/${name}`), 0o755);
}

/** Command lines of all processes in which a text stands. */
function processesWith(text: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    })
    .filter((line) => line.includes(text));
}

const logged = (text: string): boolean => server.log.includes(text);

test('our action hands a key over while no process shows it, and the log of its failure masks it', async () => {
  program('curl');
  server.jails(`[j1]\nlogpath = ${server.path('a.log')}\naction = abuseipdb[abuseipdb_apikey="${SECRET}"]\n`);
  await server.start('j1');
  server.fail('a.log', A, 2);
  await waitFor('the key', () => server.read('stdin') !== '');
  expect(server.read('stdin')).toBe(`header = "Key: ${SECRET}"\n`);
  expect(processesWith('api.abuseipdb.com').length).toBeGreaterThan(0);
  expect(processesWith(SECRET)).toEqual([]);
  server.write('seen', '');
  await waitFor('the failure', () => logged('returned 22'), 30);
  expect(logged(`'***'`)).toBe(true);
  expect(logged(SECRET)).toBe(false);
});

test('with an action of others the shell shows no key either, and the log masks what its command says', async () => {
  program('report');
  server.write(
    'config/action.d/others.conf',
    '[Definition]\nactionban = report -H "Key: <their_apikey>" <ip>; exit 22\n[Init]\ntheir_apikey =\n',
  );
  server.jails(`[j1]\nlogpath = ${server.path('a.log')}\naction = others[their_apikey="${SECRET}"]\n`);
  await server.start('j1');
  server.fail('a.log', A, 2);
  await waitFor('the command', () => server.log.includes('Ban ') && processesWith('bin/report').length > 0);
  expect(processesWith(SECRET).filter((line) => !line.includes('bin/report'))).toEqual([]);
  server.write('seen', '');
  await waitFor('the failure', () => logged('returned 22'), 30);
  expect(logged('no: -H Key: ***')).toBe(true);
  expect(logged(SECRET)).toBe(false);
});

test('a command of the socket that fails is told without the secrets in it', async () => {
  server.jails(`[j1]\nlogpath = ${server.path('a.log')}\naction = abuseipdb\n`);
  await server.start('j1');
  expect(server.client('set', 'j1', 'action', 'nobody', 'abuseipdb_apikey', SECRET).code).not.toBe(0);
  expect(server.client('set', 'j1', 'action', 'abuseipdb', 'abuseipdb_apikey', SECRET).text.trim()).toBe(SECRET);
  expect(logged("'abuseipdb_apikey', '***'] has failed")).toBe(true);
  expect(logged(SECRET)).toBe(false);
});

test('an action that is tried shows its commands without the key', async () => {
  const { commands } = await tryAction(server.path('config'), `abuseipdb[abuseipdb_apikey=${SECRET}]`, A, systemClock);
  expect(commands.map(({ operation }) => operation)).toEqual(['ban']);
  expect(commands[0]?.command).toContain(`'***' | curl`);
  expect(JSON.stringify(commands)).not.toContain(SECRET);
});
