/** Opens the databases that come with the program: countries at once, networks as soon as their table is there. */
import path from 'node:path';
import { open, type CountryResponse, type Reader } from 'maxmind';
import { messageOf } from '../../../base/errors';
import { formatAddress, isSingle, parseAddress } from '../../../model/address';
import { NOWHERE, type Geo, type Place } from './geo';
import { Networks, type NetworkFiles, type NetworksOptions } from './networks';

export interface GeoFiles {
  /** An mmdb with `country_code`. */
  readonly countries: string;
  readonly networks: NetworkFiles;
}

export interface GeoOptions extends Omit<NetworksOptions, 'files'> {
  /** Those of the installed packages, when not given. */
  readonly files?: GeoFiles;
}

export interface OpenedGeo extends Geo {
  /** Kept when networks are known too, or cannot be; never rejects. */
  readonly ready: Promise<void>;
  close(): void;
}

/** Places that are told again as they are. */
const MOST_PLACES = 20_000;
const COUNTRY = /^[A-Z]{2}$/;

const ATTRIBUTION = [
  { text: 'Countries: IP to country by the NRO (CC BY 4.0), merged by ip-location-db', url: 'https://www.nro.net/' },
  { text: 'Networks: IP to ASN by RouteViews (CC BY 4.0)', url: 'https://www.routeviews.org/' },
  { text: 'IP Geolocation by DB-IP', url: 'https://db-ip.com' },
] as const;

/** This database's records are no more than `country_code`. */
function countryOf(record: unknown): string | null {
  if (typeof record !== 'object' || record === null || !('country_code' in record)) return null;
  const { country_code: code } = record;
  return typeof code === 'string' && COUNTRY.test(code) ? code : null;
}

/** Where the files of the installed packages are. Throws when a package is not there. */
export function installedGeoFiles(): GeoFiles {
  const countries = path.dirname(require.resolve('@ip-location-db/geo-whois-asn-country-mmdb/package.json'));
  const networks = path.dirname(require.resolve('@ip-location-db/asn/package.json'));
  return {
    countries: path.join(countries, 'geo-whois-asn-country.mmdb'),
    networks: { inet4: path.join(networks, 'asn-ipv4-num.csv'), inet6: path.join(networks, 'asn-ipv6-num.csv') },
  };
}

/** A file that is missing or damaged costs its part of the answers, and is told to the logger. Never rejects for that. */
export async function openGeo(options: GeoOptions): Promise<OpenedGeo> {
  const { folder, clock, logger, files = installedGeoFiles() } = options;
  const networks = new Networks({ files: files.networks, folder, clock, logger });
  let countries: Reader<CountryResponse> | null = null;
  try {
    countries = await open<CountryResponse>(files.countries);
  } catch (error) {
    logger.log('WARNING', 'bailiff.geo', `countries of addresses are not known: ${messageOf(error)}`);
  }
  /** A hundred thousand addresses are in a few thousand networks. */
  const places = new Map<string, Place>();
  return {
    locate(id) {
      const address = parseAddress(id);
      if (address === null || !isSingle(address)) return NOWHERE;
      const country = countryOf(countries?.get(formatAddress(address)) ?? null);
      const asn = networks.table?.numberOf(address) ?? null;
      const key = `${country ?? ''} ${asn ?? ''}`;
      const known = places.get(key);
      if (known !== undefined) return known;
      const place = { country, asn, network: asn === null ? null : (networks.table?.nameOf(asn) ?? null) };
      if (places.size >= MOST_PLACES) places.clear();
      places.set(key, place);
      return place;
    },
    networkName: (asn) => networks.table?.nameOf(asn) ?? null,
    attribution: ATTRIBUTION,
    ready: networks.ready,
    close: () => networks.close(),
  };
}
