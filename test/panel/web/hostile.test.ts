/** Every page with hostile text wherever a text can come from, in Chromium: nothing of it runs, nothing of it becomes an element, the policy has nothing to refuse, forms hold it as it was. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { AppError } from '../../../src/base/errors';
import { allRoutes, WHOLE_FORM, type WalkedRoute } from '../../support/all-routes';
import { CHROMIUM } from '../../support/chromium';
import { TinyControl } from '../../support/control';
import { BEFORE, BEHIND, type HostileMarks, hostileWorld, MARKS } from '../../support/hostile-rooms';
import { tinyTester } from '../../support/panel';
import { SECRET, send } from '../../support/signed';
import { NOW, PANEL, testWeb, TOKEN, type TestWeb } from '../../support/web';

const ID = '198.51.100.7';
const FRAME = '/modules/';
const LINE = {
  number: 1,
  text: `Failed for root from ${ID}`,
  cut: false,
  verdict: 'counted',
  time: NOW,
  date: null,
  user: [11, 4],
} as const;
const FAILURE = { failregex: 0, id: ID, address: ID, dns: 'host.example', user: 'root', session: 's', time: NOW };
const DANGER = { kind: 'slow', message: 'long', column: 1, line: 'aaa', length: 3 } as const;
const TIMES = { hits: 1, tries: 1, microseconds: 5, longest: 9, longestLine: 1, givenUp: 0, slow: true };
const WRONG = { severity: 'error', message: 'wrong', file: 'jail.local', line: 3 } as const;
const DOUBTFUL = { ...WRONG, severity: 'warning' } as const;

/** Rooms in which each kind of thing is there at least once. */
async function fullWeb(marks: HostileMarks, secret?: string): Promise<TestWeb> {
  const kinds = ['found', 'ban', 'restore-ban', 'unban', 'ignore', 'already-banned'] as const;
  const manual = { who: 'admin', reason: 'scan', until: NOW + 60 };
  const spans = [{ from: 0, length: 6, what: 'match' as const }];
  const lines = [{ text: LINE.text, spans, failregex: 'Failed', user: 'root' }];
  const tester = tinyTester({
    kind: 'done',
    lines: [{ ...LINE, address: null, failure: FAILURE, ignoreregex: null, problem: 'slow' }],
    slow: [],
    summary: {
      subject: { kind: 'filter', name: 'sshd' },
      ...{ lines: 1, matched: 1, ignored: 0, missed: 0, verdicts: { counted: 1 }, shown: 1, skipped: 0, stopped: 'end', seconds: 1 },
      regexes: [{ option: 'failregex', regex: 'Failed', ...TIMES, danger: DANGER }],
      dates: [{ name: 'Epoch', hits: 1 }],
      problems: [DOUBTFUL],
    },
  });
  const ban = { id: ID, time: NOW, bantime: 60, bancount: 1, failures: 3, users: ['root'], matches: [LINE.text] };
  const preview = {
    ...({ jail: 'sshd', from: 0, to: NOW, first: 1, last: NOW, stopped: 'time', lines: 1, bytes: 1, failures: 1, ignored: 1 } as const),
    ...{ files: [{ path: '/var/log/auth.log', lines: 1, problem: 'gone' }], ignoredBy: { ignoreip: 1 }, names: 1, banned: 1, addresses: 1 },
    ...{ bans: [ban], leftOut: ['names'] as const, problems: [DOUBTFUL], messages: ['a message'] },
  };
  const web = testWeb({
    ...(secret === undefined ? {} : { secret }),
    control: new TinyControl(
      [{ name: 'sshd', files: ['/var/log/auth.log'], failed: 2, problems: [WRONG] }],
      [{ jail: 'sshd', id: ID, time: NOW - 60, bantime: 3600 }],
    ),
    events: kinds.map((kind, index) => ({ time: NOW - 60 - index, jail: 'sshd', kind, id: ID })),
    tester: { ...tester, previewJail: () => Promise.resolve({ kind: 'done', preview }) },
    reasons: {
      [ID]: { time: NOW, lines, users: ['root'], failregexes: ['Failed'], files: ['/var/log/auth.log'], domain: 'a.example', manual },
    },
    health: [{ kind: 'unreadable-log', severity: 'error', jail: 'sshd', detail: '/var/log/x', since: NOW }],
    rooms: { hostName: () => Promise.resolve('host.example') },
    around: (rooms) => hostileWorld(rooms, marks),
  });
  const by = { who: 'admin', client: '192.0.2.1' };
  const text = '\n[Definition]\nfailregex = x\n';
  const options = { bantime: '10m', logpath: '/var/log/a', port: 'ssh', ignoreip: '192.0.2.9', action: 'nftables', findtime: '5m' };
  for (const kind of ['filter', 'action'] as const) await web.config.editor.apply([{ kind, name: 'mine', text }], by);
  await web.config.editor.apply([{ kind: 'jail', jail: 'sshd', options }], by);
  web.config.problems = [DOUBTFUL];
  await web.notebook.addNote({ address: ID, time: NOW, who: 'admin', text: 'a note' });
  const deed = { action: 'jail.edit', subject: 'sshd', before: 'a', after: 'b', message: 'no' };
  for (const ok of [true, false]) await web.notebook.audit({ time: NOW, ...by, ...deed, ok });
  await web.notebook.addToken({ name: 'robot', readOnly: true, createdBy: 'admin', created: NOW, hash: '0'.repeat(64) });
  await web.rooms.trusted.add([{ entry: '192.0.2.9', note: 'office', end: NOW + 60, jail: 'sshd' }], 'admin', NOW);
  return web;
}

