/** The demo's lines: attackers that our filters see, visitors that they don't, and addresses of nobody. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../src/base/clock';
import { attackLine, innocentLine, inventAddress, inventAttacker, type Service } from '../../src/bin/demo/attackers';
import { DemoFeeder } from '../../src/bin/demo/feeder';

/** Numbers that look random and are the same in every run (a linear congruence). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
}

const DOCUMENTATION = /^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$|^2001:db8:/;
const FILTERS: Readonly<Record<Service, string>> = {
  ssh: 'sshd',
  wordpress: 'plesk-wordpress',
  dovecot: 'plesk-dovecot',
  postfix: 'plesk-postfix',
  panel: 'plesk-panel',
};
const config = path.resolve(__dirname, '../../config');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bailiff-demo-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** The addresses that the stock program finds in lines with a filter of ours. */
function found(filter: string, lines: readonly string[]): string[] {
  const log = path.join(folder, 'log');
  writeFileSync(log, lines.map((text) => `${text}\n`).join(''));
  const { stdout } = spawnSync('fail2ban-regex', ['-o', '<ip>', log, path.join(config, 'filter.d', `${filter}.conf`)], {
    encoding: 'utf8',
  });
  return stdout.split('\n').filter((line) => line !== '');
}

describe('the demo', () => {
  it('uses addresses reserved for documentation, of both families', () => {
    const random = sequence(1);
    const addresses = Array.from({ length: 500 }, () => inventAddress(random));
    expect(addresses.filter((address) => !DOCUMENTATION.test(address) || isIP(address) === 0)).toEqual([]);
    expect(new Set(addresses.map((address) => isIP(address)))).toEqual(new Set([4, 6]));
  });

  it.each(Object.entries(FILTERS) as [Service, string][])('attacks on %s are what the filter %s is for', (service, filter) => {
    const random = sequence(2);
    const now = systemClock.now();
    const addresses = Array.from({ length: 20 }, () => inventAddress(random));
    expect(
      found(
        filter,
        addresses.map((address) => attackLine(service, address, now, random).text),
      ),
    ).toEqual(addresses);
  });

  it('has visitors whom no filter minds', () => {
    const random = sequence(3);
    const lines = Array.from({ length: 200 }, () => innocentLine(systemClock.now(), random).text);
    for (const filter of Object.values(FILTERS)) expect(found(filter, lines)).toEqual([]);
  });

  it('has attackers who fail often enough to be banned within seconds, and forgetful people who do not', () => {
    const random = sequence(4);
    const attackers = Array.from({ length: 200 }, () => inventAttacker(0, random));
    const attempts = attackers.map((attacker) => attacker.attemptsLeft);
    expect(attempts.filter((count) => count >= 5).length).toBeGreaterThan(100);
    expect(attempts.filter((count) => count < 3).length).toBeGreaterThan(20);
    expect(Math.max(...attackers.filter((attacker) => attacker.attemptsLeft >= 5).map((attacker) => attacker.pace))).toBeLessThan(1.6);
  });

  it('writes several lines per second, each to its log', () => {
    const feeder = new DemoFeeder(folder, systemClock, sequence(5));
    feeder.prepare();
    const lines = Array.from({ length: 40 }, (_, round) => feeder.round(1000 + round / 4)).flat();
    expect(lines.length / 10).toBeGreaterThan(2);
    expect(lines.length / 10).toBeLessThan(20);
    expect(new Set(lines.map((line) => line.log))).toEqual(new Set(['auth.log', 'access_log', 'maillog', 'panel.log']));
    expect(readFileSync(path.join(folder, 'auth.log'), 'utf8')).toBe('');
  });
});
