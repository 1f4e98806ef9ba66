// Installs the Debian packages that the tests compare with or run against, when this is root on a Debian system; names what is missing otherwise.
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

/** Package and a file that shows that it is there. */
export const PACKAGES = {
  fail2ban: '/usr/bin/fail2ban-server',
  python3: '/usr/bin/python3',
  // the stock server reads the journal with it
  'python3-systemd': '/usr/lib/python3/dist-packages/systemd/__init__.py',
  nftables: '/usr/sbin/nft',
  iptables: '/usr/sbin/iptables',
  ipset: '/usr/sbin/ipset',
  iproute2: '/usr/sbin/ip',
  'openssh-server': '/usr/sbin/sshd',
  'openssh-client': '/usr/bin/ssh',
  sshpass: '/usr/bin/sshpass',
  rsyslog: '/usr/sbin/rsyslogd',
  'php-cli': '/usr/bin/php',
  // the panel's PHP has them
  'php-curl': '/var/lib/dpkg/info/php-curl.list',
  'php-mbstring': '/var/lib/dpkg/info/php-mbstring.list',
  unzip: '/usr/bin/unzip',
  shellcheck: '/usr/bin/shellcheck',
  // the package for ARM is made and started here
  'g++-aarch64-linux-gnu': '/usr/bin/aarch64-linux-gnu-g++',
  'qemu-user-static': '/usr/bin/qemu-aarch64-static',
  chromium: '/usr/bin/chromium',
  systemd: '/usr/bin/journalctl',
  'systemd-journal-remote': '/lib/systemd/systemd-journal-remote',
};

/** What only the bench measures beside: sshguard would guard the machine from its next start on, so the tests do not bring it. */
export const PEERS = {
  sshguard: '/usr/libexec/sshguard/sshg-parser',
  ripgrep: '/usr/bin/rg',
};

const POLICY = '/usr/sbin/policy-rc.d';

function missing(packages) {
  return Object.entries(packages)
    .filter(([, file]) => !existsSync(file))
    .map(([name]) => name);
}

/** Returns the packages that are still missing. The services of new packages are not started. */
export function installDebianPackages(packages = PACKAGES) {
  const wanted = missing(packages);
  if (wanted.length === 0) return [];
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return wanted;
  console.error(`Installing Debian packages that are used here: ${wanted.join(' ')} ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const ownPolicy = !existsSync(POLICY);
  if (ownPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    execFileSync('apt-get', ['-qq', 'update'], { env, stdio: ['ignore', 2, 2] });
    execFileSync('apt-get', ['-qq', '-y', '--no-install-recommends', 'install', ...wanted], { env, stdio: ['ignore', 'ignore', 2] });
  } finally {
    if (ownPolicy) rmSync(POLICY);
  }
  return missing(packages);
}
