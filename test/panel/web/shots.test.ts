import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';
import { TinyControl } from '../../support/control';
import { testWeb, TOKEN } from '../../support/web';
it('shots', async () => {
  const now = Date.now() / 1000;
  const events = [] as any[];
  for (let i = 0; i < 600; i++)
    events.push({
      time: now - Math.random() * 86400,
      jail: ['ssh', 'plesk-panel', 'plesk-dovecot', 'plesk-wordpress'][i % 4],
      kind: i % 5 === 0 ? 'ban' : 'found',
      id: `198.51.100.${i % 40}`,
      country: ['DE', 'US', 'CN', 'FR'][i % 4],
      asn: 64500,
    });
  const bans = Array.from({ length: 12 }, (_, i) => ({
    jail: ['ssh', 'plesk-panel'][i % 2]!,
    id: `198.51.100.${i}`,
    time: now - i * 300,
    bantime: i === 3 ? -1 : 3600,
  }));
  const control = new TinyControl(
    [
      { name: 'ssh', files: ['/var/log/auth.log'], failed: 3 },
      { name: 'plesk-panel', files: ['/var/log/plesk/panel.log'] },
      { name: 'manual' },
    ],
    bans,
  );
  const line = 'Nov 25 22:00:01 host sshd[1]: Failed password for root from 198.51.100.7 port 22 ssh2';
  const reasons = {
    '198.51.100.7': {
      time: now,
      failures: 5,
      users: ['root', 'admin'],
      files: ['/var/log/auth.log'],
      lines: [
        {
          text: line,
          spans: [
            { from: 0, length: 15, what: 'date' as const },
            { from: 50, length: 4, what: 'user' as const },
            { from: 60, length: 12, what: 'address' as const },
          ],
          failregex: '^Failed \\S+ for <F-USER>.*</F-USER> from <HOST>',
          user: 'root',
        },
      ],
    },
  };
  const web = testWeb({
    control,
    events,
    startAt: now,
    reasons,
    health: [{ kind: 'unreadable-log', severity: 'error', jail: 'plesk-panel', detail: '/var/log/plesk/panel.log', since: now - 600 }],
  });
  const server = web.app.listen(0, '127.0.0.1');
  await new Promise((r) => server.once('listening', r));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  await page.goto(`${base}/login?token=${TOKEN}`);
  await page.waitForURL(`${base}/`);
  const paths: Record<string, string> = {
    overview: '/',
    bans: '/bans',
    ban: '/bans/new',
    reason: '/bans/reason?jail=plesk-panel&id=198.51.100.7',
    address: '/address/198.51.100.7',
    trusted: '/trusted',
    jails: '/jails',
    jail: '/jails/ssh',
    filter: '/filters/sshd',
    settings: '/settings',
    logs: '/logs',
  };
  for (const [name, path] of Object.entries(paths)) {
    await page.goto(base + path);
    await page.screenshot({ path: `/tmp/shots/${name}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: 360, height: 740 });
  for (const name of ['overview', 'bans', 'jail']) {
    await page.goto(base + paths[name]!);
    await page.screenshot({ path: `/tmp/shots/${name}-small.png`, fullPage: true });
  }
  await browser.close();
  server.closeAllConnections();
  server.close();
}, 300000);
