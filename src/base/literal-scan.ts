/** Finds many literals in bytes at once, mostly without looking at each byte: the tables of Wu and Manber over pairs of bytes. */

/** Literals that are found together, each once. */
export type Literals = readonly string[];

/** Bytes of a literal that the tables know at most; the shortest literal decides. */
const LONGEST_WINDOW = 8;
/** Pairs of bytes are told apart by seven bits of each. */
const PAIRS = 1 << 14;

/** How logs look: pairs that are frequent here are no good end of a window. */
const USUAL =
  'Nov 22 09:00:01 host sshd[1234]: Accepted password for user from 203.0.113.7 port 40022 ssh2 session opened by (uid=0) closed disconnect ' +
  '203.0.113.7 - - [22/Nov/2026:09:00:01 +0000] "GET /index.php?page=1 HTTP/1.1" 200 5120 "https://www.example.org/" "Mozilla/5.0 (Windows NT 10.0; ' +
  'Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36" [error] [client 203.0.113.7] connection to the server not in ' +
  'authentication status=sent, relay=local, message-id=<1@example.org>, warning: info: ';

const pairOf = (first: number, second: number): number => ((first & 0x7f) << 7) | (second & 0x7f);

function usualPairs(): Float64Array {
  const counts = new Float64Array(PAIRS);
  for (let at = 1; at < USUAL.length; at++) {
    const pair = pairOf(USUAL.charCodeAt(at - 1), USUAL.charCodeAt(at));
    counts[pair] = (counts[pair] ?? 0) + 1;
  }
  return counts;
}

const usual = usualPairs();

/** What was found: for each place the literal's index and the offset of a byte of it, in the order of the offsets. */
export interface Finds {
  readonly literals: number[];
  readonly places: number[];
}

/** Whether a scanner can look for a literal: in encodings whose ASCII bytes are ASCII characters it is then found wherever it stands in a line. */
export function canScan(literal: string): boolean {
  return literal.length >= 2 && /^[\x01-\x09\x0b-\x7f]+$/.test(literal);
}

/** Places at which a literal's window may end, of the four parts of a text that are gone through side by side: so the processor need not wait for a table. */
const LANES = 4;
let spots = Array.from({ length: LANES }, () => new Int32Array(1024));
/** Shorter texts are gone through in one go. */
const SHORT = 2048;

export class LiteralScanner {
  readonly literals: Literals;
  readonly #window: number;
  /** How far a pair of bytes lets the window move on; 0 where a literal's window may end. */
  readonly #shift: Uint8Array;
  /** For each pair that ends a window, which bytes (by five bits) stand before it. */
  readonly #before: Int32Array;
  /** The literals whose window ends with a pair: the first of them, and the next for each. */
  readonly #first: Int16Array;
  readonly #next: Int16Array;
  readonly #bytes: readonly Uint8Array[];
  /** Offset of the last byte of each literal's window. */
  readonly #ends: Int32Array;

  /** @param literals such as `canScan` takes, 32,000 at most */
  constructor(literals: Literals) {
    this.literals = [...new Set(literals)];
    if (this.literals.length > 32_000 || !this.literals.every(canScan)) throw new RangeError('these literals cannot be scanned for');
    this.#bytes = this.literals.map((literal) => Uint8Array.from(literal, (char) => char.charCodeAt(0)));
    this.#window = Math.min(LONGEST_WINDOW, ...this.#bytes.map(({ length }) => length));
    this.#shift = new Uint8Array(PAIRS).fill(this.#window - 1);
    this.#before = new Int32Array(PAIRS).fill(this.#window === 2 ? -1 : 0);
    this.#first = new Int16Array(PAIRS).fill(-1);
    this.#next = new Int16Array(this.literals.length).fill(-1);
    this.#ends = Int32Array.from(this.#bytes, (bytes) => rarestEnd(bytes, this.#window));
    for (const [index, bytes] of this.#bytes.entries()) this.#enter(index, bytes);
  }

  /**
   * Adds what stands in the bytes `from` to `to`, which are whole lines.
   * @param finds gets the literals in the order of the lines, not of their places within one
   */
  scan(bytes: Uint8Array, from: number, to: number, finds: Finds): void {
    if (this.literals.length === 0) return;
    const parts = partsOf(bytes, from, to);
    const length = Math.max(...parts.map((end, part) => end - (parts[part - 1] ?? from)));
    if ((spots[0] as Int32Array).length < length) spots = spots.map(() => new Int32Array(length + 1024));
    if (parts.length < LANES) {
      this.#verify(bytes, from, to, 0, this.#spotsIn(bytes, from + this.#window - 1, to, 0, 0), finds);
      return;
    }
    const counts = this.#spotsInAll(bytes, from, parts);
    for (let part = 0; part < LANES; part++) {
      this.#verify(bytes, part === 0 ? from : (parts[part - 1] as number), parts[part] as number, part, counts[part] as number, finds);
    }
  }

  /** Writes the spots between `at` and `to` behind the first `count` of a lane; returns how many there are then. */
  #spotsIn(bytes: Uint8Array, at: number, to: number, lane: number, count: number): number {
    const shift = this.#shift;
    const before = this.#before;
    const found = spots[lane] as Int32Array;
    while (at < to) {
      const pair = (((bytes[at - 1] as number) & 0x7f) << 7) | ((bytes[at] as number) & 0x7f);
      const by = shift[pair] as number;
      if (by !== 0) at += by;
      else {
        if ((((before[pair] as number) >>> ((bytes[at - 2] as number) & 31)) & 1) === 1) found[count++] = at;
        at++;
      }
    }
    return count;
  }