/** Every name that a page looks up in its query, a few at a time: a longer line is no request. */
const NAMES = readdirSync(path.resolve(__dirname, '../../../src/panel/web'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(path.resolve(__dirname, '../../../src/panel/web', file), 'utf8'))
  .flatMap((text) => [...text.matchAll(/query\.(?:get|has|all)\('(\w+)'\)/g)].map(([, name = '']) => name));
const QUERIES = [...new Set(NAMES)].flatMap((_name, index, all) => (index % 6 === 0 ? [all.slice(index, index + 6)] : []));

/** A field that is bounded holds the beginning. */
function isWhole(value: string): boolean {
  const at = value.indexOf(MARKS.slice(0, 10));
  return CARRIED.some((marks) => value.includes(marks)) || (at >= 0 && MARKS.startsWith(value.slice(at)));
}

/** Looks at what became of a page, in the page. */
const LOOK = `(() => {
  const found = [];
  if (window.hacked !== undefined) found.push('a script of the text ran');
  for (const one of window.refused ?? []) found.push('the policy refused: ' + one);
  for (const element of document.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      if (name.startsWith('on')) found.push('a handler: ' + name);
      if (name === 'id' && value === 'injected') found.push('an element: ' + element.localName);
      if (['href', 'src', 'action', 'formaction'].includes(name) && /^\\s*javascript:/i.test(value)) found.push('a link: ' + value.slice(0, 40));
    }
    if (element.localName === 'script' && !(element.getAttribute('src') ?? '').startsWith('/assets/')) found.push('a script');
  }
  return found;
})()`;

/** What HTML can carry of a text: no NUL. */
const carried = (text: string): string => text.replaceAll(/[\0\ufffd]/g, '');
/** The marks as they stand in fields: as they are, in a list's JSON, in a path. */
const CARRIED = [
  MARKS,
  JSON.stringify(MARKS).slice(1, -1),
  encodeURIComponent(MARKS),
  new URLSearchParams({ x: MARKS }).toString().slice(2),
].map(carried);
const FIELDS = `[...document.querySelectorAll('input[name], textarea[name], option, button[value]')].map((field) => field.value)`;

let browser: Browser;
let context: BrowserContext;
let page: Page;
let server: Server | null = null;
let base = '';
const requests: string[] = [];

beforeAll(async () => {
  browser = await chromium.launch(CHROMIUM);
});
afterAll(() => browser.close());

beforeEach(async () => {
  context = await browser.newContext();
  await context.addInitScript(
    `document.addEventListener('securitypolicyviolation', (event) => (window.refused ??= []).push(event.violatedDirective + ' ' + event.blockedURI));`,
  );
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
  requests.length = 0;
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => requests.push(`script: ${error.message}`));
});

afterEach(async () => {
  await context.close();
  server?.closeAllConnections();
  server?.close();
  server = null;
});

