/** The table of networks as it lies in its file: whose an address is, by halving; nothing of it is ever unpacked. */
import { isSingle, type Address } from '../../../model/address';
import { HEADER_BYTES, MAGIC, sectionsOf, STAMP_AT, STAMP_BYTES, WIDTHS, type AsnCounts, type AsnSections } from './asn-format';

/** Ranges of addresses with the number of their autonomous system, and its name. */
export class AsnTable {
  readonly #bytes: Buffer;
  readonly #counts: AsnCounts;
  readonly #at: AsnSections;

  private constructor(bytes: Buffer, counts: AsnCounts) {
    this.#bytes = bytes;
    this.#counts = counts;
    this.#at = sectionsOf(counts);
  }

  /** Null for bytes that are no whole table, or one that was made from something else. */
  static read(bytes: Buffer, stamp: Buffer): AsnTable | null {
    if (bytes.length < HEADER_BYTES || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return null;
    if (!bytes.subarray(STAMP_AT, STAMP_AT + STAMP_BYTES).equals(stamp)) return null;
    const [inet4 = 0, inet6 = 0, networks = 0, nameBytes = 0] = [8, 12, 16, 20].map((at) => bytes.readUInt32LE(at));
    const counts = { inet4, inet6, networks, nameBytes };
    return sectionsOf(counts).end === bytes.length ? new AsnTable(bytes, counts) : null;
  }

  /** Bytes that it takes in memory. */
  get size(): number {
    return this.#bytes.length;
  }

  /** The number of the network that an address belongs to; null for a range and for an address that is nobody's. */
  numberOf(address: Address): number | null {
    if (!isSingle(address)) return null;
    const width = WIDTHS[address.family];
    const keys = this.#at.keys[address.family];
    const wanted = Buffer.from(address.bytes);
    let low = 0;
    let high = this.#counts[address.family];
    // The first start behind the address: the one before it is the range that holds it.
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = keys + middle * width;
      if (this.#bytes.compare(wanted, 0, width, at, at + width) <= 0) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return null;
    const place = this.#bytes.readUInt32LE(this.#at.references[address.family] + (low - 1) * 4);
    return place === 0 || place > this.#counts.networks ? null : this.#asn(place - 1);
  }

  /** The name of a network; null when it is not known. */
  nameOf(asn: number): string | null {
    let low = 0;
    let high = this.#counts.networks;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#asn(middle) < asn) low = middle + 1;
      else high = middle;
    }
    if (low >= this.#counts.networks || this.#asn(low) !== asn) return null;
    const { names, nameStarts } = this.#at;
    const [from, to] = [low, low + 1].map((place) => names + this.#bytes.readUInt32LE(nameStarts + place * 4));
    return this.#bytes.toString('utf8', from, to);
  }

  #asn(place: number): number {
    return this.#bytes.readUInt32LE(this.#at.asns + place * 4);
  }
}
