/** The ten tasks of an administrator, each done in a browser over the stock daemon and over ours; what the server says afterwards decides. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { servedPanel, type ServedPanel } from '../support/served-panel';
import { CHROMIUM } from '../support/chromium';
import { KINDS, until } from '../support/two-servers';

const NOTE = [
  '[Definition]',
  'actionban = echo "ban <name> <ip>" >> FOLDER/acts',
  'actionunban = echo "unban <name> <ip>" >> FOLDER/acts',
  '[Init]',
  'name = none',
].join('\n');
const DEFAULTS = { backend: 'polling', banaction: 'note', banaction_allports: 'note', action: '%(banaction)s[name=%(__name__)s]' };
const SIX = ['mail-a', 'mail-b', 'mail-c', 'web-a', 'web-b', 'web-broken'];
const FILES = {
  'action.d/note.conf': `${NOTE}\n`,
  'filter.d/broken.conf': '[Definition]\nfailregex = ^(not closed <HOST>$\n',
  'jail.d/tasks.conf': [
    '[DEFAULT]',
    ...Object.entries(DEFAULTS).map(([key, value]) => `${key} = ${value}`),
    '[sshd]\nenabled = true\nlogpath = FOLDER/auth.log\nmaxretry = 3\n',
    ...SIX.map((name) => `[${name}]\nfilter = ${name === 'web-broken' ? 'broken' : 'sshd'}\nlogpath = FOLDER/auth.log\n`),
  ].join('\n'),
};
const WORDPRESS = '[Definition]\nfailregex = ^<HOST> \\S+ \\S+ \\[[^\\]]*\\] "POST /wp-login\\.php[^"]*" 200\n';
const RANGE = '198.51.100.0/24';
const WEEK = 7 * 86400;

jest.setTimeout(240_000);
let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch(CHROMIUM);
});
afterAll(() => browser.close());

/** A line of sshd, as of now. */
function failure(user: string, ip: string): string {
  const [, month = '', day = '', , time = ''] = /^\w+ (\w+) (\d+) (\d+) ([\d:]+)/.exec(new Date().toString()) ?? [];
  return `${month} ${String(Number(day)).padStart(2)} ${time} host sshd[123]: Failed password for invalid user ${user} from ${ip} port 4711 ssh2\n`;
}

