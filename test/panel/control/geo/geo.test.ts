/** Country and network of addresses, from the installed databases; the table of networks held against the CSV files it is made from. */
import { mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../../../src/base/clock';
import { createLogger } from '../../../../src/base/logger';
import { installedGeoFiles, openGeo, type GeoFiles } from '../../../../src/panel/control/geo/open-geo';
import { NOWHERE } from '../../../../src/panel/control/geo/geo';
import { temporaryFolder } from '../../../support/folder';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const said: string[] = [];
const logger = createLogger((record) => void said.push(`${record.level} ${record.message}`));
const at = (name: string, files?: GeoFiles): ReturnType<typeof openGeo> =>
  openGeo({ folder: path.join(folder.path, name), clock: systemClock, logger, ...(files === undefined ? {} : { files }) });
const table = (name: string): string => path.join(folder.path, name, 'networks.bin');

/** Files of the test's own, beside the installed countries. */
function ownFiles(name: string, inet4: string, inet6: string): GeoFiles {
  mkdirSync(path.join(folder.path, name), { recursive: true });
  const networks = { inet4: path.join(folder.path, name, '4.csv'), inet6: path.join(folder.path, name, '6.csv') };
  writeFileSync(networks.inet4, inet4);
  writeFileSync(networks.inet6, inet6);
  return { countries: installedGeoFiles().countries, networks };
}

describe('the installed databases', () => {
  it('know country and network of well-known addresses, and nothing of what is none', async () => {
    const geo = await at('installed');
    expect(geo.locate('8.8.8.8')).toEqual({ country: 'US', asn: null, network: null });
    await geo.ready;
    expect(geo.locate('8.8.8.8')).toEqual({ country: 'US', asn: 15169, network: expect.stringContaining('Google') as string });
    expect(geo.locate('::ffff:8.8.8.8')).toEqual(geo.locate('8.8.8.8'));
    expect(geo.locate('2001:4860:4860::8888')).toMatchObject({ country: 'US', asn: 15169 });
    expect(geo.locate('8.8.4.4')).toBe(geo.locate('8.8.8.8'));
    expect(geo.locate('193.99.144.85').country).toBe('DE');
    for (const id of ['8.8.8.0/24', 'any text', '', '10.1.2.3', '192.0.2.1', 'fe80::1', '2001:db8::/32'])
      expect(geo.locate(id)).toEqual(NOWHERE);
    expect(geo.networkName(15169)).toContain('Google');
    expect(geo.networkName(4294967295)).toBeNull();
    expect(geo.attribution.map(({ url }) => url)).toContain('https://db-ip.com');
    expect(said).toEqual([]);
  });

  it('say of every 50th range of the CSV files what the line says, at its start and its end', async () => {
    const geo = await at('installed');
    await geo.ready;
    const { networks } = installedGeoFiles();
    let seen = 0;
    for (const [file, number] of [
      [networks.inet4, (text: string) => [24n, 16n, 8n, 0n].map((bits) => (BigInt(text) >> bits) & 255n).join('.')],
      [networks.inet6, (text: string) => (BigInt(text).toString(16).padStart(32, '0').match(/.{4}/g) ?? []).join(':')],
    ] as const) {
      readFileSync(file, 'utf8')
        .split('\n')
        .forEach((line, index) => {
          if (index % 50 !== 0 || line === '') return;
          const [start = '', end = '', asn = ''] = line.split(',');
          seen++;
          for (const id of [start, end]) {
            const found = geo.locate(number(id)).asn;
            if (found !== Number(asn)) throw new Error(`${number(id)}: ${String(found)} instead of ${asn}`);
          }
        });
    }
    expect(seen).toBeGreaterThan(10_000);
  });

  it('are small, and made once: the second time the table is only read', async () => {
    const { size, mtimeMs } = statSync(table('installed'));
    expect(size).toBeLessThan(16 * 1024 * 1024);
    const geo = await at('installed');
    await geo.ready;
    expect(geo.locate('8.8.8.8').asn).toBe(15169);
    expect(statSync(table('installed')).mtimeMs).toBe(mtimeMs);
  });
});

describe('a table of networks', () => {
  const FOUR =
    '16777216,16777471,13335,"Cloudflare, ""Inc."""\n16777473,16777475,7,Ü Netz\n16777470,16777479,8,Overlaps\n4294967295,4294967295,9,The last\n';
  const SIX = '42540766411282592856903984951653826560,42540766490510755371168322545197776895,64500,Documentation\n';

  it('has gaps, quoted names, the first and the last address', async () => {
    const geo = await at('small', ownFiles('small', FOUR, SIX));
    await geo.ready;
    expect(geo.locate('1.0.0.0')).toMatchObject({ asn: 13335, network: 'Cloudflare, "Inc."' });
    expect(geo.locate('1.0.0.255').asn).toBe(13335);
    expect(geo.locate('1.0.1.0').asn).toBeNull();
    expect(geo.locate('1.0.1.1')).toMatchObject({ asn: 7, network: 'Ü Netz' });
    expect(geo.locate('1.0.1.7')).toMatchObject({ asn: 8, network: 'Overlaps' });
    expect(geo.locate('1.0.1.8').asn).toBeNull();
    expect(geo.locate('0.255.255.255').asn).toBeNull();
    expect(geo.locate('255.255.255.255').asn).toBe(9);
    expect(geo.locate('2001:db8::').asn).toBe(64500);
    expect(geo.locate('2001:db8:ffff:ffff:ffff:ffff:ffff:ffff').asn).toBe(64500);
    expect(geo.locate('2001:db9::').asn).toBeNull();
    expect(geo.networkName(13335)).toBe('Cloudflare, "Inc."');
  });

  it('is made anew when the lists changed, and when the file is no whole table', async () => {
    const files = ownFiles('small', '16777216,16777471,5,Other\n', SIX);
    const changed = await at('small', files);
    await changed.ready;
    expect(changed.locate('1.0.0.1')).toMatchObject({ asn: 5, network: 'Other' });
    truncateSync(table('small'), 100);
    const again = await at('small', files);
    await again.ready;
    expect(again.locate('1.0.0.1').asn).toBe(5);
    expect(statSync(table('small')).size).toBeGreaterThan(100);
  });

  it('leaves out lines that are none, and says so; a missing list costs only the networks', async () => {
    const odd = await at('odd', ownFiles('odd', 'x\n5,3,1,Backwards\n8,9,99999999999,Large\n10,4294967296,1,Beyond\n1,2,3,Good\n', ''));
    await odd.ready;
    expect(odd.locate('0.0.0.1').asn).toBe(3);
    expect(said.splice(0)).toEqual(['WARNING 4 lines of the list of networks were left out']);
    const { countries } = installedGeoFiles();
    const missing = await at('none', { countries, networks: { inet4: '/nonexistent/4', inet6: '/nonexistent/6' } });
    await missing.ready;
    expect(missing.locate('8.8.8.8')).toEqual({ country: 'US', asn: null, network: null });
    expect(said.splice(0)).toEqual([expect.stringContaining('networks of addresses are not known') as string]);
    const bare = await at('bare', { ...ownFiles('bare', '', ''), countries: '/nonexistent.mmdb' });
    await bare.ready;
    expect(bare.locate('8.8.8.8')).toEqual(NOWHERE);
    expect(said.splice(0)).toEqual([expect.stringContaining('countries of addresses are not known') as string]);
  });
});
