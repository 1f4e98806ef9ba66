/** Whom failures never ban: read from a folder that stands for the machine's root. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { recordingRunner } from '../../../src/base/process';
import { readText } from '../../../src/base/files';
import { parseAddress } from '../../../src/model/address';
import { createSpared } from '../../../src/engine/jail/spared';
import { manualClock } from '../../support/clock';
import { temporaryFolder } from '../../support/folder';
import { jailWorld } from '../../support/jail-world';

const SHIPPED = path.resolve(__dirname, '../../../config/proxies.conf');
const SESSION = 'rule spare (session of an administrator)';
let folder: ReturnType<typeof temporaryFolder>;

beforeEach(() => {
  folder = temporaryFolder();
  write(
    'etc/passwd',
    'root:x:0:0::/root:/bin/sh\nanna:x:1000:1000::/:/bin/sh\ncustomer:x:1001:1001::/:/bin/sh\nberta:x:1002:27::/:/bin/sh\n',
  );
  write('etc/group', 'root:x:0:\nsudo:x:27:anna\ncustomer:x:1001:\n');
});

afterEach(() => folder.remove());

function write(name: string, content: string | Buffer): void {
  const file = path.join(folder.path, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}

function utmpRow(user: string, pid: number, address: string, type = 7): Buffer {
  const row = Buffer.alloc(384);
  row.writeInt16LE(type, 0);
  row.writeInt32LE(pid, 4);
  row.write(user, 44, 'latin1');
  Buffer.from(parseAddress(address)?.bytes ?? []).copy(row, 348);
  return row;
}

function spared(lists: readonly string[] = [], answers: Readonly<Record<string, string>> = {}) {
  const clock = manualClock();
  const runner = recordingRunner(({ args }) => ({ code: 0, stdout: answers[args[0] ?? ''] ?? '' }));
  return { clock, spares: createSpared({ clock, runner, lists, root: folder.path }) };
}

test('default gateways and name servers of both families, and no other hop', async () => {
  const head = 'Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n';
  write(
    'proc/net/route',
    `${head}eth0 00000000 010200C0 0003 0 0 0 00000000 0 0 0\neth0 0000000A 050200C0 0003 0 0 0 000000FF 0 0 0\neth0 0000000A 060200C0 0003 0 0 0 00000000 0 0 0\nx 00000000 zz\n`,
  );
  const zero = '0'.repeat(32);
  write(
    'proc/net/ipv6_route',
    `${zero} 00 ${zero} 00 20010db8000000000000000000000001 00000400 1 0 00000003 eth0\n` +
      `${zero} 00 ${zero} 00 ${zero} ffffffff 1 0 00200200 lo\n`,
  );
  write('etc/resolv.conf', '# nameserver 192.0.2.50\nnameserver 192.0.2.53\nnameserver fe80::1%eth0\nnameserver nonsense\nsearch x\n');
  const { spares } = spared();
  const ids = [
    '192.0.2.1',
    '2001:db8::1',
    '192.0.2.53',
    'fe80::1',
    '192.0.2.0/24',
    '192.0.2.5',
    '192.0.2.6',
    '192.0.2.50',
    '::',
    'some name',
  ];
  const reasons = await Promise.all(ids.map((id) => spares.reason(id)));
  const [gateway, server] = ['rule spare (default gateway)', 'rule spare (name server)'];
  expect(reasons).toEqual([gateway, gateway, server, server, gateway, null, null, null, null, null]);
});

test('utmp spares administrators whose sshd runs: no customer, no ended session, no other program', async () => {
  write(
    'run/utmp',
    Buffer.concat([
      utmpRow('root', 10, '192.0.2.1'),
      utmpRow('anna', 10, '2001:db8::2'),
      utmpRow('customer', 10, '192.0.2.3'),
      utmpRow('root', 11, '192.0.2.4'),
      utmpRow('root', 12, '192.0.2.5'),
      utmpRow('root', 10, '192.0.2.6', 8),
      utmpRow('root', 10, '192.0.2.7', 6),
      utmpRow('berta', 10, '192.0.2.8'),
      // At the console: it has no address.
      utmpRow('root', 10, '0.0.0.0'),
    ]),
  );
  write('proc/10/comm', 'sshd\n');
  write('proc/12/comm', 'ftpd\n');
  const { spares } = spared();
  const ids = ['192.0.2.1', '2001:db8::2', '192.0.2.3', '192.0.2.4', '192.0.2.5', '192.0.2.6', '192.0.2.7', '192.0.2.8'];
  const none = [null, null, null, null, null];
  expect(await Promise.all([...ids, '0.0.0.0/8'].map((id) => spares.reason(id)))).toEqual([SESSION, SESSION, ...none, SESSION, null]);
});

test('logind spares administrators by SSH, while the session is not closing', async () => {
  mkdirSync(path.join(folder.path, 'run/systemd/sessions'), { recursive: true });
  const block = (name: string, host: string, changed: Readonly<Record<string, string>> = {}): string =>
    Object.entries({ Name: name, Leader: '7', Service: 'sshd', State: 'active', Remote: 'yes', RemoteHost: host, ...changed })
      .map(([key, value]) => `${key}=${value}\n`)
      .join('');
  const { spares } = spared([], {
    'list-sessions': ' 1 0 root - pts/0\n c2 1000 anna - -\n',
    'show-session': [
      block('anna', '192.0.2.1'),
      block('customer', '192.0.2.2'),
      block('root', '192.0.2.3', { State: 'closing' }),
      block('root', '192.0.2.4', { Service: 'login' }),
      block('root', '192.0.2.5', { Remote: 'no' }),
      block('root', 'host.example'),
    ].join('\n'),
  });
  const ids = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.2.5'];
  expect(await Promise.all(ids.map((id) => spares.reason(id)))).toEqual([SESSION, null, null, null, null]);
});

test('an open connection to sshd without a log-in protects nobody', async () => {
  // 192.0.2.9:40000 → 198.51.100.1:22, established.
  write('proc/net/tcp', '  sl  local_address rem_address   st\n   0: 016433C6:0016 090200C0:9C40 01 00000000:00000000\n');
  const { spares } = spared();
  expect(await spares.reason('192.0.2.9')).toBeNull();
});

test('somebody who logs in or out is known five seconds later', async () => {
  const { spares, clock } = spared();
  expect(await spares.reason('192.0.2.1')).toBeNull();
  write('proc/10/comm', 'sshd-session\n');
  write('run/utmp', utmpRow('root', 10, '192.0.2.1'));
  await clock.advance(5);
  expect(await spares.reason('192.0.2.1')).toBe(SESSION);
  write('run/utmp', 'damaged');
  await clock.advance(5);
  expect(await spares.reason('192.0.2.1')).toBeNull();
});

test('the shipped list holds ranges only, none so wide that it spares a large part of the world', async () => {
  const words = readText(SHIPPED)
    .replace(/#.*/g, '')
    .split(/\s+/)
    .filter((word) => word !== '');
  expect(words.length).toBeGreaterThan(40);
  const narrow = words.filter((word) => {
    const address = parseAddress(word);
    return address !== null && address.prefix >= (address.family === 'inet4' ? 13 : 29);
  });
  expect(narrow).toEqual(words);
  const { spares } = spared([SHIPPED, path.join(folder.path, 'none')]);
  expect(await spares.reason('104.16.1.1')).toBe('rule spare (proxy)');
  expect(await spares.reason('104.32.0.1')).toBeNull();
});

