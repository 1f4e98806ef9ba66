// Many watched files: memory and idle CPU of both servers with 2,000 files in 3 jails; start, memory and idle CPU of ours with 10,000 files in 16 jails.
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { failuresOf, inFolder, stockConfig } from '../reading.mjs';
import { startServer, until } from '../servers.mjs';
import { accessLog } from '../web-log.mjs';

const FEW = Number(process.env.BENCH_FILES ?? 2000);
const MANY = FEW * 5;
/** Seconds over which idle CPU is taken. */
const IDLE = Number(process.env.BENCH_IDLE ?? 20);
/** Logs of one domain. */
const IN_FOLDER = 8;
const FILTERS = [
  'nginx-bad-request',
  'nginx-botsearch',
  'nginx-http-auth',
  'nginx-limit-req',
  'php-url-fopen',
  'apache-badbots',
  'apache-botsearch',
  'apache-fakegooglebot',
  'apache-noscript',
  'apache-overflows',
  'apache-auth',
  'apache-modsecurity',
  'apache-nohome',
  'apache-shellshock',
  'apache-pass',
  'roundcube-auth',
];
/** The first one counts what is written at the end. */
const [FIRST] = FILTERS;

/** So many logs in folders as a server with many domains has them, last written two hours ago. */
function makeLogs(folder, count) {
  const { text } = accessLog({ lines: 5, failures: 0, now: Date.now() / 1000 - 7200 });
  const files = Array.from({ length: count }, (_, at) =>
    path.join(folder, 'vhosts', `domain-${Math.floor(at / IN_FOLDER)}.example`, `access-${at % IN_FOLDER}.log`),
  );
  for (const file of files) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return files;
}

const jail = (filter, folder) =>
  `[${filter}]\nenabled = true\nfilter = ${filter}\nbackend = auto\nlogpath = ${folder}/vhosts/*/access-*.log\nmaxretry = 100000\nfindtime = 10m\nignorecommand =\naction =\n`;

const namesOf = (server, filter) => (server.ask('status', filter).match(/access-\d+\.log/g) ?? []).length;

/** Starts a server on so many files and jails, waits until a line at the end of the last file is counted; seconds to the start, MB, CPU per second when idle. */
function watched(which, count, filters) {
  return inFolder(async (folder) => {
    const files = makeLogs(folder, count);
    const config = stockConfig(folder, filters.map((filter) => jail(filter, folder)).join('\n'));
    const from = performance.now();
    const server = await startServer(which, config, folder);
    try {
      await until(() => namesOf(server, filters.at(-1)) === count, 600);
      const started = (performance.now() - from) / 1000;
      appendFileSync(files.at(-1), accessLog({ lines: 1, failures: 0, now: Date.now() / 1000 }).sentinel);
      await until(() => failuresOf(server, FIRST) >= 1, 120);
      // What the start has left behind is given back when the server has rested for a while.
      await new Promise((resolve) => setTimeout(resolve, 25_000));
      const [before, since] = [server.cpu(), performance.now()];
      await new Promise((resolve) => setTimeout(resolve, IDLE * 1000));
      const idle = ((server.cpu() - before) / (performance.now() - since)) * 1e6;
      return { started, resident: server.resident(), idle };
    } finally {
      await server.stop();
    }
  });
}

export const measure = {
  name: 'files',
  order: 40,
  rows: [
    {
      key: 'resident',
      title: `resident memory, ${FEW} files in 3 jails`,
      unit: 'MB',
      peer: 'fail2ban-server',
      better: 'less',
      bars: [{ of: 'ratio', atMost: 1.5 }],
    },
    {
      key: 'idle',
      title: `CPU per second when idle, ${FEW} files in 3 jails`,
      unit: 'ms',
      peer: 'fail2ban-server',
      better: 'less',
      bars: [{ of: 'ratio', atMost: 1 }],
    },
    {
      key: 'start',
      title: `start with ${MANY} files in 16 jails`,
      unit: 's',
      peer: null,
      better: 'less',
      bars: [{ of: 'ours', atMost: 5 }],
    },
    {
      key: 'most',
      title: `resident memory, ${MANY} files in 16 jails`,
      unit: 'MB',
      peer: null,
      better: 'less',
      bars: [{ of: 'ours', atMost: 200 }],
    },
  ],
  async sample() {
    const few = FILTERS.slice(0, 3);
    const ours = await watched('bailiff', FEW, few);
    const theirs = await watched('fail2ban', FEW, few);
    const many = await watched('bailiff', MANY, FILTERS);
    return {
      resident: { ours: ours.resident, peer: theirs.resident },
      idle: { ours: ours.idle, peer: theirs.idle },
      start: { ours: many.started, peer: null },
      most: { ours: many.resident, peer: null },
    };
  },
};
