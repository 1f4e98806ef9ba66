/** The queue of a jail: everything in order, in small parts, and whoever has too much waits. */
import { BanQueue } from '../../../src/engine/jail/ban-queue';
import { settle } from '../../support/clock';

function world() {
  const done: string[] = [];
  const failed: string[] = [];
  let gate: Promise<void> = Promise.resolve();
  const queue = new BanQueue<number, number>({
    most: 10,
    async ban(bans) {
      await gate;
      if (bans.includes(-1)) throw new Error('no');
      done.push(`ban ${bans.join(',')}`);
    },
    async unban(bans) {
      await gate;
      done.push(`unban ${bans.join(',')}`);
    },
    failed: (error) => void failed.push(String(error)),
  });
  return { queue, done, failed, hold: (until: Promise<void>) => void (gate = until) };
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

test('work is done in the order it was asked for, tickets ten at a time', async () => {
  const { queue, done } = world();
  void queue.ban(numbers(12));
  void queue.unban([3]);
  void queue.task(async () => void done.push('task'));
  await queue.ban([99]);
  expect(done).toEqual(['ban 0,1,2,3,4,5,6,7,8,9', 'ban 10,11', 'unban 3', 'task', 'ban 99']);
  expect(queue.waiting).toBe(0);
});

test('tickets that wait go together, also those of several calls, and none overtakes what was asked before it', async () => {
  const { queue, done, hold } = world();
  let open = (): void => undefined;
  hold(new Promise((resolve) => (open = resolve)));
  const promises = [queue.ban([1, 2]), queue.ban([3]), queue.unban([1]), queue.ban([4]), queue.ban(numbers(9))];
  open();
  await promises[1];
  expect(done).toEqual(['ban 1,2,3']);
  await Promise.all(promises);
  expect(done).toEqual(['ban 1,2,3', 'unban 1', 'ban 4,0,1,2,3,4,5,6,7,8']);
});

test('a promise is kept when its own work is done, also when that failed', async () => {
  const { queue, done, failed } = world();
  await queue.ban([1]);
  void queue.ban([-1]);
  expect(done).toEqual(['ban 1']);
  await queue.idle();
  expect(failed).toEqual(['Error: no']);
  await queue.ban([2]);
  await queue.ban([]);
  expect(done).toEqual(['ban 1', 'ban 2']);
});

test('whoever fills it waits until there is room', async () => {
  const { queue, hold } = world();
  let open = (): void => undefined;
  hold(new Promise((resolve) => (open = resolve)));
  await queue.room();
  void queue.ban(numbers(6000));
  let room = false;
  const waiting = queue.room().then(() => (room = true));
  await settle();
  expect(room).toBe(false);
  open();
  await waiting;
  expect(queue.waiting).toBeLessThan(5000);
  await queue.idle();
});

test('bans that were not begun can be taken out; unbans and tasks stay', async () => {
  const { queue, done, hold } = world();
  let open = (): void => undefined;
  hold(new Promise((resolve) => (open = resolve)));
  void queue.ban([1]);
  await settle();
  void queue.ban([2, 3]);
  void queue.unban([1]);
  expect(queue.dropBans()).toEqual([2, 3]);
  open();
  await queue.idle();
  expect(done).toEqual(['ban 1', 'unban 1']);
});