  /** The same for four parts at once. */
  #spotsInAll(bytes: Uint8Array, from: number, parts: readonly number[]): readonly number[] {
    const shift = this.#shift;
    const before = this.#before;
    const [spotsA, spotsB, spotsC, spotsD] = spots as [Int32Array, Int32Array, Int32Array, Int32Array];
    const [endA, endB, endC, endD] = parts as [number, number, number, number];
    const lead = this.#window - 1;
    let [a, b, c, d] = [from + lead, endA + lead, endB + lead, endC + lead];
    let [countA, countB, countC, countD] = [0, 0, 0, 0];
    while (a < endA && b < endB && c < endC && d < endD) {
      const pairA = (((bytes[a - 1] as number) & 0x7f) << 7) | ((bytes[a] as number) & 0x7f);
      const pairB = (((bytes[b - 1] as number) & 0x7f) << 7) | ((bytes[b] as number) & 0x7f);
      const pairC = (((bytes[c - 1] as number) & 0x7f) << 7) | ((bytes[c] as number) & 0x7f);
      const pairD = (((bytes[d - 1] as number) & 0x7f) << 7) | ((bytes[d] as number) & 0x7f);
      const byA = shift[pairA] as number;
      const byB = shift[pairB] as number;
      const byC = shift[pairC] as number;
      const byD = shift[pairD] as number;
      if (byA === 0) {
        if ((((before[pairA] as number) >>> ((bytes[a - 2] as number) & 31)) & 1) === 1) spotsA[countA++] = a;
        a++;
      } else a += byA;
      if (byB === 0) {
        if ((((before[pairB] as number) >>> ((bytes[b - 2] as number) & 31)) & 1) === 1) spotsB[countB++] = b;
        b++;
      } else b += byB;
      if (byC === 0) {
        if ((((before[pairC] as number) >>> ((bytes[c - 2] as number) & 31)) & 1) === 1) spotsC[countC++] = c;
        c++;
      } else c += byC;
      if (byD === 0) {
        if ((((before[pairD] as number) >>> ((bytes[d - 2] as number) & 31)) & 1) === 1) spotsD[countD++] = d;
        d++;
      } else d += byD;
    }
    return [
      this.#spotsIn(bytes, a, endA, 0, countA),
      this.#spotsIn(bytes, b, endB, 1, countB),
      this.#spotsIn(bytes, c, endC, 2, countC),
      this.#spotsIn(bytes, d, endD, 3, countD),
    ];
  }

  #verify(bytes: Uint8Array, from: number, to: number, lane: number, count: number, finds: Finds): void {
    const found = spots[lane] as Int32Array;
    for (let spot = 0; spot < count; spot++) {
      const at = found[spot] as number;
      const pair = pairOf(bytes[at - 1] as number, bytes[at] as number);
      for (let index = this.#first[pair] as number; index >= 0; index = this.#next[index] as number) {
        if (!this.#standsAt(index, bytes, at, from, to)) continue;
        finds.literals.push(index);
        finds.places.push(at);
      }
    }
  }

  #enter(index: number, bytes: Uint8Array): void {
    const end = this.#ends[index] as number;
    for (let back = 0; back < this.#window - 1; back++) {
      const pair = pairOf(bytes[end - back - 1] as number, bytes[end - back] as number);
      this.#shift[pair] = Math.min(this.#shift[pair] as number, back);
    }
    const last = pairOf(bytes[end - 1] as number, bytes[end] as number);
    if (this.#window > 2) this.#before[last] = (this.#before[last] as number) | (1 << ((bytes[end - 2] as number) & 31));
    this.#next[index] = this.#first[last] as number;
    this.#first[last] = index;
  }

  #standsAt(index: number, bytes: Uint8Array, windowEnd: number, from: number, to: number): boolean {
    const literal = this.#bytes[index] as Uint8Array;
    const begin = windowEnd - (this.#ends[index] as number);
    if (begin < from || begin + literal.length > to) return false;
    for (let at = 0; at < literal.length; at++) if (literal[at] !== bytes[begin + at]) return false;
    return true;
  }
}

/** Where the parts end into which the bytes are parted between lines: four of about the same length, or one. */
function partsOf(bytes: Uint8Array, from: number, to: number): readonly number[] {
  if (to - from < SHORT) return [to];
  const parts: number[] = [];
  for (let part = 1; part < LANES; part++) {
    const end = bytes.indexOf(10, from + Math.floor(((to - from) * part) / LANES)) + 1;
    if (end === 0 || end >= to || end <= (parts.at(-1) ?? from)) return [to];
    parts.push(end);
  }
  return [...parts, to];
}

/** Where the window of a literal ends best: with the rarest pair, and then with rare ones before it. */
function rarestEnd(bytes: Uint8Array, window: number): number {
  let best = window - 1;
  let least = Infinity;
  for (let end = window - 1; end < bytes.length; end++) {
    let cost = 0;
    for (let back = 0; back < window - 1; back++) {
      cost += (usual[pairOf(bytes[end - back - 1] as number, bytes[end - back] as number)] as number) / (1 + 3 * back);
    }
    if (cost >= least) continue;
    least = cost;
    best = end;
  }
  return best;
}
