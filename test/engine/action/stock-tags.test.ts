/** What a command gets of a ticket, held against the stock server: a hostile log is read there, and the same tickets are given to ours. */
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../../src/base/clock';
import { systemRunner } from '../../../src/base/process';
import { actionRig, JAIL } from '../../support/actions';
import { temporaryFolder } from '../../support/folder';
import { stockActions } from '../../support/stock-actions';
import { runProgram, startStockServer, type StockServer } from '../../support/stock-server';
import { banTicket } from '../../support/tickets';

const canaries = temporaryFolder();
const CANARY = path.join(canaries.path, 'canary');
/** Users as a log could name them; each on a line of its own. */
const USERS = [
  'root',
  'two words',
  `$(touch ${CANARY})`,
  `\`touch ${CANARY}\``,
  `"; touch ${CANARY}; "`,
  `'; touch ${CANARY}; '`,
  '*',
  'a\\nb\\\\c',
  '~ & | < > ? # ; ! % =',
  '<ip> <F-ID> <matches>',
  '-n -e x',
  'größe ☃',
  "it's",
];
const TAGS = [
  'ip',
  'fid',
  'family',
  'failures',
  'bantime',
  'bancount',
  'restored',
  'ip-rev',
  'F-USER',
  'F-ID',
  'F-PORT',
  'F-NONE',
  'F-ALT_USER',
  'matches',
  'ipmatches',
  'ipjailmatches',
  'ipfailures',
  'ipjailfailures',
  'time',
  'jail.name',
  'name',
  'unknown',
];
const ACTION = `[Definition]
actionban = { printf '%%s\\n' ${TAGS.filter((tag) => tag !== 'jail.name')
  .map((tag) => `"<${tag}>"`)
  .join(' ')} --
            echo <F-USER> <F-USER>
            printf '(%%s)' <F-USER> <ip-rev>x
            echo; } >> "<T>"
`;
const FILTER = '[Definition]\nfailregex = ^ fail <F-USER>.*</F-USER> from <HOST> port <F-PORT>\\d+</F-PORT>$\ndatepattern = ^EPOCH\n';

let server: StockServer;
const TIME = Math.floor(Date.now() / 1000);
const lineOf = (user: string, index: number): string => `${TIME} fail ${user} from 192.0.2.${index + 1} port ${4000 + index}`;
const trace = (whose: string): string => path.join(server.folder, `tags.${whose}`);

function configure(whose: string): void {
  const log = path.join(server.folder, 'attack.log');
  writeFileSync(path.join(server.config, 'action.d', 'tell.conf'), ACTION);
  writeFileSync(path.join(server.config, 'filter.d', 'attack.conf'), FILTER);
  writeFileSync(path.join(server.config, 'fail2ban.local'), '[Definition]\ndbfile = None\n');
  const options = ['enabled = true', 'backend = polling', 'filter = attack', 'maxretry = 1', 'usedns = no', `logpath = ${log}`];
  writeFileSync(path.join(server.config, 'jail.conf'), `[tags]\n${options.join('\n')}\naction = tell[T="${trace(whose)}"]\n`);
}

beforeAll(async () => {
  server = await startStockServer('tags');
  configure('stock');
  const log = path.join(server.folder, 'attack.log');
  writeFileSync(log, '');
  const said = runProgram('fail2ban-client', ['-c', server.config, '-s', server.socket, 'reload']);
  if (said.code !== 0) throw new Error(said.stderr);
  appendFileSync(log, USERS.map((user, index) => `${lineOf(user, index)}\n`).join(''));
  const bans = (): number => readFileSync(server.log, 'utf8').match(/ Ban /g)?.length ?? 0;
  for (let round = 0; bans() < USERS.length && round < 200; round++) await wait(50);
  await wait(300);
}, 60_000);
afterAll(async () => {
  await server.stop();
  canaries.remove();
});

test('hostile users, lines and addresses reach a command the same as there, and run nothing', async () => {
  configure('ours');
  const config = stockActions(server.config).get('tags')![0]!;
  const { action } = actionRig(config, systemRunner(systemClock), {}, { ...JAIL, name: 'tags' });
  const tickets = USERS.map((user, index) => {
    const id = `192.0.2.${index + 1}`;
    const captured = { user, fport: String(4000 + index), ip4: id };
    return banTicket(id, { time: TIME, data: { failures: 1, matches: [lineOf(user, index)], captured } });
  });
  expect(await action.ban(tickets)).toEqual(tickets.map(() => null));
  const blocks = (whose: string): string[] =>
    (existsSync(trace(whose)) ? readFileSync(trace(whose), 'utf8') : '').split(/^(?=192\.0\.2\.\d+\n192)/m).sort();
  expect(blocks('stock')).toHaveLength(USERS.length);
  expect(blocks('ours')).toEqual(blocks('stock'));
  expect(readdirSync(canaries.path)).toEqual([]);
});
