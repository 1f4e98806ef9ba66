/** The addresses of this machine: of localhost, of its name, and of all its interfaces. */
import { hostname, networkInterfaces } from 'node:os';
import { canonicalId } from '../../model/address';
import type { Clock } from '../../base/clock';
import type { Resolver } from '../../base/resolver';

/** How the machine is asked; tests bring their own. */
export interface Machine {
  hostname(): string;
  interfaceAddresses(): readonly string[];
}

export interface OwnAddresses {
  /** Whether the id is an address of this machine. */
  has(id: string): Promise<boolean>;
  /** The same at once; null when the machine has to be asked first. */
  hasNow(id: string): boolean | null;
}

/** Seconds. */
const KEEP_FOR = 300;
/** Questions between two looks at the clock. */
const CLOCK_EVERY = 64;

const thisMachine: Machine = {
  hostname,
  interfaceAddresses: () => Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address)),
};

/** Knows the machine's addresses, looked up again every five minutes. */
export function createOwnAddresses(clock: Clock, resolver: Resolver, machine: Machine = thisMachine): OwnAddresses {
  let known: Promise<ReadonlySet<string>> | null = null;
  let settled: ReadonlySet<string> | null = null;
  let until = 0;
  let askNext = 0;

  async function lookUp(): Promise<ReadonlySet<string>> {
    const name = machine.hostname();
    const ofNames = await Promise.all([...new Set(['localhost', name])].map((host) => resolver.addressesOf(host)));
    const addresses = ofNames.flat();
    const full = await Promise.all(
      ofNames
        .slice(1)
        .flat()
        .slice(0, 4)
        .map((address) => resolver.nameOf(address)),
    );
    for (const fqdn of new Set(full)) if (fqdn !== null && fqdn !== name) addresses.push(...(await resolver.addressesOf(fqdn)));
    return new Set(
      [...addresses, ...machine.interfaceAddresses(), '127.0.0.1', '::1'].map((text) => canonicalId(text.replace(/%.*$/, ''))),
    );
  }

  function addresses(): Promise<ReadonlySet<string>> {
    if (known === null || clock.monotonic() >= until) {
      settled = null;
      until = clock.monotonic() + KEEP_FOR;
      const asked = lookUp();
      known = asked;
      void asked.then((found) => {
        if (known === asked) settled = found;
      });
    }
    return known;
  }

  return {
    async has(id) {
      return (await addresses()).has(id);
    },
    hasNow(id) {
      // The clock is looked at now and then only: this is asked for every failure.
      if (settled !== null && ++askNext % CLOCK_EVERY === 0 && clock.monotonic() >= until) settled = null;
      return settled?.has(id) ?? null;
    },
  };
}