async function serve(web: TestWeb): Promise<void> {
  const listening = web.app.listen(0, '127.0.0.1');
  await new Promise((resolve) => listening.once('listening', resolve));
  server = listening;
  base = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

/** What is wrong with the page that is open. */
async function findings(): Promise<string[]> {
  const foreign = requests.filter((url) => !url.startsWith(base) && !url.startsWith('data:') && !url.startsWith('about:'));
  const values = (await page.evaluate(FIELDS)) as string[];
  const bent = values.filter((value) => value.includes('window.hacked') && !isWhole(carried(value)));
  return [...((await page.evaluate(LOOK)) as string[]), ...foreign, ...bent.map((value) => `a field holds ${value.slice(0, 200)}`)];
}

/** With hostile parameters, and with hostile queries. */
function pathsOf({ pattern }: WalkedRoute, marks: HostileMarks, withQueries = false): readonly string[] {
  const id = pattern.includes('/states/') ? 'state-1' : ID;
  const values: Readonly<Record<string, string>> = { id, name: pattern.startsWith('/jails/') ? 'sshd' : 'mine' };
  const filled = pattern.replace(/:(\w+)/g, (_whole, name: string) => encodeURIComponent(marks.on(values[name] ?? 'x')));
  const about = new URLSearchParams({ jail: marks.on('sshd'), id: marks.on(ID), file: marks.on('fail2ban.log') }).toString();
  const queries = QUERIES.map((names) => new URLSearchParams(Object.fromEntries(names.map((name) => [name, marks.on(name)]))).toString());
  return [about, ...(withQueries ? queries : [])].map((query) => `${filled}?${query}`);
}

const pages = allRoutes(testWeb().app).filter(({ kind, pattern }) => kind === 'page' && !/export|download/.test(pattern));
const PLACES = [
  ['behind every text', BEHIND],
  ['at the beginning of every text', BEFORE],
] as const;

describe.each(PLACES)('hostile text %s', (_where, marks) => {
  it('stays text on every page', async () => {
    const web = await fullWeb(marks);
    await serve(web);
    await page.goto(`${base}/login?token=${TOKEN}`);
    await page.waitForURL(`${base}/`);
    const wrong: string[] = [];
    let hostile = 0;
    const look = async (what: string): Promise<void> => {
      await page.waitForLoadState('load');
      if ((await page.content()).includes('window.hacked')) hostile += 1;
      wrong.push(...(await findings()).map((one) => `${what}: ${one}`));
    };
    for (const route of pages.filter(({ method }) => method === 'get'))
      for (const to of pathsOf(route, marks, marks === BEHIND)) {
        await page.goto(base + to);
        await look(to.slice(0, 60));
      }
    web.control.failure = new AppError('SERVER_NOT_RUNNING', marks.on('no server'));
    for (const to of ['/', '/bans', `/${encodeURIComponent(MARKS)}`]) {
      await page.goto(base + to);
      await look(`silent ${to.slice(0, 20)}`);
    }
    expect(wrong).toEqual([]);
    // All that show a thing show its texts.
    expect(hostile).toBeGreaterThan(20);
  }, 300_000);

  it("stays text in the panel, where no policy of ours holds, only the templates' escaping", async () => {
    const web = await fullWeb(marks, SECRET);
    base = 'about:blank';
    const wrong: string[] = [];
    for (const route of pages.filter(({ method, pattern }) => method === 'get' && pattern !== '/login'))
      for (const to of pathsOf(route, marks, true)) {
        const { text } = await send(web.app, to);
        await page.setContent(`<!doctype html><title>Plesk</title>${text}`);
        // The panel's own files are not there.
        requests.splice(0, requests.length, ...requests.filter((url) => !url.includes(FRAME) && !url.includes(PANEL.assets)));
        wrong.push(...(await findings()).map((one) => `${to.slice(0, 60)}: ${one}`));
      }
    expect(wrong).toEqual([]);
  }, 300_000);
});

it('hostile text stays text in what is answered to forms', async () => {
  const web = await fullWeb(BEHIND);
  await serve(web);
  await page.goto(`${base}/login?token=${TOKEN}`);
  await page.waitForURL(`${base}/`);
  const wrong: string[] = [];
  const csrf = await page.inputValue('input[name=_csrf] >> nth=0');
  const submit = async (to: string, fields: Readonly<Record<string, string>>): Promise<void> => {
    await Promise.all([
      page.waitForEvent('domcontentloaded'),
      page.evaluate(
        `(([to, fields]) => {
            const form = document.createElement('form');
            form.method = 'post';
            form.action = to;
            for (const [name, value] of fields) form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
            document.body.append(form);
            form.submit();
          })(${JSON.stringify([to, Object.entries({ ...fields, _csrf: csrf })])})`,
      ),
    ]);
    await page.waitForLoadState('load');
    wrong.push(...(await findings()).map((one) => `${to.slice(0, 60)}: ${one}`));
  };
  const asked = Object.fromEntries(Object.entries(WHOLE_FORM).filter(([name]) => name !== 'confirmed'));
  const hostileForm = Object.fromEntries(Object.entries(asked).map(([name, value]) => [name, BEHIND.on(value)]));
  for (const route of pages.filter(({ method, pattern }) => method === 'post' && !/^\/log(in|out)$/.test(pattern))) {
    const to = pathsOf(route, BEHIND)[0]?.split('?')[0] ?? '';
    await submit(to, { ...asked, lines: 'a line' });
    await submit(to, { ...hostileForm, lines: 'a line' });
    if (to.startsWith('/jails/')) await submit(to, { ...hostileForm, preview: '1' });
    web.config.refusal = { message: BEHIND.on('no'), problems: [{ ...WRONG, message: BEHIND.on('wrong'), option: 'bantime' }] };
    await submit(to, { ...hostileForm, confirmed: 'yes' });
    web.config.refusal = null;
  }
  expect(wrong).toEqual([]);
}, 600_000);

/** Without what leads away from the page. */
const STAYING = MARKS.replace(/<meta[^>]*>/, '');

it('what is looked for is found on a page that escapes nothing', async () => {
  await serve(testWeb());
  const policy = "default-src 'none'; script-src 'self'";
  await page.route(`${base}/bad`, (route) =>
    route.fulfill({ contentType: 'text/html', headers: { 'Content-Security-Policy': policy }, body: `<p title="${STAYING}">${STAYING}` }),
  );
  await page.goto(`${base}/bad`, { waitUntil: 'domcontentloaded' });
  const found = (await findings()).join('\n');
  for (const what of ['the policy refused', 'a handler', 'an element', 'a script']) expect(found).toContain(what);
});
