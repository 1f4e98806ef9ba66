import { appendFileSync, copyFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import type { News } from '../../../src/panel/history/log-follower';
import { banned, found, type HistoryFolder, historyFolder, unbanned } from '../../support/history-folder';

let world: HistoryFolder;

beforeEach(async () => {
  world = await historyFolder();
});

afterEach(() => world.remove());

describe('the log', () => {
  it('becomes events, each with its place', async () => {
    writeFileSync(world.log, found(1, '192.0.2.1') + banned(2, '192.0.2.1') + unbanned(3, '203.0.113.1'));
    await world.readOnce();
    expect(await world.told()).toEqual(['found 192.0.2.1', 'ban 192.0.2.1', 'unban 203.0.113.1']);
    expect((await world.history.recent(3)).map(({ country, asn }) => [country, asn])).toEqual([
      [null, null],
      ['DE', 64496],
      ['DE', 64496],
    ]);
  });

  it('goes on after a restart where it left off: nothing lost, nothing twice', async () => {
    writeFileSync(world.log, found(1, 'a') + found(2, 'b'));
    await world.readOnce();
    appendFileSync(world.log, found(3, 'c') + found(4, 'd').slice(0, 40));
    await world.reopen();
    await world.readOnce();
    appendFileSync(world.log, found(4, 'd').slice(40));
    await world.readOnce();
    expect(await world.told()).toEqual(['found a', 'found b', 'found c', 'found d']);
  });

  it('is followed over a rotation', async () => {
    writeFileSync(world.log, found(1, 'a'));
    const running = world.follower();
    await running.catchUp();
    renameSync(world.log, `${world.log}.1`);
    appendFileSync(`${world.log}.1`, found(2, 'b'));
    writeFileSync(world.log, found(3, 'c'));
    await running.catchUp();
    // The writer has not noticed yet.
    appendFileSync(`${world.log}.1`, found(2, 'late'));
    appendFileSync(world.log, found(4, 'd'));
    await running.catchUp();
    await running.close();
    expect(await world.told()).toEqual(['found a', 'found b', 'found late', 'found c', 'found d']);
    await world.readOnce();
    expect(await world.told()).toHaveLength(5);
  });

  it('is followed when it is copied and cut', async () => {
    writeFileSync(world.log, found(1, 'a'));
    const running = world.follower();
    await running.catchUp();
    appendFileSync(world.log, found(2, 'b'));
    copyFileSync(world.log, `${world.log}.1`);
    truncateSync(world.log);
    appendFileSync(world.log, found(3, 'c'));
    await running.catchUp();
    await running.close();
    await world.readOnce();
    expect(await world.told()).toEqual(['found a', 'found b', 'found c']);
  });

  it('need not be there yet', async () => {
    const running = world.follower();
    await running.catchUp();
    writeFileSync(world.log, found(1, 'a'));
    await running.catchUp();
    await running.close();
    expect(await world.told()).toEqual(['found a']);
  });

  it('is read by itself once started', async () => {
    const running = world.follower();
    const heard = new Promise<News>((resolve) => void running.subscribe(resolve));
    running.start();
    writeFileSync(world.log, found(1, 'a'));
    expect((await heard).events.map(({ id }) => id)).toEqual(['a']);
    await running.close();
  });

  it('keeps hostile ids as they are, as data', async () => {
    const hostile = `'); DROP TABLE events; -- "\\u0000 ["x"] <script> ü 😀`;
    writeFileSync(world.log, banned(1, hostile));
    await world.readOnce();
    expect(await world.told()).toEqual([`ban ${hostile}`]);
    expect(await world.history.address(hostile)).toMatchObject({ id: hostile, bans: 1 });
  });
});

describe('who listens', () => {
  it('hears of each jail as soon as it is kept, and no more after the end', async () => {
    const running = world.follower();
    const heard: string[] = [];
    const end = running.subscribe(({ jails }) => heard.push([...jails].sort().join()));
    running.subscribe(() => {
      throw new Error('a listener that fails');
    });
    writeFileSync(world.log, found(1, 'a') + found(1, 'a', 'web'));
    await running.catchUp();
    end();
    appendFileSync(world.log, found(2, 'b'));
    await running.catchUp();
    await running.close();
    expect(heard).toEqual(['ssh,web']);
    expect(world.messages).toContain('ERROR a listener that fails');
    expect(await world.told()).toHaveLength(3);
  });
});

describe('a database that cannot be written', () => {
  it('gets everything later, in order and once', async () => {
    writeFileSync(world.log, found(1, 'a'));
    const running = world.follower();
    await running.catchUp();
    const add = world.history.add.bind(world.history);
    world.history.add = () => Promise.reject(new Error('disk full'));
    appendFileSync(world.log, found(2, 'b'));
    await running.catchUp();
    renameSync(world.log, `${world.log}.1`);
    appendFileSync(`${world.log}.1`, found(3, 'c'));
    writeFileSync(world.log, found(4, 'd'));
    await running.catchUp();
    world.history.add = add;
    await running.catchUp();
    await running.close();
    await world.readOnce();
    expect(await world.told()).toEqual(['found a', 'found b', 'found c', 'found d']);
  });
});
