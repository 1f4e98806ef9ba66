/** Counts failed log-ins per client network and says how long a client has to wait. Bounded: an attacker cannot fill the memory. */

/** So many failures … */
const MAX_FAILURES = 10;
/** … within so many seconds. */
const WINDOW = 300;
const MAX_CLIENTS = 10_000;

interface Count {
  failures: number;
  readonly since: number;
}

/** IPv4 addresses count alone, IPv6 ones by their /64: nobody has just one of them. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail = ''] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const zeros = address.includes('::') ? Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0') : [];
  return [...left, ...zeros, ...right].slice(0, 4).join(':') + '::/64';
}

export class RateLimit {
  private readonly counts = new Map<string, Count>();

  /** Seconds that the client has to wait before its next attempt; 0 when it may try. */
  wait(address: string, now: number): number {
    const count = this.counts.get(networkOf(address));
    if (count === undefined || count.failures < MAX_FAILURES) return 0;
    return Math.max(0, Math.ceil(count.since + WINDOW - now));
  }

  failed(address: string, now: number): void {
    const key = networkOf(address);
    const known = this.counts.get(key);
    if (known !== undefined && now < known.since + WINDOW) {
      known.failures += 1;
      return;
    }
    this.counts.delete(key);
    if (this.counts.size >= MAX_CLIENTS) this.counts.delete(this.counts.keys().next().value!);
    this.counts.set(key, { failures: 1, since: now });
  }

  /** A right password forgives. */
  succeeded(address: string): void {
    this.counts.delete(networkOf(address));
  }
}
