/**
 * Watches the firewall for others who flush it: jails whose bans may be gone are asked to look, and put them back in one batch.
 *
 * nftables tells what is taken out (`nft monitor`), and so what is taken out of iptables where that is built on nftables. Sets of ipset and the older
 * iptables tell nothing: they are looked at every few seconds. Whatever is told or not, all places are compared from time to time.
 * The work is bounded: between two looks lies a multiple of the time that the last one took, so that who flushes without end costs little.
 */
import type { Clock, Timer } from '../../base/clock';
import type { Logger } from '../../base/logger';
import type { ProcessRunner } from '../../base/process';
import type { LineProcess, LineProcessEvents } from '../../base/process-stream';
import type { WatchedPlace } from '../action/jail-action';
import { firewallEvent } from './firewall-events';

/** What is asked of a jail. */
export interface WatchedJail {
  readonly name: string;
  readonly places: readonly WatchedPlace[];
  watches(within: string, element: string | null): boolean;
  recheck(): Promise<void>;
}

export interface FirewallWatchDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly runner: ProcessRunner;
  /** Starts a command and hands on its lines; does not throw. */
  readonly spawn: (command: string, args: readonly string[], events: LineProcessEvents) => LineProcess;
  readonly jails: () => readonly WatchedJail[];
}

const LOGGER = 'fail2ban.firewall';
/** Seconds: the beat of the watch; more events that come so soon are one. */
const BEAT = 0.25;
/** Seconds between two looks at jails of which something was told, at least and at most. */
const SOONEST = 1;
const LATEST = 4;
/** Seconds between two looks at what tells nothing, and between two comparisons of everything. */
const POLL = 3;
const COMPARE = 60;
/** A look may take one part in so many of all time, as far as LATEST lets it. */
const SHARE = 20;
/** Seconds for which a monitor that was just started is not relied on: what happens before it listens it does not tell. */
const SETTLING = 10;
/** Seconds until a monitor that ended is started again. */
const AGAIN = 10;

export class FirewallWatch {
  readonly #deps: FirewallWatchDeps;
  readonly #suspects = new Set<string>();
  /** Whether rules of an iptables program are told by nftables; null while that is being found out. */
  readonly #builtOnNft = new Map<string, boolean | null>();
  #timer: Timer | null = null;
  #monitor: LineProcess | null = null;
  #monitorAt = -Infinity;
  #looking = false;
  #lookAt = 0;
  #pollAt = 0;
  #compareAt = 0;

  constructor(deps: FirewallWatchDeps) {
    this.#deps = deps;
  }

  start(): void {
    const now = this.#deps.clock.monotonic();
    this.#compareAt = now + COMPARE;
    this.#timer ??= this.#deps.clock.every(BEAT, () => this.#beat());
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#monitor?.kill();
    this.#monitor = null;
  }

  #beat(): void {
    const now = this.#deps.clock.monotonic();
    const jails = this.#deps.jails().filter(({ places }) => places.length > 0);
    if (jails.length === 0) return;
    this.#keepMonitor(now, jails);
    if (this.#looking) return;
    if (now >= this.#compareAt) void this.#look(jails, 'all', now);
    else if (now >= this.#lookAt && this.#suspects.size > 0) {
      const suspects = jails.filter(({ name }) => this.#suspects.has(name));
      this.#suspects.clear();
      void this.#look(suspects, 'told', now);
    } else if (now >= this.#pollAt) {
      const silent = jails.filter(({ places }) => places.some((place) => this.#isSilent(place)));
      if (silent.length > 0) void this.#look(silent, 'silent', now);
    }
  }

  async #look(jails: readonly WatchedJail[], why: 'told' | 'silent' | 'all', from: number): Promise<void> {
    this.#looking = true;
    try {
      for (const jail of jails) await jail.recheck();
    } finally {
      const now = this.#deps.clock.monotonic();
      const pause = (now - from) * SHARE;
      this.#looking = false;
      this.#lookAt = now + Math.min(LATEST, Math.max(SOONEST, pause));
      if (why !== 'told') this.#pollAt = now + Math.min(LATEST, Math.max(POLL, pause));
      if (why === 'all') this.#compareAt = now + Math.max(COMPARE, pause);
    }
  }

  #heard(line: string): void {
    const event = firewallEvent(line);
    if (event === null) return;
    for (const jail of this.#deps.jails()) {
      if (!this.#suspects.has(jail.name) && jail.watches(event.within, event.element)) this.#suspects.add(jail.name);
    }
  }

  /** One monitor while there is something that it tells about. */
  #keepMonitor(now: number, jails: readonly WatchedJail[]): void {
    const wanted = jails.some(({ places }) => places.some(({ tool }) => tool !== 'ipset'));
    if (!wanted || this.#monitor !== null || now < this.#monitorAt + AGAIN) return;
    this.#monitorAt = now;
    const monitor = this.#deps.spawn('nft', ['monitor', 'destroy'], {
      onLine: (line) => this.#heard(line),
      onTooLong: () => this.#suspectAll(),
      onExit: (reason) => {
        if (this.#monitor !== monitor || this.#timer === null) return;
        this.#monitor = null;
        this.#deps.logger.log('DEBUG', LOGGER, `nft monitor: ${reason}`);
        // What happened until it runs again was not told.
        this.#suspectAll();
      },
    });
    this.#monitor = monitor;
  }

  #suspectAll(): void {
    for (const { name } of this.#deps.jails()) this.#suspects.add(name);
  }

  /** Whether nobody tells us about changes of this place. */
  #isSilent({ tool, program }: WatchedPlace): boolean {
    if (tool === 'ipset') return true;
    if (this.#monitor === null || this.#deps.clock.monotonic() < this.#monitorAt + SETTLING) return true;
    return tool === 'iptables' && this.#isOld(program);
  }

  #isOld(program: string): boolean {
    const known = this.#builtOnNft.get(program);
    if (known !== undefined) return known === false;
    this.#builtOnNft.set(program, null);
    void this.#deps.runner.run({ command: program, args: ['-V'], timeout: 10 }).then(({ stdout }) => {
      this.#builtOnNft.set(program, stdout.includes('nf_tables'));
    });
    return false;
  }
}
