/** A browser inside the stand-in host's own network, and a person who is logged in to its panel. */
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { CHROMIUM } from '../../support/chromium';
import { temporaryFolder } from '../../support/folder';
import { PANEL, type StandInHost } from './host';

export type Person = 'admin' | 'reseller' | 'customer';

export interface LogIn {
  readonly as?: Person;
  /** Plesk's name of the panel's language. */
  readonly locale?: string;
  /** An administrator who looks at the panel as a customer does. */
  readonly asCustomer?: boolean;
}

export class PanelBrowser {
  /** What browser and pages complained of since it was last asked. */
  private readonly complaints: string[] = [];

  private constructor(
    private readonly browser: Browser,
    private readonly folder: { readonly path: string; remove(): void },
  ) {}

  static async start(host: StandInHost): Promise<PanelBrowser> {
    const folder = temporaryFolder();
    const program = path.join(folder.path, 'chromium');
    writeFileSync(program, `#!/bin/sh\nexec nsenter --net='${host.network()}' '${CHROMIUM.executablePath}' "$@"\n`);
    chmodSync(program, 0o700);
    return new PanelBrowser(await chromium.launch({ ...CHROMIUM, executablePath: program }), folder);
  }

  /** A page of a person who has just logged in; it stands on the panel's home. */
  async logIn({ as = 'admin', locale = 'en-US', asCustomer = false }: LogIn = {}): Promise<Page> {
    const page = await this.nobody();
    await page.goto(`${PANEL}/login_up.php`);
    await page.locator('[name=login_name]').fill(as);
    await page.locator('[name=passwd]').fill(`password of ${as}`);
    await page.locator('[name=locale]').fill(locale);
    if (asCustomer) await page.locator('[name=as_customer]').check();
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.waitForURL(`${PANEL}/admin/home`);
    return page;
  }

  /** A page of somebody who is not logged in. */
  async nobody(): Promise<Page> {
    const context = await this.browser.newContext({ acceptDownloads: true });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && this.complaints.push(`${message.location().url}: ${message.text()}`));
    return page;
  }

  complained(): readonly string[] {
    return this.complaints.splice(0);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    this.folder.remove();
  }
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Asks from within a page, with the cookies of whoever is logged in there. */
export function ask(
  page: Page,
  url: string,
  { method = 'GET', headers = {}, body }: Asked = {},
): Promise<{ status: number; text: string }> {
  return page.evaluate(
    async (asked) => {
      const answer = await fetch(asked.url, {
        method: asked.method,
        headers: asked.headers,
        ...(asked.body === null ? {} : { body: asked.body }),
      });
      return { status: answer.status, text: await answer.text() };
    },
    { url, method, headers: { ...headers }, body: body ?? null },
  );
}

/** Asks with a form. */
export function post(
  page: Page,
  url: string,
  form: Readonly<Record<string, string>>,
  headers: Asked['headers'] = {},
): ReturnType<typeof ask> {
  const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
  return ask(page, url, { method: 'POST', headers: { ...type, ...headers }, body: new URLSearchParams(form).toString() });
}