test('who is at work on the pages is spared until the time is over; the oldest of more than a hundred is not', async () => {
  const { spares, clock } = spared();
  const by = 'rule spare (administrator on the pages)';
  const shelter = (text: string, seconds: number): void => {
    const address = parseAddress(text);
    if (address !== null) spares.shelter(address, seconds);
  };
  shelter('192.0.2.1', 60);
  const ids = ['192.0.2.1', '192.0.2.0/24', '::ffff:192.0.2.1', '192.0.2.2', '192.0.2.1 '];
  expect(await Promise.all(ids.map((id) => spares.reason(id)))).toEqual([by, by, by, null, null]);
  await clock.advance(30);
  shelter('192.0.2.1', 60);
  await clock.advance(59);
  expect(await spares.reason('192.0.2.1')).toBe(by);
  await clock.advance(1);
  expect(await spares.reason('192.0.2.1')).toBeNull();
  for (let i = 0; i <= 100; i++) shelter(`198.51.100.${i}`, 60);
  expect(await spares.reason('198.51.100.0')).toBeNull();
  expect(await spares.reason('198.51.100.1')).toBe(by);
});

test('ranges are taken out of the lists for good, and out of nothing else', async () => {
  write('own', '!104.16.0.0/13 !192.0.2.0/24 203.0.113.7 # ours\n! nonsense !x\n');
  write('etc/resolv.conf', 'nameserver 192.0.2.53\n');
  const { spares } = spared([SHIPPED, path.join(folder.path, 'own')]);
  const ids = ['104.16.1.1', '104.16.0.0/16', '104.24.1.1', '203.0.113.7', '192.0.2.53'];
  const proxy = 'rule spare (proxy)';
  expect(await Promise.all(ids.map((id) => spares.reason(id)))).toEqual([null, null, proxy, proxy, 'rule spare (name server)']);
});

test('a jail tells who is spared and bans the others; by hand it bans both', async () => {
  const list = path.join(folder.path, 'list');
  write('list', '192.0.2.1\n');
  const { spares } = spared([list]);
  const { jail, lines, told } = jailWorld({ config: { maxretry: 1 }, spared: spares });
  await jail.start();
  told();
  await lines('fail 192.0.2.1', 'fail 192.0.2.2');
  expect(told()).toEqual(['found 192.0.2.1', 'found 192.0.2.2', 'ignore 192.0.2.1', 'ban 192.0.2.2']);
  await jail.attempt('192.0.2.1');
  expect(told()).toEqual(['attempt 192.0.2.1', 'ignore 192.0.2.1']);
  expect(jail.status().banned).toEqual(['192.0.2.2']);
  expect(await jail.banNow(['192.0.2.1'])).toBe(1);
});
