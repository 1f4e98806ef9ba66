// Draws who attacks: addresses of both families all over the networks, jails and users, the same for the same seed; few come often.
import { random } from '../logs.mjs';

export const JAILS = ['sshd', 'postfix', 'dovecot', 'wordpress', 'apache', 'panel', 'proftpd', 'recidive'];
export const COUNTRIES = 'CN US RU DE NL BR IN VN FR GB KR ID SG HK IR UA PL RO BG TR TH TW JP IT ES CA MX AR CL CO PE ZA NG EG'.split(' ');
export const USERS = [
  'root',
  'admin',
  'ubuntu',
  'test',
  'oracle',
  'postgres',
  'git',
  'deploy',
  'info',
  'backup',
  'mysql',
  'ftp',
  'pi',
  'www',
];

/** So many addresses, each once; every twelfth of IPv6. */
export function drawAddresses(count, seed) {
  const next = random(seed);
  const byte = () => Math.floor(next() * 256);
  const found = new Set();
  while (found.size < count) {
    const network = 11 + Math.floor(190 * next() ** 1.5);
    if (network === 127) continue;
    if (next() < 1 / 12)
      found.add(`2a0${1 + (byte() % 9)}:${(4096 + byte()).toString(16)}:${(256 + byte()).toString(16)}::${(1 + byte()).toString(16)}`);
    else found.add(`${network}.${byte()}.${byte()}.${byte()}`);
  }
  return [...found];
}

/** A number below `length`, small ones more often. */
export const rank = (next, length) => Math.floor(length * next() ** 2.5);
