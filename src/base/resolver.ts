/** Names become addresses and addresses names, by the system's resolver: cached, with a time limit, few at a time. */
import { lookup, lookupService, type LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { messageOf } from './errors';
import type { Clock } from './clock';

export interface Resolver {
  /** Addresses of a name in the system's order; none when it has none or nobody answers in time. Never rejects. */
  addressesOf(name: string): Promise<readonly string[]>;
  /** The name of an address; null when it has none. Never rejects. */
  nameOf(address: string): Promise<string | null>;
  /** Forgets all answers. */
  clear(): void;
}

/** How the system is asked; tests bring their own. */
export interface NameSystem {
  addresses(name: string): Promise<readonly string[]>;
  name(address: string): Promise<string | null>;
}

export interface ResolverOptions {
  readonly clock: Clock;
  readonly system?: NameSystem;
  /** Whether IPv6 addresses are wanted; asked at every look-up. */
  readonly ipv6?: () => boolean;
  /** Told about names that could not be resolved, once per look-up. */
  readonly onFailure?: (name: string, message: string) => void;
}

/** Seconds and entries of each of the two caches, as in fail2ban; answers of «nothing» are kept as well. */
const KEEP_FOR = 300;
const KEEP_MOST = 1000;
/** Seconds that a caller waits. */
const TIME_LIMIT = 10;
/** Look-ups at once: each holds a thread of the pool that the database needs too, for as long as a slow name server pleases. */
const AT_ONCE = 2;
/** Look-ups that may wait for their turn; beyond that the answer is «nothing». */
const WAITING = 1000;

/** A resolver with empty caches. */
export function createResolver(options: ResolverOptions): Resolver {
  const { clock, system = operatingSystem, ipv6 = () => true, onFailure = () => undefined } = options;
  const turns = new Turns(AT_ONCE, WAITING);
  const forward = new Cache<readonly string[]>(clock);
  const backward = new Cache<string | null>(clock);

  async function limited<T>(ask: () => Promise<T>): Promise<T> {
    return await new Promise<T>((resolve, reject) => {
      const timer = clock.after(TIME_LIMIT, () => reject(new Error(`no answer within ${TIME_LIMIT} seconds`)));
      turns
        .take(ask)
        .then(resolve, reject)
        .finally(() => timer.cancel());
    });
  }

  return {
    addressesOf: (name) =>
      forward.get(name, async () => {
        if (!isName(name)) return [];
        try {
          const found = await limited(() => system.addresses(name));
          return [...new Set(found)].filter((address) => isIP(address) === 4 || ipv6());
        } catch (error) {
          onFailure(name, messageOf(error));
          return [];
        }
      }),
    nameOf: (address) =>
      backward.get(address, async () => {
        if (isIP(address) === 0) return null;
        try {
          return await limited(() => system.name(address));
        } catch {
          return null;
        }
      }),
    clear() {
      forward.clear();
      backward.clear();
    },
  };
}

/** A name comes from a log: only what may be a host name is asked for. */
function isName(name: string): boolean {
  return name.length > 0 && name.length <= 253 && /^[\w.-]+$/.test(name);
}

const operatingSystem: NameSystem = {
  addresses: (name) =>
    new Promise((resolve, reject) => {
      lookup(name, { all: true, verbatim: true }, (error: Error | null, found: LookupAddress[]) => {
        if (error === null) resolve(found.map(({ address }) => address));
        else reject(error);
      });
    }),
  name: (address) =>
    new Promise((resolve, reject) => {
      lookupService(address, 0, (error, name) => {
        if (error === null) resolve(name === address ? null : name);
        else reject(error);
      });
    }),
};

/** Lets a few run at once and the others wait in order. */
class Turns {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(
    readonly atOnce: number,
    readonly most: number,
  ) {}

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.atOnce) {
      if (this.#waiting.length >= this.most) throw new Error('too many look-ups are waiting');
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running++;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}

class Cache<T> {
  readonly #entries = new Map<string, { readonly until: number; readonly answer: Promise<T> }>();

  constructor(readonly clock: Clock) {}

  get(key: string, ask: () => Promise<T>): Promise<T> {
    const now = this.clock.monotonic();
    const known = this.#entries.get(key);
    if (known !== undefined && known.until > now) return known.answer;
    const answer = ask();
    this.#entries.delete(key);
    if (this.#entries.size >= KEEP_MOST) this.#entries.delete(this.#entries.keys().next().value ?? '');
    this.#entries.set(key, { until: now + KEEP_FOR, answer });
    return answer;
  }

  clear(): void {
    this.#entries.clear();
  }
}
