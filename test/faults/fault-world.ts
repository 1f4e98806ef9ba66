/** One server on real nftables and iptables in a namespace, under load: killed at random moments, its firewall flushed by others; what stands there is compared with who earned a ban. */
import { copyFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { randomOf } from '../fuzz/random';
import { TestServer } from '../support/bailiff-server';
import { networkNamespace } from '../support/network-namespace';
import { LogLoad, MAXRETRY } from './log-load';

const STOCK = '/etc/fail2ban/action.d';
const OWN = path.resolve(__dirname, '../../config/action.d');
/** Milliseconds between start and kill: from the middle of the start to well behind it. */
const ALIVE = [100, 2500] as const;
/** Seconds for everything to be right again, on a machine that is busy with other things. */
const RECOVERY = 60;

/** What others do to a firewall. */
const FLUSHES = [
  'nft flush ruleset',
  'iptables -F',
  'iptables -F; iptables -X',
  'nft delete table inet bailiff',
  'nft flush set inet bailiff ours-addresses-4; iptables -F f2b-stock',
];

/** How the firewall differs from who earned a ban. */
export interface Standing {
  /** Ids that should be banned in a firewall and are not, or not there alone. */
  readonly missing: readonly string[];
  readonly twice: readonly string[];
  /** Banned, and earned no ban. */
  readonly wrong: readonly string[];
}

export interface KillFigures {
  readonly kills: number;
  readonly lines: number;
  readonly linesPerSecond: number;
  readonly rotations: number;
  readonly offenders: number;
  readonly standing: Standing;
}

export class FaultWorld {
  readonly #ns = networkNamespace();
  readonly server = new TestServer(this.#ns);
  readonly load: LogLoad;
  readonly #seed: number;

  constructor(seed: number, linesPerSecond: number) {
    this.#seed = seed;
    for (const file of readdirSync(STOCK)) copyFileSync(path.join(STOCK, file), this.server.path(`config/action.d/${file}`));
    copyFileSync(path.join(OWN, 'nftables.conf'), this.server.path('config/action.d/ours-nftables.conf'));
    const log = this.server.path('busy.log');
    const jail = (name: string, action: string): string =>
      `[${name}]\nlogpath = ${log}\nmaxretry = ${MAXRETRY}\nbantime = 1d\nfindtime = 1h\naction = ${action}\n`;
    const actions = {
      ours: 'ours-nftables[name=ours, type=allports, protocol=all]',
      stock: 'iptables-multiport[name=stock, port=ssh, protocol=tcp, chain=INPUT]',
    };
    this.server.jails(
      Object.entries(actions)
        .map(([name, action]) => jail(name, action))
        .join(''),
    );
    this.load = new LogLoad(log, linesPerSecond, seed);
  }

  /** Kills the server so many times while lines come in, then waits until all is as it should be, or time is over. */
  async killed(kills: number): Promise<KillFigures> {
    const random = randomOf(this.#seed, 1);
    this.load.start();
    for (let kill = 0; kill < kills; kill++) {
      await this.server.start();
      await wait(ALIVE[0] + random.below(ALIVE[1] - ALIVE[0]));
      await this.server.end('SIGKILL');
    }
    await this.server.start('ours', 'stock');
    this.load.stop();
    await this.recovered();
    const { lines, speed, rotations, offenders } = this.load;
    return { kills, lines, linesPerSecond: speed, rotations, offenders: offenders.size, standing: this.standing() };
  }

  /** Flushes the firewall so many times; for each the seconds until all bans stood again, or null when they did not. */
  async flushed(times: number): Promise<readonly (number | null)[]> {
    const took: (number | null)[] = [];
    for (let time = 0; time < times; time++) {
      const from = performance.now();
      this.#ns.sh(FLUSHES[time % FLUSHES.length]!);
      if (isRight(this.standing())) throw new Error('the flush took nothing out');
      took.push((await this.recovered()) ? (performance.now() - from) / 1000 : null);
    }
    return took;
  }

  /** True when everything is right within the time of a recovery. */
  async recovered(): Promise<boolean> {
    for (const end = performance.now() + RECOVERY * 1000; performance.now() < end; await wait(100))
      if (isRight(this.standing())) return true;
    return false;
  }

  standing(): Standing {
    const text = this.#ns.sh(
      'nft list set inet bailiff ours-addresses-4 2>/dev/null; echo; echo ---; iptables -S f2b-stock 2>/dev/null || true',
    );
    const places = text.split('---').map((part) => [...part.matchAll(/\b10\.\d+\.\d+\.\d+/g)].map(([id]) => id));
    const sets = places.map((ids) => new Set(ids));
    const { offenders } = this.load;
    return {
      missing: [...offenders].filter((id) => !sets.every((ids) => ids.has(id))),
      twice: places.flatMap((ids) => ids.filter((id, at) => ids.indexOf(id) !== at)),
      wrong: sets.flatMap((ids) => [...ids].filter((id) => !offenders.has(id))),
    };
  }

  async remove(): Promise<void> {
    this.load.stop();
    await this.server.remove();
    this.#ns.remove();
  }
}

function isRight({ missing, twice, wrong }: Standing): boolean {
  return missing.length + twice.length + wrong.length === 0;
}
