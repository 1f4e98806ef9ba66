// Makes logs to be measured on: sshd lines of the last minutes, a share of them failures, from a seed.

/** A small generator of numbers in [0, 1), the same for the same seed. */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value) => String(value).padStart(2, '0');

/** `Nov 22 09:00:01` in local time. */
export function syslogDate(seconds) {
  const date = new Date(seconds * 1000);
  return `${MONTHS[date.getMonth()]} ${String(date.getDate()).padStart(2)} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

const USERS = ['root', 'admin', 'ubuntu', 'test', 'oracle', 'postgres', 'git', 'deploy', 'www-data', 'backup'];

const MISSES = [
  (pick) =>
    `Accepted publickey for ${pick(USERS)} from 203.0.113.${pick(250)} port ${1024 + pick(60000)} ssh2: ED25519 SHA256:abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG`,
  (pick) => `pam_unix(sshd:session): session opened for user ${pick(USERS)}(uid=0) by (uid=0)`,
  (pick) => `pam_unix(sshd:session): session closed for user ${pick(USERS)}`,
  (pick) => `Received disconnect from 203.0.113.${pick(250)} port ${1024 + pick(60000)}:11: disconnected by user`,
  (pick) => `Disconnected from user ${pick(USERS)} 203.0.113.${pick(250)} port ${1024 + pick(60000)}`,
  (pick) => `Starting session: command for ${pick(USERS)} from 203.0.113.${pick(250)} port ${1024 + pick(60000)} id 0`,
];

const HITS = [
  (pick) => `Failed password for ${pick(USERS)} from 198.51.100.${pick(250)} port ${1024 + pick(60000)} ssh2`,
  (pick) => `Failed password for invalid user ${pick(USERS)}${pick(1000)} from 198.51.100.${pick(250)} port ${1024 + pick(60000)} ssh2`,
];

/**
 * The text of an sshd log: `lines` lines whose dates lie in the `span` seconds before `now`.
 * Returns the text, how many lines there are and are failures, and a last line that fails, to see that all is read.
 */
export function sshdLog({ lines, failures, now, span = 120, seed = 1 }) {
  const next = random(seed);
  const pick = (from) => (typeof from === 'number' ? Math.floor(next() * from) : from[Math.floor(next() * from.length)]);
  const out = [];
  let hits = 0;
  for (let i = 0; i < lines; i++) {
    const date = syslogDate(Math.floor(now - span + (span * i) / lines));
    const hit = next() < failures;
    if (hit) hits++;
    out.push(`${date} host sshd[${1000 + pick(60000)}]: ${pick(hit ? HITS : MISSES)(pick)}\n`);
  }
  const sentinel = `${syslogDate(Math.floor(now))} host sshd[1]: Failed password for root from 192.0.2.99 port 22 ssh2\n`;
  return { text: out.join(''), lines, hits, sentinel };
}
