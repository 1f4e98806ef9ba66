/** The same actions run by the stock server in one network namespace and by ours in another, and the rules that both leave there. */
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { actionRig, JAIL } from './actions';
import { networkNamespace, type NetworkNamespace } from './network-namespace';
import { stockActions } from './stock-actions';
import { runProgram, stockFolder } from './stock-server';
import { banTicket } from './tickets';
import type { JailAction } from '../../src/engine/action/jail-action';

export class SideBySide {
  readonly theirs: NetworkNamespace = networkNamespace();
  readonly ours: NetworkNamespace = networkNamespace();
  readonly #stock = stockFolder('rules');
  readonly #socket = path.join(this.#stock.folder, 'fail2ban.sock');
  readonly #actions = new Map<string, JailAction>();
  readonly #banned = new Map<string, Set<string>>();
  readonly #server: ChildProcess;
  readonly #ended: Promise<void>;

  /** @param jails the text of `action` by jail; @param folder where their files are */
  constructor(
    private readonly jails: Readonly<Record<string, string>>,
    folder: string,
  ) {
    const { config } = this.#stock;
    cpSync(folder, path.join(config, 'action.d'), { recursive: true });
    const sections = Object.entries(jails).map(
      ([jail, action]) => `[${jail}]\nenabled = true\nbackend = polling\nfilter =\naction = ${action}\n`,
    );
    writeFileSync(path.join(config, 'jail.conf'), `[DEFAULT]\nprotocol = tcp\nchain = <known/chain>\n${sections.join('')}`);
    writeFileSync(path.join(config, 'fail2ban.local'), '[Definition]\nallowipv6 = yes\n');
    const options = ['-f', '-c', config, '-s', this.#socket, '-p', path.join(this.#stock.folder, 'fail2ban.pid'), 'start'];
    this.#server = spawn('ip', ['netns', 'exec', this.theirs.name, 'fail2ban-server', ...options], { stdio: 'ignore' });
    this.#ended = new Promise((resolve) => this.#server.once('exit', () => resolve()));
    for (const [jail, [action]] of stockActions(config)) {
      this.#actions.set(jail, actionRig(action!, this.ours.runner, {}, { ...JAIL, name: jail }).action);
    }
  }

  /** Waits for the server and starts our actions. */
  async start(): Promise<void> {
    for (let round = 0; !existsSync(this.#socket) && round < 200; round++) await wait(50);
    for (const action of this.#actions.values()) await action.start();
  }

  async ban(ids: readonly string[]): Promise<void> {
    this.#tell(Object.keys(this.jails).map((jail) => `set ${jail} banip ${ids.join(' ')}`));
    for (const jail of Object.keys(this.jails)) {
      await this.#actions.get(jail)!.ban(ids.map((id) => banTicket(id, { time: Date.now() / 1000 })));
      this.#banned.set(jail, new Set([...(this.#banned.get(jail) ?? []), ...ids]));
    }
  }

  async unban(ids: readonly string[]): Promise<void> {
    this.#tell(Object.keys(this.jails).map((jail) => `set ${jail} unbanip ${ids.join(' ')}`));
    for (const jail of Object.keys(this.jails)) {
      await this.#actions.get(jail)!.unban(ids.map((id) => banTicket(id)));
      for (const id of ids) this.#banned.get(jail)?.delete(id);
    }
  }

  /** Ends the server, and our actions the way a jail ends them. */
  async stop(): Promise<void> {
    this.#server.kill('SIGTERM');
    await this.#ended;
    for (const [jail, action] of this.#actions) {
      if (action.canFlush) await action.flush().catch(() => undefined);
      else await action.unban([...(this.#banned.get(jail) ?? [])].map((id) => banTicket(id)));
      await action.stop().catch(() => undefined);
    }
  }

  /** Everything that a firewall action may leave in a namespace, without counters and clocks. */
  rules(ns: NetworkNamespace): string[] {
    return ns
      .sh('nft list ruleset; iptables-save; ip6tables-save; ipset save | sort; ip route; ip -6 route')
      .replace(/^#.*\n/gm, '')
      .replace(/ ?\[\d+:\d+\]|counter packets \d+ bytes \d+|initval \S+|(timeout|expires) \d\S*/g, '')
      .split('\n');
  }

  async remove(): Promise<void> {
    this.#server.kill('SIGTERM');
    await this.#ended;
    this.theirs.remove();
    this.ours.remove();
    rmSync(this.#stock.folder, { recursive: true, force: true });
  }

  #tell(commands: readonly string[]): void {
    const said = runProgram('fail2ban-client', ['-i', '-c', this.#stock.config, '-s', this.#socket], `${commands.join('\n')}\nexit\n`);
    if (said.code !== 0) throw new Error(`${said.stdout}${said.stderr}`);
  }
}
