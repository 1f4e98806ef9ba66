/** A server for tests of the extension: a machine of its own on which the stand-in panel is set up. */
import type { ChildProcess } from 'node:child_process';
import { cpSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Machine, type Outcome } from './machine';

const HERE = path.resolve(__dirname, '..');
const PROJECT = path.resolve(HERE, '../..');
const PSA = '/usr/local/psa';
/** The panel's command, by whose name documents call it. */
const PLESK = `#!/bin/sh\nexec php ${PSA}/stand-in/panel/plesk.php "$@"\n`;
/** What fail2ban's package brings, and what it leaves. */
const STOCK = ['/etc/fail2ban', '/lib/systemd/system/fail2ban.service'];
const STOCK_DATA = ['/var/lib/fail2ban', '/var/log/fail2ban.log'];
export const PANEL_PORT = 8443;
export const PANEL = `http://127.0.0.1:${PANEL_PORT}`;

export class StandInHost extends Machine {
  private panel: ChildProcess | null = null;

  /** Starts the machine, with the stock fail2ban or as if it had never been installed. */
  static async start({ stock }: { readonly stock: boolean }): Promise<StandInHost> {
    const host = new StandInHost();
    try {
      host.prepare(stock);
      await host.boot();
      return host;
    } catch (error) {
      await host.stop();
      throw error;
    }
  }

  /** What the stand-in panel keeps: `action-log`, `notifications`, `panel-log` … */
  kept(name: string): unknown[] {
    const file = `${PSA}/var/stand-in/${name}.json`;
    return this.exists(file) ? (Object.values(JSON.parse(this.read(file)) as object) as unknown[]) : [];
  }

  /** Empties one of those lists. */
  forget(name: string): void {
    this.run('rm', '-f', `${PSA}/var/stand-in/${name}.json`);
  }

  asUser(user: string, ...words: readonly string[]): Outcome {
    return this.run('runuser', '-u', user, '--', ...words);
  }

  /** The panel's command. A package is brought to the machine first: it need not see where it lies on this one. */
  plesk(...words: readonly string[]): Outcome {
    return this.run('plesk', ...words.map((word) => (word.endsWith('.zip') ? this.brought(word) : word)));
  }

  /** Who is banned now, in order; nobody while no server answers. */
  banned(): readonly string[] {
    const answer = this.run('bailiff', 'banned', '--json');
    return answer.code === 0 ? (JSON.parse(answer.out) as { id: string }[]).map((ban) => ban.id).sort() : [];
  }

  /** Whether the firewall knows an address. */
  inFirewall(address: string): boolean {
    return this.run('nft', 'list', 'ruleset').out.includes(address);
  }

  systemctl(...words: readonly string[]): Outcome {
    return this.run('systemctl', ...words);
  }

  /** Every file and link below the folders that an extension could leave something in. */
  files(): readonly string[] {
    const places = ['/etc', '/opt', '/usr/local', '/var/lib/bailiff', '/var/lib/fail2ban', '/run/bailiff'];
    return this.run('find', ...places, '-not', '-path', `${PSA}/var/stand-in*`, '-not', '-type', 'd')
      .out.split('\n')
      .sort();
  }

  /** The panel's own web server, as the panel's user. */
  async startPanel(): Promise<void> {
    const server = ['php', '-d', 'log_errors=0', '-S', `127.0.0.1:${PANEL_PORT}`, `${PSA}/stand-in/panel/router.php`];
    this.panel = this.spawn('env', 'PHP_CLI_SERVER_WORKERS=4', 'runuser', '-u', 'psaadm', '--', ...server);
    for (let tries = 0; this.run('curl', '-s', '-o', '/dev/null', `${PANEL}/login_up.php`).code !== 0; tries++) {
      if (tries === 50) throw new Error('the stand-in panel does not answer');
      await setTimeout(100);
    }
  }

  override async stop(): Promise<void> {
    this.panel?.kill();
    await super.stop();
  }

  /** A file of this machine on that one; its path there. */
  brought(file: string): string {
    const there = `/root/${path.basename(file)}`;
    cpSync(file, this.path(there));
    return there;
  }

  /** Before it is booted: the panel's user, folders, wrapper and pages. */
  private prepare(stock: boolean): void {
    this.must('useradd', '--system', '--user-group', '--no-create-home', 'psaadm');
    cpSync(path.join(HERE, 'panel'), this.path(`${PSA}/stand-in/panel`), { recursive: true });
    this.must('chmod', '-R', 'a+rX', PSA);
    this.write('/usr/sbin/plesk', PLESK);
    this.must('chmod', '755', '/usr/sbin/plesk');
    this.must('mkdir', '-p', `${PSA}/var/stand-in`, `${PSA}/var/modules`, `${PSA}/admin/conf`, `${PSA}/admin/sbin`);
    this.must('chown', '-R', 'psaadm:psaadm', `${PSA}/var`);
    this.must('gcc', '-O1', '-o', `${PSA}/admin/sbin/mod_wrapper`, this.brought(path.join(HERE, 'host/mod_wrapper.c')));
    this.must('chown', 'root:psaadm', `${PSA}/admin/sbin/mod_wrapper`);
    this.must('chmod', '4510', `${PSA}/admin/sbin/mod_wrapper`);
    cpSync(path.join(PROJECT, 'node_modules/@plesk/ui-library/dist'), this.path(`${PSA}/admin/htdocs/ui-library`), { recursive: true });
    this.must('rm', '-rf', ...(stock ? [] : STOCK), ...STOCK_DATA);
  }
}
