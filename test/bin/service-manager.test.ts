/** What the server tells systemd over the socket of sd_notify, by path and by abstract name: ready, alive while it is, and that it ends. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync } from 'node:fs';
import { TestServer } from '../support/bailiff-server';
import { waitFor } from '../support/two-hosts';

/** Receives datagrams on the socket `argv[1]` and prints each as a line. */
const RECEIVE = `import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind('\\0' + sys.argv[1][1:] if sys.argv[1][0] == '@' else sys.argv[1])
print('bound', flush=True)
while True: print(s.recv(4096).decode(), flush=True)`;
let server: TestServer;
let receiver: ChildProcess;
let told: string[];

beforeEach(() => {
  server = new TestServer();
  server.write('a.log', '');
  server.write('config/action.d/env.conf', `[Definition]\nactionban = env > ${server.folder}/env\n`);
  server.jails(`[j1]\nlogpath = ${server.path('a.log')}\nmaxretry = 1\naction = env\n`);
  told = [];
});

afterEach(async () => {
  await server.remove();
  receiver.kill();
  await once(receiver, 'exit');
});

/** Starts the server below somebody who receives on `socket` and wants to hear of it every two seconds. */
async function start(socket: string, programs: Readonly<Record<string, string>> = {}): Promise<void> {
  receiver = spawn('/usr/bin/python3', ['-c', RECEIVE, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  receiver.stdout
    ?.setEncoding('utf8')
    .on('data', (text: string) => told.push(...text.split('\n').filter((line) => line !== '' && line !== 'BARRIER=1')));
  await waitFor('the receiver', () => told.length > 0);
  server.environment = { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '2000000', ...programs };
  await server.start('j1');
}

const beats = (): number => told.filter((text) => text === 'WATCHDOG=1').length;

test.each(['by path', 'by abstract name', 'without perl'])(
  'it tells that it is ready, that it is alive and that it ends: %s',
  async (how) => {
    const bin = server.path('bin');
    mkdirSync(bin);
    for (const program of ['env', 'systemd-notify']) symlinkSync(`/usr/bin/${program}`, `${bin}/${program}`);
    const socket = how === 'by abstract name' ? `@bailiff-test-${process.pid}` : server.path('notify.sock');
    await start(socket, how === 'without perl' ? { PATH: bin } : {});
    await waitFor('beats', () => beats() > 3);
    expect(told.slice(0, 3)).toEqual(['bound', 'STATUS=Starting the jails', 'READY=1']);
    expect(told).toContain('STATUS=1 jails run');
    server.fail('a.log', '192.0.2.1');
    await waitFor('the environment of an action', () => server.read('env').includes('PATH='));
    expect(server.read('env')).not.toMatch(/NOTIFY_SOCKET|WATCHDOG/);
    await server.end();
    await waitFor('the end', () => told.includes('STOPPING=1'));
  },
  60_000,
);

test('one whose main loop does not come round tells nothing', async () => {
  await start(server.path('notify.sock'));
  await waitFor('beats', () => beats() > 1);
  process.kill(server.pid, 'SIGSTOP');
  // What was under way comes still; then nothing for longer than systemd would wait.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const before = told.length;
  await new Promise((resolve) => setTimeout(resolve, 3000));
  expect(told).toHaveLength(before);
  process.kill(server.pid, 'SIGCONT');
  await waitFor('beats again', () => told.length > before);
}, 60_000);
