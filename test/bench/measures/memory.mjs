// Resident memory of both servers after the same input: a million failures from 200,000 addresses, none of which is banned.
import { syslogDate } from '../logs.mjs';
import { jailSection, linesRead } from '../reading.mjs';

const ADDRESSES = Number(process.env.BENCH_ADDRESSES ?? 200_000);
/** Failures of each address. */
const EACH = 5;

/** An sshd log in which each address fails a few times, none right after the other. */
function failures() {
  const now = Date.now() / 1000;
  const date = `${syslogDate(now - 60)} host sshd`;
  const lines = [];
  for (let round = 0; round < EACH; round++) {
    for (let at = 0; at < ADDRESSES; at++) {
      const address = `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`;
      // Each in a session of its own.
      const pid = 1000 + ((at * EACH + round) % 60000);
      lines.push(
        `${date}[${pid}]: Failed password for invalid user user${at % 977} from ${address} port ${1024 + ((at * 7) % 60000)} ssh2\n`,
      );
    }
  }
  return {
    text: lines.join(''),
    lines: lines.length,
    hits: lines.length,
    sentinel: `${syslogDate(now)} host sshd[1]: Failed password for root from 192.0.2.99 port 22 ssh2\n`,
  };
}

const resident = async (which, log) =>
  (await linesRead(which, { log }, { jails: (file) => jailSection('sshd', file), names: ['sshd'], counted: 'sshd' })).resident;

export const measure = {
  name: 'memory',
  order: 50,
  rows: [
    {
      key: 'failures',
      title: `resident memory after ${ADDRESSES * EACH} failures of ${ADDRESSES} addresses`,
      unit: 'MB',
      peer: 'fail2ban-server',
      better: 'less',
      bars: [{ of: 'ratio', atMost: 1 }],
    },
  ],
  async sample() {
    const log = failures();
    return { failures: { ours: await resident('bailiff', log), peer: await resident('fail2ban', log) } };
  },
};
