/** The pages through the panel's PHP, in a browser on the stand-in host: an administrator at work; customers, resellers and strangers at the door. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { until } from '../support/two-servers';
import { isRoot, where } from '../support/where';
import { attackDoor, prepareDoor } from './host/door';
import { PANEL, StandInHost } from './host/host';
import { packages } from './host/packages';
import { ask, PanelBrowser, post } from './host/panel-browser';

const MINUTES = 60_000;
const CONFIG = '/etc/bailiff/config';
const ENTRY = `${PANEL}/modules/bailiff/index.php`;
const UI = `${ENTRY}/ui`;
const STRANGER = '192.0.2.10';
const RANGE = '198.51.100.0/24';
const OFFICE = '203.0.113.0/24';

jest.setTimeout(2 * MINUTES);
const onHost = where(isRoot, describe);

onHost('the pages in the panel', () => {
  let host: StandInHost;
  let browser: PanelBrowser;
  let page: Page;

  beforeAll(async () => {
    const { release } = packages();
    host = await StandInHost.start({ stock: false });
    prepareDoor(host, CONFIG);
    host.plesk('install', release);
    await host.startPanel();
    browser = await PanelBrowser.start(host);
    page = await browser.logIn();
  }, 12 * MINUTES);
  afterAll(async () => {
    await browser.stop();
    await host.stop();
  }, MINUTES);
  afterEach(() => {
    expect(browser.complained()).toEqual([]);
    expect(host.kept('panel-log')).toEqual([]);
  });

  const open = (path: string): Promise<unknown> => page.goto(UI + path);
  const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).first().click();
  const notice = (): Promise<string> => page.locator('[role=status]').first().innerText();
  const content = (): Promise<string> => page.locator('main').innerText();

  describe('the administrator', () => {
    it.each([
      ['/admin/tools-settings', 'securityButtons'],
      ['/admin/home', 'server_management'],
      ['/smb/power-user', 'custom_buttons'],
    ])('finds the button on %s', async (place, section) => {
      await page.goto(PANEL + place);
      const button = page.locator(`a.tool[data-section="${section}"]`);
      expect(await button.innerText()).toBe('IP Address Banning (Bailiff)');
      await button.click();
      await page.waitForURL((url) => url.href.startsWith(ENTRY));
      expect(await page.locator('#page-title').innerText()).toBe('Overview');
    });

    it('sees the pages in the panel’s own frame, with its tabs and a way up', async () => {
      await open('/jails/door');
      expect(await page.title()).toBe('door - Plesk');
      expect(await page.locator('#user').innerText()).toBe('admin');
      expect(await page.locator('ul.tabs li.active').innerText()).toBe('Jails');
      expect(await page.getByRole('link', { name: 'Up', exact: true }).getAttribute('href')).toBe('/modules/bailiff/index.php/ui/jails');
      expect(await page.locator('main .bailiff-panel').count()).toBe(1);
      await page.locator('ul.tabs').getByRole('link', { name: 'Trusted IP Addresses' }).click();
      expect(await page.locator('#page-title').innerText()).toBe('Trusted IP Addresses');
    });

    it('1. sees why an address was banned, and lets it go', async () => {
      attackDoor(host, 'mallory', STRANGER);
      await until('it is in the firewall', () => host.inFirewall(STRANGER));
      await open('/bans');
      await page.getByRole('link', { name: `Why ${STRANGER} is banned in door` }).click();
      await page.locator('mark').first().waitFor();
      expect(await content()).toContain('mallory');
      expect(await content()).toContain('/var/log/door.log');
      await open('/bans');
      await press(`Unban ${STRANGER} in door`);
      expect(await notice()).toContain(`${STRANGER} is no longer banned in door.`);
      expect(host.inFirewall(STRANGER)).toBe(false);
    });

    it('2. trusts an office with a note', async () => {
      await open('/trusted');
      await page.getByRole('link', { name: 'Add trusted addresses' }).click();
      await page.getByLabel('Addresses, ranges or host names').fill(OFFICE);
      await page.getByLabel('Note').fill('The office in Graz');
      await press('Add trusted addresses');
      expect(await notice()).toContain(`${OFFICE} is trusted.`);
      expect(await content()).toContain('The office in Graz');
      attackDoor(host, 'clerk', '203.0.113.7');
      attackDoor(host, 'mallory', '192.0.2.11');
      await until('the other is banned', () => host.banned().includes('192.0.2.11'));
      expect(host.banned()).toEqual(['192.0.2.11']);
    });

    it('3. bans a range for a week', async () => {
      await open('/bans');
      await page.getByRole('link', { name: 'Ban addresses' }).click();
      await page.getByLabel('Addresses or ranges').fill(RANGE);
      await page.getByLabel('Ban period').fill('1w');
      await page.getByLabel('Reason').fill('scans us since Monday');
      await press('Ban addresses');
      expect(await notice()).toContain(RANGE);
      expect(host.banned()).toContain(RANGE);
      await until('it is in the firewall', () => host.inFirewall('198.51.100.0'));
    });

    it('4. changes the ban period', async () => {
      await open('/settings');
      await page.getByLabel('IP address ban period').fill('2h');
      await press('Save');
      expect(await notice()).toContain('saved');
      expect(host.read(`${CONFIG}/jail.local`)).toMatch(/^bantime = 2h$/m);
      expect(host.must('bailiff', 'info')).toContain('7200');
      expect(host.banned()).toEqual(['192.0.2.11', RANGE]);
    });

    it('5. takes the list away as a file', async () => {
      await open('/bans');
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV', exact: true }).click()]);
      expect(file.suggestedFilename()).toMatch(/\.csv$/);
      const text = readFileSync(await file.path(), 'utf8');
      expect(text).toContain('192.0.2.11');
      expect(text).toContain(RANGE);
    });

    it('finds what was done in the panel’s action log', async () => {
      await page.goto(`${PANEL}/admin/action-log`);
      const rows = (await page.locator('#action-log tr').allInnerTexts()).map((row) => row.replace(/\s+/g, ' '));
      const told = (title: string, ...parts: readonly string[]): boolean =>
        rows.some((row) => row.startsWith(`${title} admin `) && parts.every((part) => row.includes(part)));
      expect([
        told('IP address bans changed', STRANGER, '"Result":"done"'),
        told('Trusted IP addresses changed', OFFICE),
        told('IP address bans changed', RANGE),
        told('Settings of IP address banning changed', 'bantime'),
      ]).toEqual([true, true, true, true]);
      expect(host.kept('action-log')).toContainEqual(
        expect.objectContaining({
          event: 'ext_bailiff_trusted',
          new: expect.objectContaining({ User: 'admin', Subject: OFFICE }) as unknown,
        }),
      );
    });

    it('sees bans on the panel’s home', async () => {
      await page.goto(`${PANEL}/admin/home`);
      const block = page.locator('#block-bailiff');
      expect(await block.innerText()).toMatch(/Bans in 24 hours: [3-9]\s+Banned now: 2/);
      expect(await block.locator('svg rect').count()).toBe(24);
    });

    it('reads German when the panel speaks it', async () => {
      const german = await browser.logIn({ locale: 'de-DE' });
      await german.goto(`${UI}/bans`);
      expect(await german.locator('#page-title').innerText()).toBe('Gesperrte IP-Adressen');
      await german.goto(`${PANEL}/admin/tools-settings`);
      expect(await german.locator('a.tool').innerText()).toBe('Sperren von IP-Adressen (Bailiff)');
      await german.context().close();
    });

    it('is told when the pages are down, and starts them again', async () => {
      host.must('systemctl', 'stop', 'bailiff-web');
      const answer = await page.goto(`${UI}/bans`);
      expect(answer?.status()).toBe(503);
      expect(browser.complained()).toHaveLength(1);
      expect(await page.locator('#page-title').innerText()).toBe('The Bailiff service does not answer');
      expect(await page.locator('.bailiff-journal').innerText()).toMatch(/bailiff-web/);
      expect(host.inFirewall('192.0.2.11')).toBe(true);
      await page.goto(`${PANEL}/admin/home`);
      expect(await page.locator('#block-bailiff').innerText()).toContain('The Bailiff service does not answer');
      await page.goto(`${UI}/bans`).then(() => browser.complained());
      await press('Start');
      await until('the pages answer', async () => (await page.goto(UI))?.status() === 200 || (browser.complained(), false));
      expect(host.systemctl('is-active', 'bailiff-web', '--quiet').code).toBe(0);
      expect(await page.locator('.msg-info').count()).toBeLessThan(2);
    });
  });

  describe('nobody else comes in', () => {
    const PLACES = ['', '/ui', '/ui/bans', '/ui/settings', '/ui/bans/export.csv', '/service/start'];

    it.each([
      ['a customer', { as: 'customer' }],
      ['a reseller', { as: 'reseller' }],
      ['an administrator in a customer’s place', { as: 'admin', asCustomer: true }],
    ] as const)('%s sees no button and no page', async (_, who) => {
      const other = await browser.logIn(who);
      for (const place of ['/admin/home', '/admin/tools-settings', '/smb/power-user']) {
        await other.goto(PANEL + place);
        expect(await other.locator('a.tool').count()).toBe(0);
        expect(await other.locator('#block-bailiff').count()).toBe(0);
      }
      await other.goto(`${PANEL}/admin/home`);
      const token = (await other.locator('#forgery_protection_token').getAttribute('content')) ?? '';
      const before = host.banned();
      for (const place of PLACES) {
        for (const method of ['get', 'post'] as const) {
          const form = { jail: 'door', id: before[0] ?? '', forgery_protection_token: token };
          const answer = await (method === 'post' ? post(other, ENTRY + place, form) : ask(other, ENTRY + place));
          expect([place, method, answer.status >= 400]).toEqual([place, method, true]);
          expect(answer.text).not.toContain('192.0.2.11');
        }
      }
      expect(host.banned()).toEqual(before);
      await other.context().close();
      browser.complained();
      host.forget('panel-log');
    });

    it('a stranger is sent to the log-in', async () => {
      const stranger = await browser.nobody();
      for (const place of PLACES) {
        await stranger.goto(ENTRY + place);
        expect(stranger.url()).toBe(`${PANEL}/login_up.php`);
      }
      await stranger.context().close();
    });

    it('a form from another site does nothing', async () => {
      await open('/bans');
      const csrf = (await page.locator('input[name="_csrf"]').first().getAttribute('value')) ?? '';
      const form = { jail: 'door', id: '192.0.2.11', _csrf: csrf };
      expect((await post(page, `${UI}/bans/unban`, form)).status).toBe(500);
      const token = (await page.locator('#forgery_protection_token').getAttribute('content')) ?? '';
      expect((await post(page, `${UI}/bans/unban`, { ...form, _csrf: '', forgery_protection_token: token })).status).toBe(403);
      expect(host.banned()).toContain('192.0.2.11');
      expect(host.kept('panel-log')).toEqual([['ERR', 'Forgery protection token check failed']]);
      browser.complained();
      host.forget('panel-log');
    });
  });
});
