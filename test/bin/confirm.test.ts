/** `bailiff … --confirm SECONDS` as a program beside a running server: kept by Enter, else files and server are as they were. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { TestServer } from '../support/bailiff-server';

const PROGRAM = path.resolve(__dirname, '../../dist/bin/bailiff.js');
let server: TestServer;

beforeEach(async () => {
  server = new TestServer();
  server.write('a.log', '');
  server.jails(`[j1]\nlogpath = ${server.path('a.log')}\nmaxretry = 4\n`);
  await server.start('j1');
});

afterEach(() => server.remove());

interface Ended {
  readonly code: number | null;
  readonly told: string;
}

/** Changes a jail with `--confirm`; `answer` is called when the program waits. */
async function edit(seconds: string, answer: (child: ReturnType<typeof spawn>) => void, stdin: 'pipe' | 'ignore' = 'pipe'): Promise<Ended> {
  const places = ['--conf', server.path('config'), '--socket', server.socket, '--home', server.path('home')];
  const child = spawn(process.execPath, [PROGRAM, 'jail', 'update', 'j1', 'maxretry=9', '--confirm', seconds, ...places], {
    stdio: [stdin, 'pipe', 'pipe'],
  });
  let told = '';
  child.stdout?.on('data', (chunk: Buffer) => (told += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => {
    const asked = told.includes('press Enter');
    told += chunk.toString();
    if (asked || !told.includes('press Enter')) return;
    // A file is at its end: then nobody waits.
    if (stdin === 'pipe') expect(maxretry()).toBe('9');
    answer(child);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, told };
}

const maxretry = (): string => server.client('get', 'j1', 'maxretry').text.trim();
const own = (): readonly string[] =>
  readdirSync(server.path('config'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.local'))
    .map((file) => readFileSync(server.path(`config/${file}`), 'utf8'))
    .filter((text) => text.includes('maxretry = 9'));

test('Enter keeps it', async () => {
  const { code, told } = await edit('60', (child) => child.stdin?.write('\n'));
  expect([code, maxretry(), own().length]).toEqual([0, '9', 1]);
  expect(told).toContain('press Enter within 60 seconds to keep it');
}, 60_000);

test.each<[string, string, (child: ReturnType<typeof spawn>) => void, 'pipe' | 'ignore']>([
  ['nobody answers in time', '5', () => undefined, 'pipe'],
  ['the connection of the shell is cut off', '60', (child) => child.kill('SIGHUP'), 'pipe'],
  ['there is nobody to answer', '60', (child) => child.stdin?.end(), 'pipe'],
  ['standard input is /dev/null', '60', () => undefined, 'ignore'],
])(
  'it is taken back when %s',
  async (_why, seconds, answer, stdin) => {
    const { code, told } = await edit(seconds, answer, stdin);
    expect([code, maxretry(), own()]).toEqual([1, '4', []]);
    expect(told).toContain('nobody confirmed it: everything is as it was');
  },
  60_000,
);
