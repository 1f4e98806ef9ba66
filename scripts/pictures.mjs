// `npm run pictures`: makes the extension's icons from its mark and its screenshots from the real pages of the demo, with Chromium. To be run when pages have changed; the files are kept in plesk-ext/_meta.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { build, install, root } from './setup.mjs';

const META = path.join(root, 'plesk-ext/_meta');
const ICONS = [32, 64, 128, 160];
/** What the catalogue shows; exactly this size. */
const SCREEN = { width: 1024, height: 768 };
const SHOTS = ['/', '/bans', '/jails'];
const PORT = 8799;
/** Seconds of attacks before the pictures are taken. */
const PLAY = 45;

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
    await sleep(PLAY * 1000);
    const page = await browser.newPage({ viewport: SCREEN, locale: 'en-US' });
    await page.goto(link);
    await page.waitForURL((url) => url.pathname === '/');
    for (const [index, place] of SHOTS.entries()) {
      await page.goto(new URL(place, link).href);
      await page.screenshot({ path: path.join(META, `screenshots/${index + 1}.png`) });
    }
  } finally {
    demo.kill();
    await once(demo, 'exit');
    rmSync(home, { recursive: true, force: true });
  }
}

install();
build();
for (const folder of ['icons', 'screenshots']) mkdirSync(path.join(META, folder), { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
try {
  await icons(browser);
  await screenshots(browser);
} finally {
  await browser.close();
}
