/** The door of this room: in which country and network an address is, from databases that come with the program. */

export interface Place {
  /** ISO 3166 alpha-2. */
  readonly country: string | null;
  /** Number of the autonomous system. */
  readonly asn: number | null;
  /** Name of whoever runs it. */
  readonly network: string | null;
}

export const NOWHERE: Place = { country: null, asn: null, network: null };

export interface Geo {
  /** Nowhere for ranges, for what is no address, and for addresses that the databases do not know. */
  locate(id: string): Place;
  networkName(asn: number): string | null;
  /** To be shown on every page that shows places: the databases' licences want it. */
  readonly attribution: readonly { readonly text: string; readonly url: string }[];
}
