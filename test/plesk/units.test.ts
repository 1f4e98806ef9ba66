/** What our units take away from the programs, each by its name: the bar for their exposure is too wide to miss a single line. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

const BOTH = {
  NoNewPrivileges: 'yes',
  ProtectHome: 'read-only',
  PrivateTmp: 'yes',
  PrivateDevices: 'yes',
  ProtectClock: 'yes',
  ProtectHostname: 'yes',
  ProtectControlGroups: 'yes',
  ProtectKernelModules: 'yes',
  ProtectKernelLogs: 'yes',
  ProtectKernelTunables: 'yes',
  RestrictNamespaces: 'yes',
  RestrictRealtime: 'yes',
  RestrictSUIDSGID: 'yes',
  LockPersonality: 'yes',
  SystemCallArchitectures: 'native',
  SystemCallFilter: '~@clock @cpu-emulation @debug @module @mount @obsolete @raw-io @reboot @swap',
};

test.each([
  ['bailiff-server', { ...BOTH, ProtectSystem: 'yes', UMask: '0077' }],
  ['bailiff-web', { ...BOTH, ProtectSystem: 'strict', PrivateMounts: 'yes', PrivateNetwork: 'yes', IPAddressDeny: 'any' }],
])('%s keeps everything that holds it in', (unit, wanted) => {
  const text = readFileSync(path.join(__dirname, `../../plesk-ext/units/${unit}.service`), 'utf8');
  const values = Object.keys(wanted).map((name) => [
    name,
    Array.from(text.matchAll(new RegExp(`^${name}=(.*)$`, 'gm')), ([, value]) => value),
  ]);
  expect(values).toEqual(Object.entries(wanted).map(([name, value]) => [name, [value]]));
});
