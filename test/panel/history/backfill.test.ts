import { appendFileSync, copyFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { sleep, systemClock } from '../../../src/base/clock';
import type { BackfillProgress } from '../../../src/panel/history/backfill';
import { BEGIN, found, type HistoryFolder, historyFolder, banned } from '../../support/history-folder';

let world: HistoryFolder;

beforeEach(async () => {
  world = await historyFolder();
});

afterEach(() => world.remove());

/** A rotated file, last written so many minutes after BEGIN. */
function put(ending: string, text: string, minute: number): void {
  const path = world.log + ending;
  writeFileSync(path, ending.endsWith('.gz') ? gzipSync(text) : text);
  utimesSync(path, BEGIN + minute * 60, BEGIN + minute * 60);
}

const many = (from: number, count: number): string =>
  Array.from({ length: count }, (_, at) => found(from + at / 1000, `10.${from}.${at >> 8}.${at & 255}`)).join('');

describe('rotated logs at the first start', () => {
  it('are read, plain and gzipped, oldest first, beside the log itself', async () => {
    put('.3.gz', found(1, 'a') + found(2, 'b'), 2);
    put('.2.gz', found(3, 'c'), 3);
    put('.1', found(4, 'd'), 4);
    writeFileSync(world.log, found(5, 'e'));
    const progress: (BackfillProgress | null)[] = [];
    const follower = world.follower();
    const add = world.history.add.bind(world.history);
    const order: string[] = [];
    world.history.add = (events, ...rest) => {
      order.push(...events.map(({ id }) => id));
      progress.push(follower.backfill());
      return add(events, ...rest);
    };
    await follower.catchUp();
    await follower.backfilled();
    await follower.close();
    expect(order.filter((id) => id !== 'e')).toEqual(['a', 'b', 'c', 'd']);
    expect(await world.told()).toEqual(['found a', 'found b', 'found c', 'found d', 'found e']);
    expect(progress.map((now) => now?.file)).toContain('fail2ban.log.2.gz');
    expect(progress.every((now) => now === null || now.done <= now.total)).toBe(true);
    expect(follower.backfill()).toBeNull();
  });

  it('are read once, however often we start', async () => {
    put('.2.gz', found(1, 'a'), 1);
    put('.1', found(2, 'b'), 2);
    writeFileSync(world.log, found(3, 'c'));
    for (let start = 0; start < 3; start++) {
      await world.readOnce();
      await world.reopen();
    }
    expect(await world.told()).toEqual(['found a', 'found b', 'found c']);
  });

  it('go on after an end in the middle', async () => {
    put('.1.gz', many(1, 8000), 9);
    const first = world.follower();
    const add = world.history.add.bind(world.history);
    let calls = 0;
    world.history.add = async (...all) => {
      await add(...all);
      if (++calls === 2) void first.close();
    };
    await first.catchUp();
    await first.backfilled();
    world.history.add = add;
    const { events } = await world.history.extent();
    expect(events).toBeGreaterThan(0);
    expect(events).toBeLessThan(8000);
    await world.readOnce();
    expect(new Set(await world.told()).size).toBe(8000);
    expect(await world.history.extent()).toMatchObject({ events: 8000 });
  });

  it('are one file where a copy lies beside it', async () => {
    put('.1', found(1, 'a') + found(2, 'b'), 2);
    put('.1.gz', found(1, 'a') + found(2, 'b'), 2);
    copyFileSync(`${world.log}.1`, `${world.log}.old`);
    writeFileSync(world.log, found(3, 'c'));
    await world.readOnce();
    expect(await world.told()).toEqual(['found a', 'found b', 'found c']);
  });

  it('that are damaged, empty, or compressed otherwise do not stop the others', async () => {
    writeFileSync(`${world.log}.5.gz`, gzipSync(many(1, 5000)).subarray(0, -2000));
    writeFileSync(`${world.log}.4.gz`, 'this is no gzip');
    writeFileSync(`${world.log}.3.xz`, 'nor can this be read');
    writeFileSync(`${world.log}.2`, '');
    put('.1', banned(50, 'z'), 50);
    await world.readOnce();
    expect((await world.told()).at(-1)).toBe('ban z');
    expect((await world.history.extent()).events).toBeGreaterThan(1);
    for (const name of ['.5.gz', '.4.gz', '.3.xz']) expect(world.messages.join('\n')).toContain(world.log + name);
  });

  it('older than the retention are left out', async () => {
    const old = found(1, 'old').replaceAll('2026-', '2020-');
    put('.1.gz', old + found(2, 'young'), 2);
    await world.readOnce();
    expect(await world.told()).toEqual(['found young']);
  });
});

describe('rotations while nobody followed', () => {
  it('leave no gap, gzipped or not', async () => {
    writeFileSync(world.log, found(1, 'a'));
    await world.readOnce();
    put('.2.gz', found(1, 'a') + found(2, 'b'), 2);
    put('.1', found(3, 'c'), 3);
    rmSync(world.log);
    writeFileSync(world.log, found(4, 'd'));
    await world.readOnce();
    await world.readOnce();
    expect(await world.told()).toEqual(['found a', 'found b', 'found c', 'found d']);
  });

  it('may go on while the older files are read', async () => {
    put('.1', many(1, 6000), 9);
    writeFileSync(world.log, found(60, 'a'));
    const follower = world.follower();
    await follower.catchUp();
    renameSync(`${world.log}.1`, `${world.log}.2`);
    renameSync(world.log, `${world.log}.1`);
    appendFileSync(`${world.log}.1`, found(61, 'b'));
    writeFileSync(world.log, found(62, 'c'));
    await follower.catchUp();
    await follower.backfilled();
    await follower.catchUp();
    await follower.close();
    await world.readOnce();
    const told = await world.told();
    expect(told.slice(-3)).toEqual(['found a', 'found b', 'found c']);
    expect(told).toHaveLength(6003);
  });
});

test('the log itself does not wait for the older files', async () => {
  put('.1.gz', many(1, 20_000), 9);
  writeFileSync(world.log, found(60, 'now'));
  const follower = world.follower();
  await follower.catchUp();
  expect((await world.history.recent(1)).map(({ id }) => id)).toEqual(['now']);
  appendFileSync(world.log, found(61, 'then'));
  await follower.catchUp();
  expect((await world.history.recent(1)).map(({ id }) => id)).toEqual(['then']);
  expect((await world.history.extent()).events).toBeLessThan(20_002);
  while (follower.backfill() === null) await sleep(systemClock, 0.01);
  expect(follower.backfill()?.file).toBe('fail2ban.log.1.gz');
  await follower.close();
});
