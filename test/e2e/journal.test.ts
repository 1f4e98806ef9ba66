/** A real journald with a real sshd, in namespaces of their own: what our jail `ssh` reads of it, and what a user's program cannot make it read. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../src/base/clock';
import { followJournal } from '../../src/engine/source/journal';
import { temporaryFolder } from '../support/folder';
import { keptReader, until } from '../support/reader';

/** The words of the jail's `journalmatch`. */
const OURS = (
  /^\[ssh\]\n(?:.+\n)*?journalmatch = (.+)$/m.exec(readFileSync(path.resolve(__dirname, '../../config/jail.d/plesk.conf'), 'utf8'))?.[1] ??
  ''
)
  .split(' ')
  .filter((word) => word !== '');

/** Two log-ins that fail, then somebody without rights who writes what sshd would, by a program of that name. $1 is where the journal lies. */
const NIGHT = `set -e
mount -t tmpfs -o mode=755 none /run
mount -t tmpfs -o mode=755 none /dev
mkdir -p /dev/pts /run/systemd/journal /run/systemd/journald.conf.d /run/log/journal /run/sshd
mknod -m 666 /dev/null c 1 3; mknod -m 666 /dev/urandom c 1 9; mknod -m 666 /dev/tty c 5 0
mount -t devpts -o ptmxmode=666 none /dev/pts; ln -s pts/ptmx /dev/ptmx; ln -s /run/systemd/journal/dev-log /dev/log
mount --bind "$1" /run/log/journal
printf '[Journal]\\nStorage=volatile\\n' >/run/systemd/journald.conf.d/test.conf
ip link set lo up
/lib/systemd/systemd-journald & journald=$!
for try in $(seq 100); do test -S /run/systemd/journal/dev-log && break; sleep 0.05; done
ssh-keygen -q -t ed25519 -N '' -f /run/key
/usr/sbin/sshd -D -f /dev/null -h /run/key -o PidFile=none -o UsePAM=yes -o UseDNS=no -o PermitRootLogin=yes & sshd=$!
for try in $(seq 100); do ssh-keyscan -T 1 127.0.0.1 2>&1 | grep -q ed25519 && break; sleep 0.05; done
login() { sshpass -p wrong ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o NumberOfPasswordPrompts=1 -o PreferredAuthentications=password "$1@127.0.0.1" true || true; }
login root; login no-such-user
cp /usr/bin/logger /run/sshd/sshd
{ echo 'Failed password for root from 192.0.2.66 port 22 ssh2'; sleep 1; } |
  setpriv --reuid=nobody --regid=nogroup --clear-groups /run/sshd/sshd -t sshd
kill $sshd; wait $sshd || true
for try in $(seq 100); do journalctl --directory=/run/log/journal --quiet -o cat | grep -qF 'Received signal 15' && break; sleep 0.05; done
kill $journald; wait $journald || true
`;

const place = temporaryFolder();
afterAll(() => place.remove());

beforeAll(() => {
  const { status, stderr } = spawnSync(
    'unshare',
    ['--mount', '--net', '--propagation', 'private', '/bin/sh', '-c', NIGHT, 'sh', place.path],
    { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], timeout: 60_000 },
  );
  if (status !== 0) throw new Error(stderr);
}, 70_000);

/** The lines that such matches find in the journal that was kept. */
async function read(matches: readonly string[], last: string): Promise<readonly string[]> {
  const reader = keptReader();
  const handle = followJournal({ journalpath: place.path, matches: [matches], position: null, since: 0 }, reader, systemClock);
  try {
    await until(() => reader.lines().some((line) => line.includes(last)), last);
  } finally {
    await handle.stop();
  }
  return reader.lines();
}

test('the jail ssh reads what sshd says of failed log-ins, and nothing that a user wrote by a program named sshd', async () => {
  const lines = await read(OURS, 'Received signal 15');
  expect(lines).toContainEqual(
    expect.stringMatching(/ sshd(?:-session)?\[\d+\]: Failed password for root from 127\.0\.0\.1 port \d+ ssh2$/),
  );
  expect(lines).toContainEqual(
    expect.stringMatching(/ sshd(?:-session)?\[\d+\]: Failed password for invalid user no-such-user from 127\.0\.0\.1 /),
  );
  expect(lines.join('\n')).not.toContain('192.0.2.66');
});

test('that user is taken for sshd where its name alone is asked for', async () => {
  expect((await read(['_COMM=sshd'], 'Received signal 15')).join('\n')).toContain('192.0.2.66');
});
