/** Lines of the CSV files of networks (`start,end,number,name`, addresses as numbers, ascending) become the bytes of the table. */
import { HEADER_BYTES, MAGIC, sectionsOf, STAMP_AT, WIDTHS, type Family } from './asn-format';

/** Characters of a name. */
const MAX_NAME = 120;
const MAX_ASN = 0xffffffff;
const LINE = /^(\d{1,39}),(\d{1,39}),(\d{1,10}),(?:"((?:[^"]|"")*)"|(.*))$/;

/** Gathers ranges; memory is that of the table, the names, and little else. */
export class AsnBuilder {
  readonly #ranges = { inet4: new Ranges('inet4'), inet6: new Ranges('inet6') };
  /** Number → place in the order of coming, and name. */
  readonly #networks = new Map<number, { readonly place: number; readonly name: string }>();

  /** Takes one line; false for one that is none, or out of order: it is left out. */
  add(family: Family, line: string): boolean {
    const [, start = '', end = '', number = '', quoted, plain = ''] = LINE.exec(line) ?? [];
    if (start === '') return false;
    const asn = Number(number);
    const name = (quoted?.replaceAll('""', '"') ?? plain).trim().slice(0, MAX_NAME);
    if (asn > MAX_ASN) return false;
    const known = this.#networks.get(asn);
    const place = known?.place ?? this.#networks.size + 1;
    if (!this.#ranges[family].add(BigInt(start), BigInt(end), place)) return false;
    if (known === undefined) this.#networks.set(asn, { place, name });
    return true;
  }

  /** The bytes of the whole table. @param stamp 32 bytes that tell what it was made from */
  finish(stamp: Buffer): Buffer {
    const networks = [...this.#networks].map(([asn, { place, name }]) => ({ asn, place, name })).sort((a, b) => a.asn - b.asn);
    const names = networks.map(({ name }) => Buffer.from(name, 'utf8'));
    const nameBytes = names.reduce((sum, name) => sum + name.length, 0);
    const { inet4, inet6 } = this.#ranges;
    inet4.close();
    inet6.close();
    const counts = { inet4: inet4.count, inet6: inet6.count, networks: networks.length, nameBytes };
    const at = sectionsOf(counts);
    const bytes = Buffer.alloc(at.end);
    bytes.write(MAGIC, 0, 'latin1');
    [inet4.count, inet6.count, networks.length, nameBytes].forEach((count, index) => bytes.writeUInt32LE(count, 8 + index * 4));
    stamp.copy(bytes, STAMP_AT, 0, HEADER_BYTES - STAMP_AT);
    const sorted = new Uint32Array(networks.length + 1);
    networks.forEach(({ place }, index) => (sorted[place] = index + 1));
    for (const family of ['inet4', 'inet6'] as const) this.#ranges[family].write(bytes, at.keys[family], at.references[family], sorted);
    let offset = 0;
    networks.forEach(({ asn }, index) => {
      const name = names[index] ?? Buffer.alloc(0);
      bytes.writeUInt32LE(asn, at.asns + index * 4);
      bytes.writeUInt32LE(offset, at.nameStarts + index * 4);
      name.copy(bytes, at.names + offset);
      offset += name.length;
    });
    bytes.writeUInt32LE(offset, at.nameStarts + networks.length * 4);
    return bytes;
  }
}

/** Starts of ranges of one family; where nobody's addresses lie in between, a range of nobody. */
class Ranges {
  count = 0;
  readonly #width: number;
  #keys = Buffer.alloc(1 << 16);
  #places = new Uint32Array(1 << 12);
  /** The first address behind the last range. */
  #next = 0n;

  constructor(family: Family) {
    this.#width = WIDTHS[family];
  }

  /** False for a range that ends before the last one did; of one that overlaps it, the rest counts. */
  add(first: bigint, end: bigint, place: number): boolean {
    const start = first < this.#next ? this.#next : first;
    if (end < start || end >> BigInt(this.#width * 8) !== 0n) return false;
    if (start > this.#next && this.count > 0) this.#push(this.#next, 0);
    this.#push(start, place);
    this.#next = end + 1n;
    return true;
  }

  /** Writes the starts and whose each range is. @param sorted place in the table by place in the order of coming */
  write(bytes: Buffer, keysAt: number, placesAt: number, sorted: Uint32Array): void {
    this.#keys.copy(bytes, keysAt, 0, this.count * this.#width);
    for (let index = 0; index < this.count; index++) bytes.writeUInt32LE(sorted[this.#places[index] ?? 0] ?? 0, placesAt + index * 4);
  }

  /** Closes the last range, unless it reaches to the end of all addresses. */
  close(): void {
    if (this.count > 0 && this.#next >> BigInt(this.#width * 8) === 0n) this.#push(this.#next, 0);
  }

  #push(key: bigint, place: number): void {
    if (this.count === this.#places.length) this.#places = grown(this.#places);
    if ((this.count + 1) * this.#width > this.#keys.length) this.#keys = Buffer.concat([this.#keys, Buffer.alloc(this.#keys.length)]);
    const at = this.count * this.#width;
    if (this.#width === 4) this.#keys.writeUInt32BE(Number(key), at);
    else {
      this.#keys.writeBigUInt64BE(key >> 64n, at);
      this.#keys.writeBigUInt64BE(key & 0xffffffffffffffffn, at + 8);
    }
    this.#places[this.count] = place;
    this.count++;
  }
}

function grown(values: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(values.length * 2);
  larger.set(values);
  return larger;
}