describe.each(KINDS)('over %s', (kind) => {
  let panel: ServedPanel;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    panel = await servedPanel(kind, FILES, { 'auth.log': '', 'access.log': '' });
    page = await browser.newPage({ acceptDownloads: true });
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(`${message.location().url}: ${message.text()}`));
    await page.goto(panel.link);
    await page.waitForURL(`${panel.base}/`);
  });
  afterAll(async () => {
    await page.close();
    await panel.remove();
  });
  afterEach(() => expect(complaints.splice(0)).toEqual([]));

  const open = (path: string): Promise<unknown> => page.goto(panel.base + path);
  const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).first().click();
  const notice = (): Promise<string> => page.locator('[role=status]:not([data-still-here])').first().innerText();
  const attack = async (user: string, ip: string, jail = 'sshd'): Promise<void> => {
    appendFileSync(panel.at('auth.log'), failure(user, ip).repeat(3));
    await until(`${ip} is banned in ${jail}`, () => panel.control.isBanned(jail, ip));
  };

  it('1. sees why an address was banned, and lets it go', async () => {
    await attack('mallory', '192.0.2.10');
    // The stock server writes the lines of a ban down a while after the ban.
    await until(
      'the lines are there',
      async () => {
        await open('/bans');
        await page.getByRole('link', { name: 'Why 192.0.2.10 is banned in sshd' }).click();
        return page
          .locator('mark')
          .first()
          .waitFor({ timeout: 20_000 })
          .then(
            () => true,
            () => false,
          );
      },
      90,
    );
    expect(await page.locator('mark', { hasText: '192.0.2.10' }).count()).toBeGreaterThan(0);
    expect(await page.locator('main').innerText()).toContain('mallory');
    expect(await page.locator('main').innerText()).toContain(panel.at('auth.log'));
    await open('/bans');
    await press('Unban 192.0.2.10 in sshd');
    expect(await notice()).toContain('192.0.2.10 is no longer banned in sshd.');
    expect(await panel.control.isBanned('sshd', '192.0.2.10')).toBe(false);
    await until('the action has run', () => readFileSync(panel.at('acts'), 'utf8').includes('unban sshd 192.0.2.10'));
  });

  it('2. trusts an office with a note', async () => {
    await open('/trusted');
    await page.getByRole('link', { name: 'Add trusted addresses' }).click();
    await page.getByLabel('Addresses, ranges or host names').fill('203.0.113.0/24');
    await page.getByLabel('Note').fill('The office in Graz');
    await press('Add trusted addresses');
    expect(await notice()).toContain('203.0.113.0/24 is trusted.');
    expect(await page.locator('main').innerText()).toContain('The office in Graz');
    expect(await panel.control.get('sshd', 'ignoreip')).toContain('203.0.113.0/24');
    appendFileSync(panel.at('auth.log'), failure('clerk', '203.0.113.7').repeat(5));
    await attack('mallory', '192.0.2.11');
    expect(await panel.control.isBanned(null, '203.0.113.7')).toBe(false);
  });

  it('3. bans a range for a week, from all services', async () => {
    await open('/bans');
    await page.getByRole('link', { name: 'Ban addresses' }).click();
    await page.getByLabel('Addresses or ranges').fill(RANGE);
    await page.getByLabel('Ban period').fill('1w');
    await page.getByLabel('Reason').fill('scans us since Monday');
    await press('Ban addresses');
    expect(await notice()).toContain(RANGE);
    const ban = (await panel.control.banned()).find(({ id }) => id === RANGE);
    expect(ban?.bantime).toBe(WEEK);
    await open(`/bans?search=${encodeURIComponent(RANGE)}`);
    expect(await page.locator('main').innerText()).toContain(RANGE);
    await until('the action has run', () => readFileSync(panel.at('acts'), 'utf8').includes(RANGE));
  });

  it('4. adds a WordPress jail with a filter that was tried', async () => {
    await open('/filters/new');
    await page.getByLabel('Name').fill('my-wordpress');
    await page.getByLabel('Text', { exact: true }).fill(WORDPRESS);
    const line = `192.0.2.20 - - [${clfNow()}] "POST /wp-login.php HTTP/1.1" 200 1234`;
    await page.getByLabel('Or pasted lines').fill(`${line}\n${line.replace('POST', 'GET')}`);
    await press('Try');
    const facts = await page.locator('dl.bailiff-facts').innerText();
    expect(facts.replace(/\s+/g, ' ')).toContain('Lines 2 Failures 1 Ignored 0 Missed 1');
    await press('Show the changes');
    await press('Save');
    expect(await notice()).toContain('my-wordpress was saved');
    await open('/jails/new');
    await page.locator('#field-name').fill('my-wordpress');
    await page.getByLabel('Filter', { exact: true }).fill('my-wordpress');
    await page.getByLabel('Log paths').fill(panel.at('access.log'));
    await page.getByLabel('Failures before a ban').fill('2');
    await press('Add jail');
    expect(await notice()).toContain('my-wordpress was added.');
    await until('the jail runs', async () => (await panel.control.jails()).includes('my-wordpress'));
    appendFileSync(panel.at('access.log'), `${line}\n${line}\n`);
    await until('it bans', () => panel.control.isBanned('my-wordpress', '192.0.2.20'));
  });

  it('5. switches on six jails, one of which is broken', async () => {
    await open('/jails?show=all');
    for (const jail of SIX) await page.getByLabel(`Mark ${jail}`, { exact: true }).check();
    await press('Switch on');
    const told = await notice();
    expect(told).toContain('web-broken');
    expect(told).not.toContain('mail-a:');
    const running = await panel.control.jails();
    expect(SIX.filter((jail) => running.includes(jail))).toEqual(SIX.filter((jail) => jail !== 'web-broken'));
    expect(running).toContain('sshd');
  });

  it('6. changes the ban period', async () => {
    await open('/settings');
    await page.getByLabel('IP address ban period').fill('2h');
    await press('Save');
    expect(await notice()).toContain('saved');
    expect(await panel.control.get('sshd', 'bantime')).toBe(7200);
    expect(readFileSync(panel.at('config/jail.local'), 'utf8')).toMatch(/^bantime = 2h$/m);
    await open('/settings');
    expect(await page.getByLabel('IP address ban period').inputValue()).toBe('2h');
  });

  it('7. finds all bans of a user name', async () => {
    await attack('oscar', '192.0.2.31');
    await attack('oscar', '192.0.2.32');
    await open('/bans');
    await page.getByRole('searchbox').fill('user:oscar');
    await press('Show');
    await page.waitForURL(/search=user/);
    const rows = async (): Promise<string[]> => [...new Set(await page.locator('tbody .bailiff-address').allInnerTexts())].sort();
    await until('the lines are there', async () => {
      await page.reload();
      return (await rows()).length > 1;
    });
    expect(await rows()).toEqual(['192.0.2.31', '192.0.2.32']);
  });

  it('8. takes the list away as a file', async () => {
    await open('/bans');
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV', exact: true }).click()]);
    const text = readFileSync(await file.path(), 'utf8');
    expect(text).toContain('192.0.2.31');
    expect(text).toContain(RANGE);
    const [json] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'JSON', exact: true }).click()]);
    const bans = JSON.parse(readFileSync(await json.path(), 'utf8')) as { id?: string }[];
    expect(JSON.stringify(bans)).toContain(RANGE);
  });

  it('9. undoes an edit of before', async () => {
    await open('/settings/states');
    const row = page.locator('tbody tr', { hasText: 'bantime' }).first();
    const states = await page.locator('tbody tr').allInnerTexts();
    const at = states.findIndex((text) => text.includes('bantime'));
    expect(await row.count()).toBe(1);
    // The state before that edit.
    await page
      .locator('tbody tr')
      .nth(at + 1)
      .getByRole('link')
      .click();
    expect(await page.locator('main').innerText()).toContain('bantime = 2h');
    await press('Go back to this state');
    await press('Save');
    expect(await notice()).toContain('restored');
    expect(await panel.control.get('sshd', 'bantime')).toBe(600);
    expect(readFileSync(panel.at('config/jail.local'), 'utf8')).not.toMatch(/^bantime = 2h$/m);
    expect(await panel.control.isBanned('sshd', '192.0.2.31')).toBe(true);
  });

  it('10. switches the engine and back; the bans go with it', async () => {
    const idsOf = async (): Promise<string[]> => (await panel.control.banned()).map(({ jail, id }) => `${jail} ${id}`).sort();
    const before = await idsOf();
    const words = {
      stock: ['Switch to the Bailiff engine', 'Switch to Fail2Ban'],
      ours: ['Switch to Fail2Ban', 'Switch to the Bailiff engine'],
    };
    const engines = { stock: ['bailiff', 'fail2ban'], ours: ['fail2ban', 'bailiff'] } as const;
    for (const [at, word] of words[kind].entries()) {
      await open('/settings');
      await press(word);
      await page.getByRole('button', { name: 'Yes, go on', exact: true }).click({ timeout: 120_000 });
      await page.waitForURL(/settings$/, { timeout: 120_000 });
      expect(await notice()).toContain('The engine was switched');
      expect((await panel.control.info()).engine).toBe(engines[kind][at]);
      expect(await idsOf()).toEqual(before);
    }
    expect(existsSync(panel.at('config/jail.local'))).toBe(true);
  });
});

/** Now, as web servers write it. */
function clfNow(): string {
  const [, month = '', day = '', year = '', time = '', zone = ''] =
    /^\w+ (\w+) (\d+) (\d+) ([\d:]+) GMT([+-]\d+)/.exec(new Date().toString()) ?? [];
  return `${day}/${month}/${year}:${time} ${zone}`;
}
