// Eight stock web jails on one access log, and one of them alone: lines per CPU second.
import { jailSection, linesRead, warming } from '../reading.mjs';
import { accessLog } from '../web-log.mjs';

const OURS = Number(process.env.BENCH_LINES ?? 1_000_000);
const THEIRS = Math.ceil(OURS / 100);
/** The one whose failures are counted comes first. */
const JAILS = [
  'nginx-bad-request',
  'nginx-botsearch',
  'php-url-fopen',
  'apache-badbots',
  'apache-botsearch',
  'apache-fakegooglebot',
  'apache-noscript',
  'apache-overflows',
];

const measured = async (which, names, lines, run) => {
  const made = (count, by) => accessLog({ lines: count, failures: 0.01, now: Date.now() / 1000, seed: run + by });
  const jails = (path) => names.map((name) => jailSection(name, path)).join('\n');
  const logs = { before: made(warming(lines), 1000), log: made(lines, 0) };
  return (await linesRead(which, logs, { jails, names, counted: JAILS[0] })).rate;
};

export const measure = {
  name: 'web',
  order: 20,
  rows: [
    {
      key: 'eight',
      title: 'lines per CPU second, eight web jails on one access log',
      unit: 'lines/s',
      peer: 'fail2ban-server',
      better: 'more',
      bars: [{ of: 'ratio', atLeast: 80 }],
    },
    {
      key: 'sharing',
      title: 'CPU per line, eight web jails by one of them',
      unit: 'µs',
      peer: 'one jail',
      better: 'less',
      bars: [{ of: 'ratio', atMost: 2 }],
    },
  ],
  async sample({ run }) {
    const eight = await measured('bailiff', JAILS, OURS, run);
    const one = await measured('bailiff', JAILS.slice(0, 1), OURS, run);
    const theirs = await measured('fail2ban', JAILS, THEIRS, run);
    return { eight: { ours: eight, peer: theirs }, sharing: { ours: 1e6 / eight, peer: 1e6 / one } };
  },
};
