/**
 * An administrator locks himself out for real: from a page he switches on a jail that bans him, nftables drops whatever he sends, and as he can't
 * answer any more the change is taken back. Server, pages and he live in a network namespace, he at 127.0.0.2.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { networkNamespace, type NetworkNamespace } from '../support/network-namespace';
import { servedPanel, type ServedPanel } from '../support/served-panel';
import { until } from '../support/two-servers';

const HIM = '127.0.0.2';
const FAILURE = `${new Date().toISOString().slice(0, 19)}Z fail from ${HIM}\n`;
const OUR_ACTION = readFileSync(path.resolve(__dirname, '../../config/action.d/nftables.conf'), 'utf8');
const FILES = {
  'action.d/ours.conf': OUR_ACTION,
  'filter.d/door.conf': '[Definition]\nfailregex = ^\\s*fail from <HOST>$\n',
  'jail.d/door.conf': [
    '[DEFAULT]',
    'backend = polling',
    'ignoreself = false',
    'action = ours[name=%(__name__)s, type=allports, protocol=all]',
    '[door]',
    'filter = door',
    'logpath = FOLDER/door.log',
    'maxretry = 2',
    'bantime = 1d',
    '',
  ].join('\n'),
};

let host: NetworkNamespace;
let panel: ServedPanel;
beforeAll(async () => {
  host = networkNamespace();
  panel = await servedPanel('ours', FILES, { 'door.log': FAILURE.repeat(3) }, host.name);
}, 120_000);
afterAll(async () => {
  await panel.remove();
  host.remove();
}, 60_000);

/** Asks from his address; prints status, cookie, place and body, or ends with 1 when nothing comes back. */
const ASK = `const [url, from, cookie, body, seconds] = process.argv.slice(1);
const headers = { cookie, ...(body === '' ? {} : { 'content-type': 'application/x-www-form-urlencoded' }) };
require('node:http').request(url, { method: body === '' ? 'GET' : 'POST', localAddress: from, headers, timeout: seconds * 1000 }, async (answer) => {
  let text = '';
  for await (const part of answer) text += part;
  console.log(JSON.stringify({ status: answer.statusCode, cookies: answer.headers['set-cookie'] ?? [], text }));
}).on('timeout', () => process.exit(1)).on('error', () => process.exit(1)).end(body);`;

let cookie = '';

/** What the pages answer him; null when nothing comes back within so many seconds. */
function ask(
  url: string,
  form: Readonly<Record<string, string>> = {},
  seconds = 30,
): { readonly status: number; readonly text: string } | null {
  const words = [process.execPath, '-e', ASK, url, HIM, cookie, new URLSearchParams(form).toString(), String(seconds)];
  const { status, stdout } = spawnSync('ip', ['netns', 'exec', host.name, ...words], { encoding: 'utf8', timeout: 60_000 });
  if (status !== 0) return null;
  const answer = JSON.parse(stdout) as { readonly status: number; readonly cookies: readonly string[]; readonly text: string };
  if (answer.cookies.length > 0) cookie = answer.cookies.map((one) => one.split(';')[0]).join('; ');
  return answer;
}

const banned = (): boolean => host.succeeds(`nft list ruleset | grep -q '${HIM}'`);

test('whom his own change bans gets in again by himself', async () => {
  const link = new URL(panel.link);
  expect(ask(`${panel.base}/login`, { token: link.searchParams.get('token') ?? '' })?.status).toBe(303);
  const token = /name="_csrf" value="([^"]+)"/.exec(ask(`${panel.base}/jails?show=all`)?.text ?? '')?.[1] ?? '';
  expect(ask(`${panel.base}/jails/switch`, { _csrf: token, jail: 'door', on: 'door' })?.status).toBe(303);

  await until('he is banned', banned, 60);
  expect(ask(`${panel.base}/`, {}, 3)).toBeNull();

  await until('the change is taken back', () => !banned(), 150);
  const back = ask(`${panel.base}/jails?show=all`);
  expect(back?.status).toBe(200);
  expect(back?.text).toContain('Your change was taken back, because nobody confirmed it: switched on: door.');
  expect(await panel.control.jails()).toEqual([]);
}, 240_000);
