/** A day of a busy server in compressed time: real files that are rotated, a real database, actions that run in a shell; what was read, found, banned and unbanned is held against an independent count, memory and descriptors are measured. */
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { formatLocalTime } from '../../src/base/local-time';
import { randomOf, type Random } from '../fuzz/random';
import { temporaryFolder } from '../support/folder';
import { writeTree } from '../support/stock-config';
import type { DayState } from './day-server';

/** Seconds between two writes, and lines in each. */
const TICK = 10;
const LINES = 40;
/** Ticks between two measurements of memory, and between two rotations of a log on average. */
const MEASURED = 30;
const ROTATED = 250;
const [MAXRETRY, FINDTIME, BANTIME] = [3, 600, 1200] as const;
/** Share of ticks in which an offender begins. */
const OFFENDERS = 0.2;
/** Seconds over which his failures are spread. */
const SPREAD = 300;
/** Seconds in which nothing is written any more, so that all is read and carried out. */
const REST = 180;
/** Seconds that the server is given to warm up: from then on as many bans end as begin. */
const WARM = 2 * BANTIME;
/** The two logs with the jail of each; the third jail reads both and takes every line for a failure. */
const LOGS = ['ssh', 'web'] as const;
const EVERY = 'every';

/** What the day came to. */
export interface DayFigures {
  readonly hours: number;
  readonly lines: number;
  readonly rotations: number;
  /** Of both jails: as counted here. */
  readonly failures: number;
  readonly bans: number;
  readonly unbans: number;
  /** Counters that are not as counted here, each told. */
  readonly wrong: readonly string[];
  /** KiB by which the living objects grow in an hour of the second half, by least squares; and what they take. */
  readonly growth: number;
  readonly heap: number;
  /** MiB of the process at most. */
  readonly rss: number;
  readonly descriptors: { readonly first: number; readonly last: number; readonly most: number };
}

function filesOf(folder: string): Readonly<Record<string, string>> {
  const jail = (name: string, logs: readonly string[], more: string): string =>
    `[${name}]\nenabled = true\nlogpath = ${logs.map((log) => `${folder}/${log}.log`).join('\n  ')}\n${more}`;
  const note = (word: string): string => `printf '%%s\\n' "${word} <ip>" >> ${folder}/<name>.acts`;
  return {
    'config/fail2ban.conf': `[Definition]\ndbfile = ${folder}/db.sqlite3\nlogtarget = ${folder}/fail2ban.log\nloglevel = NOTICE\n`,
    'config/jail.conf':
      `[DEFAULT]\nbackend = polling\nusedns = no\nignoreself = no\nmaxretry = ${MAXRETRY}\nfindtime = ${FINDTIME}\nbantime = ${BANTIME}\naction = note\nfilter = fails\n` +
      LOGS.map((name) => jail(name, [name], '')).join('') +
      jail(EVERY, LOGS, 'filter = all\naction =\nmaxretry = 1000000000\nfindtime = 60\n'),
    'config/filter.d/fails.conf':
      '[Definition]\nfailregex = ^ fail of <F-USER>\\S+</F-USER> from <HOST>$\nignoreregex = from 203\\.0\\.113\\.\n',
    'config/filter.d/all.conf': '[Definition]\nfailregex = ^ .* from <HOST>$\n',
    'config/action.d/note.conf': `[Definition]\nactionban = ${note('ban')}\nactionunban = ${note('unban')}\n`,
    ...Object.fromEntries(LOGS.map((name) => [`${name}.log`, ''])),
  };
}

/** Slope of the values over their places, by least squares. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, value]) => value))];
  const over = points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0);
  return over / points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
}

/** Writes the lines of one log and knows what must come of them. */
class Writer {
  failures = 0;
  lines = 0;
  rotations = 0;
  /** When each ban began, by the date of the last failure. */
  readonly bans: number[] = [];
  #begun = 0;
  readonly #due = new Map<number, { readonly id: string; readonly last: boolean }[]>();

  constructor(
    private readonly file: string,
    private readonly net: number,
    private readonly random: Random,
  ) {}

  /** @param quiet no offender begins any more */
  write(tick: number, now: number, quiet: boolean): void {
    const { random } = this;
    if (random.chance(1 / ROTATED)) this.#rotate();
    if (!quiet && random.chance(OFFENDERS)) this.#begin(tick, MAXRETRY);
    if (!quiet && random.chance(OFFENDERS)) this.#begin(tick, MAXRETRY - 1);
    const date = formatLocalTime(now);
    const lines = Array.from({ length: LINES }, (_none, at) => `${date} log-in of user${tick}x${at} from 198.51.100.${random.below(250)}`);
    for (const { id, last } of this.#due.get(tick) ?? []) {
      lines.push(`${date} fail of u${random.below(1000)} from ${id}`);
      this.failures++;
      if (last) this.bans.push(now);
    }
    this.#due.delete(tick);
    appendFileSync(this.file, `${lines.join('\n')}\n`);
    utimesSync(this.file, now, now);
    this.lines += lines.length;
  }

