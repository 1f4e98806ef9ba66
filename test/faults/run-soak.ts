/** `run-soak.ts NAME SEED COUNT`: one of the long fault runs; its progress and figures are lines of JSON, its exit code says whether all was as it must be. */
import { playDay } from './day';
import { FaultWorld } from './fault-world';
import { playHeldUp } from './held-up';

const [name = '', seed = '1', count = '1'] = process.argv.slice(2);
/** Lines a second. */
const RATE = 5000;
/** Bans that stand when the flushing begins come of this many kills. */
const KILLS_BEFORE = 10;
/** Seconds within which everything is promised to be back. */
const BACK = 5;
/** KiB by which the memory may grow in an hour of a day, and descriptors. */
const [GROWTH, DESCRIPTORS] = [64, 3];
/** Milliseconds for which one jail may hold up the others. */
const HELD_UP = 500;

function tell(record: object): void {
  process.stdout.write(`${JSON.stringify(record)}\n`);
}

async function kills(world: FaultWorld): Promise<boolean> {
  const figures = await world.killed(Number(count), (done) => tell({ done }));
  const { missing, twice, wrong } = figures.standing;
  const faults = { missing: missing.length, twice: twice.length, wrong: wrong.length, recordedTwice: figures.recordedTwice.length };
  tell({ figures: { ...figures, standing: undefined, ...faults } });
  if (missing.length + wrong.length > 0) tell({ first: [...missing, ...wrong].slice(0, 5) });
  return Object.values(faults).every((many) => many === 0);
}

async function flushes(world: FaultWorld): Promise<boolean> {
  const { offenders } = await world.killed(KILLS_BEFORE);
  let done = 0;
  const all = await world.flushed(Number(count), ({ how, seconds }) => tell({ done: ++done, how, seconds }));
  const slowest: Record<string, number | null> = {};
  for (const { how, seconds } of all) slowest[how] = seconds === null ? null : Math.max(slowest[how] ?? 0, Math.round(seconds * 100) / 100);
  const sorted = all.map(({ seconds }) => seconds ?? Infinity).sort((a, b) => a - b);
  const figures = { flushes: all.length, offenders, median: sorted[sorted.length >> 1], longest: sorted.at(-1), slowest };
  tell({ figures });
  return sorted.every((seconds) => seconds <= BACK);
}

async function day(): Promise<boolean> {
  const { wrong, ...figures } = await playDay(Number(seed), Number(count), (done) => tell({ done }));
  tell({ figures: { ...figures, wrong: wrong.length } });
  if (wrong.length > 0) tell({ wrong });
  const { growth, descriptors } = figures;
  return wrong.length === 0 && growth <= GROWTH && descriptors.last <= descriptors.first + DESCRIPTORS;
}

async function heldUp(): Promise<boolean> {
  const figures = await playHeldUp(Number(count), (done) => tell({ done }));
  tell({ figures });
  return figures.slowRegexes > 0 && figures.longestAnswer <= HELD_UP;
}

async function main(): Promise<void> {
  if (name === 'day' || name === 'held-up') {
    process.exitCode = (await (name === 'day' ? day() : heldUp())) ? 0 : 1;
    return;
  }
  const run = { kills, flushes }[name];
  if (run === undefined) throw new Error(`no such run: '${name}'`);
  const world = new FaultWorld(Number(seed), RATE);
  try {
    process.exitCode = (await run(world)) ? 0 : 1;
  } finally {
    await world.remove();
  }
}

void main();
