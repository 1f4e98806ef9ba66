/** The pages in Chromium: axe without findings, nothing wider than the screen, live without reloading, the link that logs in by itself. */
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { AppError } from '../../../src/base/errors';
import { CHROMIUM } from '../../support/chromium';
import { temporaryFolder } from '../../support/folder';
import { TinyControl } from '../../support/control';
import { type TestWeb, testWeb, TOKEN } from '../../support/web';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const LONG = '2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff';

interface Finding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

let browser: Browser;
let context: BrowserContext;
let page: Page;
let web: TestWeb;
let server: Server;
let base: string;
const complaints: string[] = [];

beforeAll(async () => {
  browser = await chromium.launch(CHROMIUM);
});

const folder = temporaryFolder('bailiff-browser-');
afterAll(async () => {
  await browser.close();
  folder.remove();
});

beforeEach(async () => {
  const now = Date.now() / 1000;
  const problem = { severity: 'error' as const, file: '/etc/fail2ban/jail.d/very-long-name.local', line: 12, message: 'x'.repeat(80) };
  const jails = [
    { name: 'ssh', files: ['/var/log/auth.log'] },
    { name: 'plesk-wordpress-of-a-long-name', files: [`/var/www/${'a'.repeat(70)}`], problems: [problem] },
  ];
  const bans = [
    { jail: 'ssh', id: LONG, time: now - 50, bantime: 600 },
    { jail: 'plesk-wordpress-of-a-long-name', id: '198.51.100.7', time: now - 500, bantime: -1 },
  ];
  const events = [
    { time: now - 60, jail: 'ssh', kind: 'found' as const, id: LONG },
    { time: now - 50, jail: 'ssh', kind: 'ban' as const, id: LONG },
    { time: now - 9000, jail: 'ssh', kind: 'unban' as const, id: '203.0.113.9' },
  ];
  web = testWeb({ control: new TinyControl(jails, bans), events, startAt: now, held: path.join(folder.path, `${now}.json`) });
  server = web.app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  context = await browser.newContext({ bypassCSP: false });
  page = await context.newPage();
  page.setDefaultTimeout(15_000);
  complaints.length = 0;
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
});

afterEach(async () => {
  await context.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function logIn(): Promise<void> {
  await page.goto(`${base}/login?token=${TOKEN}`);
  await page.waitForURL(`${base}/`);
}

/** Findings of axe, as `rule: element`. */
async function axe(): Promise<string[]> {
  const found = (await page.evaluate(
    `${AXE}; axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations)`,
  )) as Finding[];
  return found.flatMap((finding) => finding.nodes.map((node) => `${finding.id}: ${node.html.slice(0, 120)}`));
}

async function look(path: string): Promise<{ findings: string[]; tooWide: boolean }> {
  await page.goto(base + path);
  await page.waitForLoadState('load');
  const tooWide = (await page.evaluate('document.documentElement.scrollWidth > window.innerWidth')) as boolean;
  return { findings: await axe(), tooWide };
}

/** Every page that can be looked at. */
const PATHS = [
  '/',
  '/?period=30d',
  '/bans',
  '/bans/new',
  `/bans/reason?jail=ssh&id=${encodeURIComponent(LONG)}`,
  `/address/${encodeURIComponent(LONG)}`,
  '/trusted',
  '/trusted/new',
  '/jails',
  '/jails/new',
  '/jails/ssh',
  '/jails/ssh/raw',
  '/filters?show=all',
  '/filters/new',
  '/filters/sshd',
  '/actions',
  '/actions/new',
  '/logs',
  '/settings',
  '/settings/states',
  '/settings/tokens',
  '/settings/import',
  '/audit',
  '/nowhere',
];

const SIZES = [
  ['360', { width: 360, height: 740 }],
  ['1280', { width: 1280, height: 900 }],
] as const;

describe.each(SIZES)('on a screen %s wide', (_name, size) => {
  it('every page is without findings of axe and fits', async () => {
    await page.setViewportSize(size);
    const seen: Record<string, { findings: string[]; tooWide: boolean }> = { '/login': await look('/login') };
    await logIn();
    for (const path of PATHS) seen[path] = await look(path);
    web.control.failure = new AppError('SERVER_NOT_RUNNING', `no server answers on ${'/x'.repeat(60)}`);
    for (const path of ['/', '/bans']) seen[`silent ${path}`] = await look(path);
    const fine = Object.fromEntries(Object.keys(seen).map((path) => [path, { findings: [], tooWide: false }]));
    expect(seen).toEqual(fine);
    expect(complaints.filter((text) => !/status of (404|503)/.test(text))).toEqual([]);
  }, 300_000);
});

describe('the one-time link', () => {
  it('logs in by itself where scripts run', async () => {
    await logIn();
    expect(await page.textContent('h1')).toBe('Overview');
    expect(complaints).toEqual([]);
  });

  it('logs in by its button where they do not, and a ban can be lifted there too', async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false });
    const quiet = await plain.newPage();
    quiet.setDefaultTimeout(15_000);
    await quiet.goto(`${base}/login?token=${TOKEN}`);
    await quiet.click('button[type=submit]');
    await quiet.click('text=Banned IP Addresses');
    await quiet.click(`button[aria-label="Unban ${LONG} in ssh"]`);
    expect(await quiet.textContent('[role=status]')).toBe(`${LONG} is no longer banned in ssh.`);
    await plain.close();
  });
});

describe('an edit that could cut off its author', () => {
  it('is kept by the page itself, some seconds later, and nothing that is typed is lost', async () => {
    await logIn();
    await page.goto(`${base}/jails/ssh`);
    await page.fill('#field-maxretry', '3');
    await page.click('form.bailiff-form button[type=submit]:has-text("Save")');
    await page.waitForSelector('[data-still-here]');
    web.now += 9;
    await page.goto(`${base}/bans/new`);
    web.now += 1;
    await page.fill('#field-ids', '192.0.2.1');
    await page.waitForSelector('[data-still-here]', { state: 'detached' });
    expect(web.rooms.handle?.waiting()).toBeNull();
    expect(await page.inputValue('#field-ids')).toBe('192.0.2.1');
    expect(complaints).toEqual([]);
  });
});

describe('a page that is looked at', () => {
  it('shows new bans without being reloaded, and keeps the keyboard where it was', async () => {
    await logIn();
    await page.goto(`${base}/bans`);
    await page.focus(`button[aria-label="Unban ${LONG} in ssh"]`);
    await page.evaluate('window.notReloaded = true');
    await web.control.ban('ssh', ['192.0.2.99']);
    await page.waitForSelector('text=192.0.2.99', { timeout: 10_000 });
    expect(await page.evaluate('window.notReloaded')).toBe(true);
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe(`Unban ${LONG} in ssh`);
  });

  it('comes back by itself when a silent engine answers again', async () => {
    await logIn();
    web.control.failure = new AppError('SERVER_NOT_RUNNING', 'gone');
    await page.goto(`${base}/bans`);
    expect(await page.textContent('h1')).toBe('The engine does not answer');
    web.control.failure = null;
    await page.waitForSelector(`text=${LONG}`, { timeout: 10_000 });
  });

  it('can be used by keyboard alone, with the focus to be seen', async () => {
    await logIn();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${base}/bans`);
    expect(await page.textContent('h1')).toBe('Banned IP Addresses');
  });
});