  /** An address that fails so often within the findtime; each comes once, so that it is not forgotten by chance. */
  #begin(tick: number, times: number): void {
    const id = `10.${this.net}.${this.#begun >> 8}.${this.#begun++ & 255}`;
    const ticks = Array.from({ length: times }, () => tick + this.random.below(SPREAD / TICK)).sort((a, b) => a - b);
    ticks.forEach((at, index) => {
      this.#due.set(at, [...(this.#due.get(at) ?? []), { id, last: index === MAXRETRY - 1 }]);
    });
  }

  #rotate(): void {
    for (let at = 3; at >= 1; at--) if (existsSync(`${this.file}.${at}`)) renameSync(`${this.file}.${at}`, `${this.file}.${at + 1}`);
    renameSync(this.file, `${this.file}.1`);
    writeFileSync(this.file, '');
    this.rotations++;
  }
}

/**
 * Plays so many hours.
 * @param progress is told after each hour
 */
export async function playDay(seed: number, hours: number, progress: (hour: number) => void = () => undefined): Promise<DayFigures> {
  const folder = temporaryFolder('bailiff-day-');
  writeTree(folder.path, filesOf(folder.path));
  const start = Math.floor(Date.now() / 1000);
  const args = ['../support/typescript.mjs', 'day-server.ts'].map((file) => path.join(__dirname, file));
  const child = spawn(process.execPath, ['--expose-gc', ...args, folder.path, String(start)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<DayState> => {
    const answer = await answers.next();
    if (answer.done === true) throw new Error('the server has ended');
    return JSON.parse(answer.value) as DayState;
  };
  try {
    const first = await next();
    const writers = LOGS.map((name, at) => new Writer(path.join(folder.path, `${name}.log`), at, randomOf(seed, at)));
    const ticks = (hours * 3600) / TICK;
    const heaps: (readonly [number, number])[] = [];
    let [state, rss, most, warm] = [first, 0, 0, first];
    // The server is a little ahead of the lines: it was started by its clock.
    let now = start + TICK;
    for (let tick = 0; tick < ticks; tick++, now += TICK) {
      for (const writer of writers) writer.write(tick, now, tick > ticks - SPREAD / TICK - 1);
      const measured = tick % MEASURED === MEASURED - 1;
      child.stdin.write(`${TICK}${measured ? ' collect' : ''}\n`);
      state = await next();
      rss = Math.max(rss, state.rss);
      most = Math.max(most, state.descriptors);
      if (tick * TICK < WARM) warm = state;
      // In the second half, when all that is kept up to a bound (events, compiled code) has come to it.
      else if (state.heap !== null && tick >= ticks / 2) heaps.push([(tick * TICK) / 3600, state.heap / 1024]);
      if ((tick * TICK) % 3600 === 0) progress((tick * TICK) / 3600);
    }
    child.stdin.write(`${REST}\n`);
    state = await next();
    now += REST;
    const words = LOGS.map((name) => {
      const acts = path.join(folder.path, `${name}.acts`);
      return existsSync(acts) ? readFileSync(acts, 'utf8').split('\n') : [];
    });
    const wrong = LOGS.flatMap((name, at) => differences(name, writers[at]!, words[at]!, state, now));
    const [lines, failures] = [sum(writers.map((writer) => writer.lines)), sum(writers.map((writer) => writer.failures))];
    const every = state.jails[EVERY]?.failures;
    if (every !== lines) wrong.push(`${lines} lines were written, ${every} were read`);
    return {
      hours,
      lines,
      rotations: sum(writers.map((writer) => writer.rotations)),
      failures,
      bans: sum(writers.map((writer) => writer.bans.length)),
      unbans: sum(words.map((all) => all.filter((word) => word.startsWith('unban ')).length)),
      wrong,
      growth: Math.round(slope(heaps) * 10) / 10,
      heap: Math.round(heaps.at(-1)?.[1] ?? 0),
      rss,
      descriptors: { first: warm.descriptors, last: state.descriptors, most },
    };
  } finally {
    child.stdin.end();
    await exited;
    folder.remove();
  }
}

/** Where a jail's counters differ from what was written. */
function differences(name: string, { failures, bans }: Writer, words: readonly string[], state: DayState, now: number): string[] {
  const jail = state.jails[name];
  const ended = bans.filter((time) => time + BANTIME <= now - REST).length;
  const open = bans.filter((time) => time + BANTIME > now + TICK).length;
  const unbanned = words.filter((word) => word.startsWith('unban ')).length;
  const banned = words.filter((word) => word.startsWith('ban '));
  const told: readonly (readonly [string, boolean])[] = [
    [`${name}: ${failures} failures were written, ${jail?.failures} were found`, jail?.failures === failures],
    [`${name}: ${bans.length} bans were earned, ${jail?.bans} were counted`, jail?.bans === bans.length],
    [`${name}: ${bans.length} bans were earned, ${banned.length} were carried out`, banned.length === bans.length],
    [`${name}: ${banned.length - new Set(banned).size} were banned twice`, banned.length === new Set(banned).size],
    [
      `${name}: ${ended} to ${bans.length - open} bans have ended, ${unbanned} were taken back`,
      unbanned >= ended && unbanned <= bans.length - open,
    ],
    [`${name}: ${jail?.banned} are banned, ${bans.length - unbanned} should be`, jail?.banned === bans.length - unbanned],
  ];
  return told.filter(([, right]) => !right).map(([text]) => text);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
