// Ours beside two programs in C and Rust on one sshd log: sshguard's parser, and `rg -P` with all failregexes of the stock sshd filter joined into one.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { sshdLog } from '../logs.mjs';
import { inFolder, linesPerCpuSecond } from '../reading.mjs';

const LINES = Number(process.env.BENCH_LINES ?? 2_000_000);
const PARSER = '/usr/libexec/sshguard/sshg-parser';
/** Prints the stock filter's expressions as the original itself fills them in: the one before all, then the failregexes. */
const EXPRESSIONS = `
import json
from fail2ban.client.filterreader import FilterReader
from fail2ban.server.failregex import Regex
reader = FilterReader('sshd', 'bench', {}, basedir='/etc/fail2ban')
reader.read()
reader.getOptions(None)
stream = reader.convert()
before = [c[3] for c in stream if c[2] == 'prefregex'][0]
found = [c[3] for c in stream if c[2] == 'addfailregex'][0]
print(json.dumps([Regex(before).getRegex()] + [Regex(r).getRegex() for r in ([found] if isinstance(found, str) else found)]))
`;
const SYSLOG_DATE = '^\\w{3} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d';

/** What a line has to match: a date, what stands before the content, and one of the failregexes. */
function joined() {
  const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', EXPRESSIONS], { encoding: 'utf8' });
  const [before, ...failregexes] = JSON.parse(stdout || 'null') ?? [];
  if (failregexes.length === 0) throw new Error(`the original's filter cannot be read: ${stderr}`);
  const one = failregexes.map((text) => `(?:${text.replace(/^\^/, '')})`).join('|');
  return `(?J)${SYSLOG_DATE}${before.replace(/^\^/, '').replace('(?P<content>.+)', () => `(?:${one})`)}`;
}

/** CPU seconds of a command that reads a file on its standard input; and what it prints. */
function cpuSeconds(command, args, file) {
  const script = 'TIMEFORMAT="%U %S"; time "$@" < "$0"';
  const { stdout, stderr, status } = spawnSync('bash', ['-c', script, file, command, ...args], { encoding: 'utf8', maxBuffer: 1 << 30 });
  const times = stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  if (status !== 0 || times.length !== 2) throw new Error(`${command} failed: ${stderr}`);
  return { seconds: times[0] + times[1], stdout };
}

export const measure = {
  name: 'peers',
  order: 25,
  rows: [
    {
      key: 'sshguard',
      title: 'lines per CPU second, sshd, 30 % failures',
      unit: 'lines/s',
      peer: 'sshg-parser',
      better: 'more',
      bars: [{ of: 'ratio', atLeast: 1 }],
    },
    {
      key: 'ripgrep',
      title: 'CPU per line on the same log',
      unit: 'µs',
      peer: 'rg -P, joined',
      better: 'less',
      bars: [{ of: 'ratio', atMost: 5 }],
    },
  ],
  async sample({ run }) {
    const log = sshdLog({ lines: LINES, failures: 0.3, now: Date.now() / 1000, seed: run });
    const ours = (await linesPerCpuSecond('bailiff', { lines: LINES, failures: 0.3, seed: run })).rate;
    return inFolder((folder) => {
      const file = path.join(folder, 'sshd.log');
      writeFileSync(file, log.text);
      const parsed = cpuSeconds(PARSER, [], file);
      const attacks = parsed.stdout.split('\n').length - 1;
      if (attacks < log.hits) throw new Error(`sshg-parser saw ${attacks} of ${log.hits} failures`);
      const searched = cpuSeconds('rg', ['-P', '-c', '-e', joined(), '-'], file);
      if (Number(searched.stdout) < log.hits) throw new Error(`rg saw ${searched.stdout.trim()} of ${log.hits} failures`);
      return {
        sshguard: { ours, peer: LINES / parsed.seconds },
        ripgrep: { ours: 1e6 / ours, peer: (1e6 * searched.seconds) / LINES },
      };
    });
  },
};
