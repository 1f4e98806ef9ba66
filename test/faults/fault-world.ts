/** One server on real nftables and iptables in a namespace, under load: killed at random moments, its firewall flushed by others; what stands there is compared with who earned a ban. */
import { copyFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { randomOf } from '../fuzz/random';
import { TestServer } from '../support/bailiff-server';
import { networkNamespace } from '../support/network-namespace';
import { openConnection } from '../../src/contracts/database/connection';
import { FLUSHES } from './flushes';
import { LogLoad, MAXRETRY } from './log-load';

const STOCK = '/etc/fail2ban/action.d';
const OWN = path.resolve(__dirname, '../../config/action.d');
/** Milliseconds between start and kill: from the middle of the start to well behind it. */
const ALIVE = [100, 2500] as const;
/** Seconds for everything to be right again, on a machine that is busy with other things. */
const RECOVERY = 60;

/** How the firewall differs from who earned a ban. */
export interface Standing {
  /** Ids that should be banned in a firewall and are not, or not there alone. */
  readonly missing: readonly string[];
  readonly twice: readonly string[];
  /** Banned, and earned no ban. */
  readonly wrong: readonly string[];
}

/** One flush: what it was, and the seconds until all bans stood again; null when they did not. */
export interface Flushed {
  readonly how: string;
  readonly seconds: number | null;
}

const LIST = 'echo ---; nft list set inet bailiff ours-addresses-4 2>/dev/null; echo ---; iptables -S f2b-stock 2>/dev/null || true';

export interface KillFigures {
  readonly kills: number;
  readonly lines: number;
  readonly linesPerSecond: number;
  readonly rotations: number;
  readonly offenders: number;
  readonly standing: Standing;
  readonly recordedTwice: readonly string[];
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
  async killed(kills: number, progress: (done: number) => void = () => undefined): Promise<KillFigures> {
    const random = randomOf(this.#seed, 1);
    this.load.start();
    for (let kill = 0; kill < kills; kill++) {
      await this.server.start();
      await wait(ALIVE[0] + random.below(ALIVE[1] - ALIVE[0]));
      await this.server.end('SIGKILL');
      progress(kill + 1);
    }
    await this.server.start('ours', 'stock');
    this.load.stop();
    await this.recovered();
    const { lines, speed, rotations, offenders } = this.load;
    return {
      kills,
      lines,
      linesPerSecond: speed,
      rotations,
      offenders: offenders.size,
      standing: this.standing(),
      recordedTwice: await this.recordedTwice(),
    };
  }

  /** Flushes the firewall so many times, each in the next way. */
  async flushed(times: number, progress: (flushed: Flushed) => void = () => undefined): Promise<readonly Flushed[]> {
    const ways = Object.entries(FLUSHES);
    const all: Flushed[] = [];
    for (let time = 0; time < times; time++) {
      const [how, script] = ways[time % ways.length]!;
      const from = performance.now();
      // The shell that flushes looks: bans may be back before another does.
      if (isRight(this.standing(this.#ns.sh(`${script}; ${LIST}`)))) throw new Error(`${how} took nothing out`);
      const flushed = { how, seconds: (await this.recovered()) ? (performance.now() - from) / 1000 : null };
      all.push(flushed);
      progress(flushed);
    }
    return all;
  }

  /** Jails and ids that stand more than once among the bans in the database. */
  async recordedTwice(): Promise<readonly string[]> {
    const database = await openConnection(this.server.path('db.sqlite3'), 'read');
    const rows = await database.all("SELECT jail || ' ' || ip AS twice FROM bans GROUP BY jail, ip HAVING count(*) > 1");
    await database.close();
    return rows.map(({ twice }) => String(twice));
  }

  /** True when everything is right within the time of a recovery. */
  async recovered(): Promise<boolean> {
    for (const end = performance.now() + RECOVERY * 1000; performance.now() < end; await wait(100))
      if (isRight(this.standing())) return true;
    return false;
  }

  standing(text = this.#ns.sh(LIST)): Standing {
    const places = text
      .split('---')
      .slice(1)
      .map((part) => [...part.matchAll(/\b10\.\d+\.\d+\.\d+/g)].map(([id]) => id));
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
