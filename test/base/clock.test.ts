/** Many who wait for their turn leave everybody else theirs. */
import { stat } from 'node:fs/promises';
import { othersTurn } from '../../src/base/clock';

/** Work that takes so many milliseconds of the processor. */
function busy(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

test('many who wait go on in the order in which they asked', async () => {
  const order: number[] = [];
  const numbers = Array.from({ length: 50 }, (_, index) => index);
  await Promise.all(numbers.map((index) => othersTurn().then(() => order.push(index))));
  expect(order).toEqual(numbers);
});

test('answers of the disk come while many wait', async () => {
  let done = 0;
  const before: Promise<number>[] = [];
  const many = Array.from({ length: 50 }, async () => {
    await othersTurn();
    if (before.length === 0) before.push(stat(__filename).then(() => done));
    busy(10);
    done += 1;
  });
  await Promise.all(many);
  expect(await before[0]).toBeLessThan(50);
});
