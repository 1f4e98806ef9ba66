/** How the table of networks is laid out in its file: a header, then sorted starts of ranges with their networks, then networks with their names. */

/** Changes with the layout, so that a file of another one is made anew. */
export const MAGIC = 'BLFASN01';
export const HEADER_BYTES = 64;
/** Of what the table was made from; SHA-256. */
export const STAMP_AT = 24;
export const STAMP_BYTES = 32;
export const WIDTHS = { inet4: 4, inet6: 16 } as const;
export type Family = keyof typeof WIDTHS;

/** Numbers of the header: unsigned, 32 bits, little endian, from byte 8 on. */
export interface AsnCounts {
  /** Starts of ranges; the range reaches to the next start. */
  readonly inet4: number;
  readonly inet6: number;
  readonly networks: number;
  readonly nameBytes: number;
}

/** Byte offsets of the sections. */
export interface AsnSections {
  /** Starts of ranges: big endian, ascending. */
  readonly keys: Readonly<Record<Family, number>>;
  /** For each start the place of its network, counted from 1; 0 where nobody is. */
  readonly references: Readonly<Record<Family, number>>;
  /** Numbers of the networks, ascending. */
  readonly asns: number;
  /** Where each name begins among the names, and behind the last one where it ends. */
  readonly nameStarts: number;
  readonly names: number;
  readonly end: number;
}

/** Where the sections are in a file with these counts. */
export function sectionsOf({ inet4, inet6, networks, nameBytes }: AsnCounts): AsnSections {
  const keys4 = HEADER_BYTES;
  const references4 = keys4 + inet4 * WIDTHS.inet4;
  const keys6 = references4 + inet4 * 4;
  const references6 = keys6 + inet6 * WIDTHS.inet6;
  const asns = references6 + inet6 * 4;
  const nameStarts = asns + networks * 4;
  const names = nameStarts + (networks + 1) * 4;
  return {
    keys: { inet4: keys4, inet6: keys6 },
    references: { inet4: references4, inet6: references6 },
    asns,
    nameStarts,
    names,
    end: names + nameBytes,
  };
}
