// Pages with 100,000 bans in force and five million events in the history: the real web app over our server's socket, asked as a browser asks.
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { median, percentile95 } from '../figures.mjs';
import { fillBans } from '../pages/fill-bans.mjs';
import { fillHistory } from '../pages/fill-history.mjs';
import { startPanel } from '../pages/panel.mjs';
import { JAILS } from '../pages/people.mjs';
import { historyQuestions, listQuestions } from '../pages/questions.mjs';
import { stockConfig } from '../reading.mjs';
import { startServer, until } from '../servers.mjs';

const { SocketClient } = createRequire(import.meta.url)('../../../dist/contracts/socket/client.js');
const BANS = Number(process.env.BENCH_PAGE_BANS ?? 100_000);
const EVENTS = Number(process.env.BENCH_EVENTS ?? 5_000_000);
/** Questions of each kind. */
const EACH = Number(process.env.BENCH_QUESTIONS ?? 20);
/** With `BENCH_KINDS=1` every kind is told: milliseconds by the clock (median, 95th), and of the CPU (median, 95th). */
const TELL = process.env.BENCH_KINDS !== undefined;
/** Milliseconds between two bans while the list changes. */
const CHANGES_EVERY = 100;

const jail = (name, folder) =>
  `[${name}]\nenabled = true\nfilter = sshd\nbackend = polling\nlogpath = ${folder}/quiet.log\nbantime = 30d\nmaxretry = 5\nignorecommand =\naction =\n`;

let place = null;

/** The folder with both databases, filled once for all runs. */
async function filled() {
  if (place !== null) return place;
  const folder = mkdtempSync(path.join(tmpdir(), 'bailiff-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const now = Date.now() / 1000;
  mkdirSync(path.join(folder, 'data'));
  appendFileSync(path.join(folder, 'quiet.log'), '');
  const banned = await fillBans(path.join(folder, 'db.sqlite3'), BANS, now);
  const past = await fillHistory(path.join(folder, 'data/bailiff.sqlite3'), EVENTS, now);
  const config = stockConfig(folder, JAILS.map((name) => jail(name, folder)).join('\n'), 'dbpurgeage = 90d\n');
  place = { folder, config, banned, past, now };
  return place;
}

/** The milliseconds of each kind's questions: by the clock, and those of the CPU in the pages' process, which hold on a busy machine. */
async function asked(panel, kinds) {
  const times = new Map();
  for (const [kind, draw] of kinds) {
    const [took, cpu] = [[], []];
    for (let at = 0; at < EACH; at++) {
      const before = panel.cpu();
      took.push((await panel.get(draw())).took);
      cpu.push(panel.cpu() - before);
    }
    times.set(kind, { took, cpu });
    if (TELL) {
      const cells = [took, cpu].flatMap((list) => [median(list), percentile95(list)]).map((value) => value.toFixed(1).padStart(8));
      console.log(`${kind.padEnd(40)}${cells.join('')}`);
    }
  }
  return times;
}

/** The 95th of the slowest kind. */
const slowest = (times, what) => Math.max(...[...times.values()].map((kind) => percentile95(kind[what])));

/** Asks the same while bans come and go. */
async function whileChanging(panel, server, kinds) {
  const client = new SocketClient({ path: server.socket, timeout: 60 });
  let [wanted, at] = [true, 0];
  const changing = (async () => {
    // What was banned last goes too: the next run begins with as many.
    for (; wanted || at % 2 === 1; at++) {
      const address = `198.18.${(at >> 9) & 255}.${(at >> 1) & 255}`;
      await client.send(['set', JAILS[(at >> 1) % 3], at % 2 === 0 ? 'banip' : 'unbanip', address]);
      await new Promise((resolve) => setTimeout(resolve, CHANGES_EVERY));
    }
  })();
  try {
    return await asked(panel, kinds);
  } finally {
    wanted = false;
    await changing;
  }
}

/** Waits until the pages have read the log of the start: less than a twentieth of a second of CPU in a second. */
async function atRest(panel) {
  let before = -Infinity;
  await until(
    () => {
      const now = panel.cpu();
      const used = now - before;
      before = now;
      return used < 50;
    },
    300,
    1000,
  );
}

/** Seconds of an export of all bans, and the longest that a page took meanwhile. */
async function exported(panel) {
  const beside = new Agent({ keepAlive: true, maxSockets: 1 });
  let done = false;
  const from = performance.now();
  const whole = panel.get('/bans/export.csv').then(({ text }) => {
    done = true;
    return { took: (performance.now() - from) / 1000, text };
  });
  let longest = 0;
  while (!done) longest = Math.max(longest, (await panel.get('/bans?sort=since&order=descending', beside)).took);
  beside.destroy();
  const { took, text } = await whole;
  const lines = text().trimEnd().split('\n').length;
  if (lines < BANS) throw new Error(`${lines} lines of ${BANS} were exported`);
  return { took, longest };
}

const total = async (panel) => (await panel.get('/api/v1/bans?limit=1')).text();

const row = (key, title, unit, bars = [{ of: 'ours', atMost: 60 }]) => ({ key, title, unit, peer: null, better: 'less', bars });

export const measure = {
  name: 'pages',
  order: 60,
  rows: [
    row('list', `banned list, ${BANS} bans, slowest sort or search, 95th`, 'ms'),
    row('listCpu', 'CPU of the same', 'ms', []),
    row('changing', 'the same while ten bans a second come or go', 'ms'),
    row('changingCpu', 'CPU of the same', 'ms', []),
    row('history', `history, ${EVENTS} events, slowest page or question, 95th`, 'ms'),
    row('historyCpu', 'CPU of the same', 'ms', []),
    row('beside', 'longest wait for the list while all bans are exported', 'ms'),
    row('export', `export of ${BANS} bans`, 's', [{ of: 'ours', atMost: 5 }]),
  ],
  async sample({ run }) {
    const { folder, config, banned, past, now } = await filled();
    const server = await startServer('bailiff', config, folder);
    try {
      const panel = await startPanel({ config, socket: server.socket, folder, log: path.join(folder, 'bailiff.log') });
      try {
        await until(() => JAILS.every((name) => server.ask('status', name).includes('Total failed')), 120);
        let first = '';
        for (let waited = 0; !first.includes(`"total":${BANS}`) && waited < 120; waited++) {
          first = await total(panel);
          await new Promise((resolve) => setTimeout(resolve, 1000));
        }
        if (!first.includes(`"total":${BANS}`)) throw new Error(`the list has not ${BANS} bans: ${first.slice(-80)}`);
        await atRest(panel);
        const list = await asked(panel, listQuestions(banned, run));
        const changing = await whileChanging(panel, server, listQuestions(banned, run + 100));
        const history = await asked(panel, historyQuestions(banned, past, now, run));
        const { took, longest } = await exported(panel);
        const ours = {
          list: slowest(list, 'took'),
          listCpu: slowest(list, 'cpu'),
          changing: slowest(changing, 'took'),
          changingCpu: slowest(changing, 'cpu'),
          history: slowest(history, 'took'),
          historyCpu: slowest(history, 'cpu'),
          beside: longest,
          export: took,
        };
        return Object.fromEntries(Object.entries(ours).map(([key, figure]) => [key, { ours: figure, peer: null }]));
      } finally {
        await panel.stop();
      }
    } finally {
      await server.stop();
    }
  },
};
