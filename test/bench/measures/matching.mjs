// Lines per CPU second of the stock server and of ours on the same kind of sshd log, with the stock sshd filter: mixed, only misses, only hits.
import { linesPerCpuSecond } from '../reading.mjs';

const OURS = Number(process.env.BENCH_LINES ?? 2_000_000);
/** The original needs a minute for what ours reads in seconds: its rate does not depend on the length. */
const THEIRS = Math.ceil(OURS / 40);
const MIXES = { mixed: 0.3, misses: 0, hits: 1 };

const row = (key, title, atLeast) => ({
  key,
  title,
  unit: 'lines/s',
  peer: 'fail2ban-server',
  better: 'more',
  bars: [{ of: 'ratio', atLeast }],
});

export const measure = {
  name: 'matching',
  order: 10,
  rows: [
    row('mixed', 'lines per CPU second, sshd, 30 % failures', 30),
    row('misses', 'the same, only misses', 40),
    row('hits', 'the same, only hits', 20),
  ],
  async sample({ run }) {
    const result = {};
    for (const [key, failures] of Object.entries(MIXES)) {
      const rate = async (which, lines) => (await linesPerCpuSecond(which, { lines, failures, seed: run })).rate;
      result[key] = { ours: await rate('bailiff', OURS), peer: await rate('fail2ban', THEIRS) };
    }
    return result;
  },
};
