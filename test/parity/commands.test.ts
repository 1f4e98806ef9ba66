/** The stock fail2ban-client with every command that it knows: our server answers as the stock one, with the same exit code. */
import { TestServer } from '../support/bailiff-server';
import { COMMANDS } from '../support/client-commands';
import { MEANT_ANSWERS, SERVER_COMMANDS } from '../support/server-commands';
import { stockCalls } from '../support/stock-client';
import { runProgram, startStockServer, type Said, type StockServer } from '../support/stock-server';

let theirs: StockServer | undefined;
let ours: TestServer;

beforeAll(async () => {
  ours = new TestServer();
  [theirs] = await Promise.all([startStockServer('theirs'), ours.start()]);
});
afterAll(() => Promise.all([theirs?.stop(), ours.remove()]));

/** What differs between two runs: the folders of the servers, the time, the process. */
const neutral = (text: string): string =>
  text
    .replace(/\/tmp\/bailiff-[\w-]+/g, '/FOLDER')
    .replace(/db\.sqlite3|fail2ban\.sqlite3/g, 'DATABASE')
    .replace(/(?:f2b|fail2ban)\.sock\b/g, 'SOCKET')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(,\d{3})?/g, 'DATE')
    .replace(/\[\d+\]: /g, '[PID]: ');

/** The commands that the installed client names in its help: the words that are fixed, null for those that one fills in. */
function namedInHelp(): readonly (readonly (string | null)[])[] {
  const { stdout } = runProgram('fail2ban-client', ['--help']);
  const texts: string[] = [];
  for (const line of stdout.split('\n')) {
    // A description stands from column 45 on, unless the command is longer.
    if (/^ {4}[a-z]/.test(line)) texts.push((line[44] === ' ' ? line.slice(4, 44) : line.slice(4)).trim());
  }
  return texts.map((text) =>
    text
      .replace(/\[[^\]]*\]*|'\S+'|\.\.\./g, '')
      .split(' ')
      .filter((word) => word !== '')
      .map((word) => (word.startsWith('<') ? null : (word.split('|')[0] ?? null))),
  );
}

test('the calls have every command that the help of the stock client names', () => {
  const named = namedInHelp();
  expect(named.length).toBeGreaterThan(80);
  const calls = [...COMMANDS, ...SERVER_COMMANDS];
  const missing = named.filter((words) => !calls.some((call) => words.every((word, at) => word === null || call[at] === word)));
  expect(missing.map((words) => words.map((word) => word ?? '<>').join(' '))).toEqual([]);
});

test('every command of the stock client has the same answer and the same exit code', () => {
  const calls = [...COMMANDS, ...SERVER_COMMANDS];
  const { config, socket } = theirs!;
  const original = stockCalls(calls.map((words) => ['-c', config, '-s', socket, ...words]));
  const own = stockCalls(calls.map((words) => ['-c', ours.path('config'), '-s', ours.socket, ...words]));
  const shown = ({ code, stdout, stderr }: Said): string => `${code}\n${neutral(stdout)}${neutral(stderr)}`;
  const differences: string[] = [];
  const meant: string[] = [];
  calls.forEach((words, index) => {
    const [original_, own_] = [shown(original[index]!), shown(own[index]!)];
    if (original_ === own_) return;
    const call = words.join(' ');
    if (MEANT_ANSWERS.has(call)) meant.push(call);
    else differences.push(`${call}\n--- original\n${original_}\n--- ours\n${own_}`);
  });
  console.log(
    `commands: ${calls.length - differences.length - meant.length}/${calls.length} the same, meant: ${meant.join(', ') || 'none'}`,
  );
  expect(differences).toEqual([]);
  expect(new Set(meant)).toEqual(MEANT_ANSWERS);
}, 300_000);
