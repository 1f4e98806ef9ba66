// `npm run pictures`: pictures of all pages of the demo for docs/screenshots, and the extension's icons and screenshots for plesk-ext/_meta, with Chromium. To be run, and looked at, when pages have changed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { build, install, root } from './setup.mjs';

const META = path.join(root, 'plesk-ext/_meta');
const DOCS = path.join(root, 'docs/screenshots');
const ICONS = [32, 64, 128, 160];
/** What the catalogue shows; exactly this size. */
const CATALOGUE = { width: 1024, height: 768 };
const SHOTS = ['/', '/bans', '/jails'];
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };
const PORT = 8799;
/** Seconds of attacks before the pictures are taken. */
const PLAY = 45;

/** Every page by the name of its picture; ADDRESS and STATE are filled in. */
const PAGES = {
  overview: '/',
  bans: '/bans',
  ban: '/bans/new',
  address: '/address/ADDRESS',
  trusted: '/trusted',
  jails: '/jails',
  jail: '/jails/ssh',
  'jail-raw': '/jails/ssh/raw',
  'jail-new': '/jails/new?copy=ssh',
  filters: '/filters',
  filter: '/filters/plesk-wordpress',
  actions: '/actions',
  action: '/actions/nftables',
  logs: '/logs',
  settings: '/settings',
  states: '/settings/states',
  state: 'STATE',
  tokens: '/settings/tokens',
  import: '/settings/import',
  audit: '/audit',
};
const ON_THE_PHONE = ['overview', 'bans', 'jail'];

async function icons(browser) {
  const mark = readFileSync(path.join(root, 'htdocs/images/bailiff.svg')).toString('base64');
  for (const size of ICONS) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(
      `<style>body{margin:0}img{display:block}</style><img width="${size}" height="${size}" src="data:image/svg+xml;base64,${mark}">`,
    );
    await page.screenshot({ path: path.join(META, `icons/${size}x${size}.png`), omitBackground: true });
    await page.close();
  }
}

/** Does what an administrator does in the first days, so that no page is empty. */
async function work(page, at) {
  await page.goto(at('/trusted/new'));
  await page.fill('#field-entries', '203.0.113.0/28 # office in Graz\n2001:db8:17::/48 # branch in Lyon\n192.0.2.250 # monitoring');
  await page.click('main form.bailiff-form button[type=submit]');
  await page.waitForURL(at('/trusted'));
  await page.goto(at('/settings'));
  await page.fill('#field-bantime', '1h');
  await page.click('main form.bailiff-form button[type=submit]');
  await page.waitForURL(at('/settings'));
}

async function pagesOf(page, at) {
  await page.goto(at('/bans'));
  const address = await page.locator('tbody .bailiff-address').first().innerText();
  await page.goto(at('/settings/states'));
  const state = await page.locator('tbody a').nth(1).getAttribute('href');
  for (const [name, place] of Object.entries(PAGES)) {
    const where = at(place.replace('ADDRESS', address).replace('STATE', state));
    await page.setViewportSize(DESKTOP);
    await page.goto(where);
    await page.screenshot({ path: path.join(DOCS, `${name}.png`) });
    if (!ON_THE_PHONE.includes(name)) continue;
    await page.setViewportSize(PHONE);
    await page.screenshot({ path: path.join(DOCS, `${name}-phone.png`) });
  }
  // Two that answer a form.
  await page.setViewportSize(DESKTOP);
  await page.goto(at('/jails/ssh'));
  await page.click('button[name=preview]');
  await page.screenshot({ path: path.join(DOCS, 'preview.png') });
  await page.goto(at('/filters/plesk-wordpress'));
  await page.fill('#field-lines', '192.0.2.7 - - [26/Nov/2026:10:00:00 +0000] "POST /wp-login.php HTTP/1.1" 200 4711 "-" "-"');
  await page.click('button[formaction$="/test"]');
  await page.locator('.bailiff-lines--tested').scrollIntoViewIfNeeded();
  await page.screenshot({ path: path.join(DOCS, 'filter-tester.png') });
}

async function screenshots(browser) {
  const home = mkdtempSync(path.join(tmpdir(), 'bailiff-pictures-'));
  const env = { ...process.env, BAILIFF_HOME: path.join(home, 'home'), BAILIFF_PORT: String(PORT) };
  const demo = spawn(process.execPath, [path.join(root, 'dist/bin/bailiff.js'), 'start', '--demo'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    let said = '';
    demo.stdout.on('data', (chunk) => (said += chunk));
    while (!said.includes('ready: ')) await sleep(200);
    const link = /ready: (\S+)/.exec(said)[1];
    const at = (place) => new URL(place, link).href;
    await sleep(PLAY * 1000);
    const page = await browser.newPage({ viewport: CATALOGUE, locale: 'en-US' });
    await page.goto(link);
    await page.waitForURL((url) => url.pathname === '/');
    await work(page, at);
    await page.setViewportSize(CATALOGUE);
    for (const [index, place] of SHOTS.entries()) {
      await page.goto(at(place));
      await page.screenshot({ path: path.join(META, `screenshots/${index + 1}.png`) });
    }
    await pagesOf(page, at);
  } finally {
    demo.kill();
    await once(demo, 'exit');
    rmSync(home, { recursive: true, force: true });
  }
}

install();
build();
for (const folder of [path.join(META, 'icons'), path.join(META, 'screenshots'), DOCS]) mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
try {
  await icons(browser);
  await screenshots(browser);
} finally {
  await browser.close();
}
