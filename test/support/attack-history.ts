/** Draws months of attacks as a busy server's log tells them, the same each time: few who never tire, many who come once. */
import type { HistoryEvent, HistoryKind } from '../../src/panel/history/history';

const DAY = 86_400;
const JAILS = ['sshd', 'plesk-postfix', 'plesk-dovecot', 'plesk-wordpress', 'plesk-apache', 'plesk-panel', 'plesk-proftpd', 'recidive'];
const COUNTRIES =
  'CN US RU DE NL BR IN VN FR GB KR ID SG HK IR UA PL RO BG TR TH TW JP IT ES CA MX AR CL CO PE ZA NG EG SA AE PK BD LK PH'.split(' ');
const KINDS: readonly HistoryKind[] = ['found', 'ban', 'unban', 'restore-ban', 'ignore', 'already-banned'];

export interface AttackHistory {
  /** Oldest first, some thousand at once. */
  batches(size: number): Generator<HistoryEvent[]>;
  /** Addresses that were drawn, the busiest among them. */
  readonly addresses: readonly string[];
}

/** A small generator of numbers in [0, 1): mulberry32. */
export function drawer(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

interface Attacker {
  readonly id: string;
  readonly jail: number;
  readonly country: string | null;
  readonly asn: number | null;
}

function drawAttacker(draw: () => number): Attacker {
  const rank = (length: number): number => Math.floor(length * draw() ** 2.5);
  const byte = (): number => Math.floor(draw() * 256);
  const asn = 1000 + rank(4000);
  const network = asn % 200;
  const id =
    draw() < 0.08
      ? `2001:db8:${(asn % 65536).toString(16)}::${(1 + byte()).toString(16)}:${(1 + byte()).toString(16)}`
      : `${11 + network}.${asn % 256}.${rank(256)}.${byte()}`;
  return {
    id,
    jail: rank(JAILS.length),
    country: draw() < 0.02 ? null : (COUNTRIES[rank(COUNTRIES.length)] ?? null),
    asn: draw() < 0.02 ? null : asn,
  };
}

/**
 * @param count of events
 * @param end seconds since the epoch; the first event is `days` before
 */
export function attackHistory(count: number, end: number, days = 180, seed = 1): AttackHistory {
  const draw = drawer(seed);
  const times = new Float64Array(count);
  const who = new Uint32Array(count);
  const kinds = new Uint8Array(count);
  const attackers: Attacker[] = [];
  for (let at = 0; at < count;) {
    attackers.push(drawAttacker(draw));
    const begin = end - days * DAY * draw();
    const failures = Math.min(20_000, Math.ceil(3 / (1 - draw()) ** 0.9));
    const lasts = Math.min(end - begin, DAY * 30 * draw() ** 4 + 600);
    for (let failure = 1; failure <= failures && at < count; failure++) {
      const time = begin + lasts * draw();
      const tell = (kind: number, later: number): void => {
        if (at >= count) return;
        times[at] = Math.round(Math.min(end, time + later) * 1000) / 1000;
        who[at] = attackers.length - 1;
        kinds[at++] = kind;
      };
      tell(draw() < 0.01 ? 4 : 0, 0);
      if (failure % 5 !== 0) continue;
      tell(1, 0.2);
      tell(2, 600);
      if (draw() < 0.1) tell(draw() < 0.5 ? 3 : 5, 60);
    }
  }
  const order = new Uint32Array(count).map((_, index) => index).sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0));
  return {
    addresses: attackers.map(({ id }) => id),
    *batches(size) {
      for (let from = 0; from < count; from += size) yield Array.from(order.subarray(from, from + size), eventAt);
    },
  };

  function eventAt(at: number): HistoryEvent {
    const { id, jail, country, asn } = attackers[who[at] ?? 0] ?? drawAttacker(draw);
    return { time: times[at] ?? 0, jail: JAILS[jail] ?? '', kind: KINDS[kinds[at] ?? 0] ?? 'found', id, country, asn };
  }
}
