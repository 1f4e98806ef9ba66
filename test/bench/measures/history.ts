/** Fills a history (BENCH_EVENTS, five million unless told) and prints how long each question takes that pages ask, alone and while events are added. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../../src/base/clock';
import { silentLogger } from '../../../src/base/logger';
import { openHistory } from '../../../src/panel/history/open-history';
import type { SqliteHistory } from '../../../src/panel/history/sqlite-history';
import { attackHistory } from '../../support/attack-history';
import { type Question, questionsOf } from './history-questions';

const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 5_000_000);
const ROUNDS = Number(process.env['BENCH_RUNS'] ?? 40);
/** What a question may take, milliseconds, in 95 of 100 cases. */
const BAR = 60;
const END = 1_795_000_000;

interface Times {
  readonly wall: readonly number[];
  readonly cpu: readonly number[];
}

/** CPU milliseconds of this process so far, SQLite's threads included. */
function cpuSoFar(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function timesOf(question: Question): Promise<Times> {
  const wall: number[] = [];
  const cpu: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [began, used] = [performance.now(), cpuSoFar()];
    await question();
    wall.push(performance.now() - began);
    cpu.push(cpuSoFar() - used);
  }
  return { wall, cpu };
}

function quantile(values: readonly number[], part: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(1).padStart(8);
}

async function fill(history: SqliteHistory): Promise<void> {
  const began = performance.now();
  let done = 0;
  for (const batch of attackHistory(EVENTS, END).batches(2000)) {
    await history.add(batch, [], END);
    done += batch.length;
    if (done % 100_000 === 0) process.stderr.write(`\r${done} events added     `);
  }
  process.stderr.write('\r');
  const { bytes } = await history.extent();
  const seconds = (performance.now() - began) / 1000;
  console.log(
    `${done} events added in ${seconds.toFixed(0)} s (${((seconds / done) * 1e6).toFixed(0)} µs each), ${(bytes / 1e6).toFixed(0)} MB`,
  );
}

function report(name: string, { wall, cpu }: Times): void {
  const slow = Number(quantile(wall, 0.95)) > BAR ? `   over ${BAR} ms` : '';
  console.log(`${name.padEnd(40)}${quantile(wall, 0.5)}${quantile(wall, 0.95)}${quantile(cpu, 0.95)}${slow}`);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bailiff-bench-'));
  try {
    const history = await openHistory(path.join(folder, 'bailiff.sqlite3'), systemClock, silentLogger);
    await fill(history);
    console.log(`${'milliseconds'.padEnd(40)}${'p50'.padStart(8)}${'p95'.padStart(8)}${'CPU p95'.padStart(8)}`);
    const questions = questionsOf(history, END);
    for (const [name, question] of questions) report(name, await timesOf(question));
    await whileWriting(history, questions);
    await history.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As while rotated logs are read: batch after batch. */
async function whileWriting(history: SqliteHistory, questions: ReadonlyMap<string, Question>): Promise<void> {
  let wanted = true;
  const batches = attackHistory(200_000, END, 180, 2).batches(1400);
  const writing = (async () => {
    const times: number[] = [];
    for (const batch of batches) {
      if (!wanted) break;
      const began = performance.now();
      await history.add(batch, [], END);
      times.push(performance.now() - began);
    }
    return times;
  })();
  for (const name of ['the newest events', 'bans of a jail', 'one address', 'top address by bans, 7 days']) {
    const question = questions.get(name);
    if (question !== undefined) report(`${name}, while writing`, await timesOf(question));
  }
  wanted = false;
  const wall = await writing;
  report('a batch of 1400 events, while reading', { wall, cpu: wall });
}

void main();
