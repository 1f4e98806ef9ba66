import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { drawer } from '../../support/attack-history';
import { found, historyFolder } from '../../support/history-folder';

const support = path.resolve(__dirname, '../../support');
const ROUNDS = 6;
const LINES = 4000;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function follow(folder: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [path.join(support, 'typescript.mjs'), path.join(support, 'follow-log.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

/** As logrotate does it: the second oldest is compressed. */
function rotate(log: string): void {
  for (const [from, to] of [
    ['.2.gz', '.3.gz'],
    ['.1', '.2.gz'],
  ] as const) {
    try {
      if (from === '.1') writeFileSync(log + to, gzipSync(readFileSync(log + from)));
      else renameSync(log + from, log + to);
    } catch {
      continue;
    }
    rmSync(log + from, { force: true });
  }
  renameSync(log, `${log}.1`);
  writeFileSync(log, '');
}

test('a follower that is killed again and again, over rotations, leaves no gap and doubles nothing', async () => {
  const world = await historyFolder();
  await world.history.close();
  const draw = drawer(23);
  const written: string[] = [];
  const write = (count: number): void => {
    const lines: string[] = [];
    for (let at = 0; at < count; at++) {
      const id = `10.${written.length >> 16}.${(written.length >> 8) & 255}.${written.length & 255}`;
      lines.push(found((written.length / (ROUNDS * LINES)) * 500, id));
      written.push(id);
    }
    appendFileSync(world.log, lines.join(''));
  };
  for (let round = 0; round < ROUNDS; round++) {
    write(LINES / 2);
    const child = await follow(world.folder);
    const gone = once(child, 'exit');
    write(LINES / 4);
    if (round === 1 || round === 4) {
      await pause(300 * draw());
      rotate(world.log);
    }
    write(LINES / 4);
    await pause(400 + 1500 * draw());
    child.kill('SIGKILL');
    await gone;
    if (round === 2) rotate(world.log);
  }
  await world.reopen();
  const before = (await world.history.extent()).events;
  await world.readOnce();
  const ids: string[] = [];
  for await (const event of world.history.eachEvent({})) ids.push(event.id);
  expect(ids).toHaveLength(written.length);
  expect(new Set(ids).size).toBe(written.length);
  expect((await world.history.extent()).events).toBe(written.length);
  // The killed ones had done a good part of it.
  expect(before).toBeGreaterThan(LINES);
  await world.remove();
});
