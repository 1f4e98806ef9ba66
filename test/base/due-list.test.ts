/** What is due is taken once, in its round or the first one after it. */
import { DueList } from '../../src/base/due-list';

test('each is taken once, not before it is due', () => {
  const list = new DueList<string>(0.2);
  list.add('late', 60);
  list.add('now', 1);
  list.add('soon', 1.05);
  expect(list.take(0.9)).toEqual([]);
  expect(list.take(1)).toEqual(['now']);
  expect(list.take(1.1)).toEqual([]);
  expect(list.take(1.2)).toEqual(['soon']);
  expect(list.take(59.99)).toEqual([]);
  expect(list.take(1e6)).toEqual(['late']);
  expect(list.take(2e6)).toEqual([]);
});

test('what was due before is taken at once, in the order in which it came', () => {
  const list = new DueList<string>(0.2);
  expect(list.take(100)).toEqual([]);
  list.add('a', 0);
  list.add('b', 0);
  list.add('a', 0);
  expect(list.take(100)).toEqual(['a', 'b', 'a']);
});

test('sums of a fraction come out in their round', () => {
  const list = new DueList<number>(0.2);
  for (let now = 0, round = 0; round < 1000; round++, now += 0.2) {
    expect(list.take(now)).toEqual(round === 0 ? [] : [round]);
    list.add(round + 1, now + 0.2);
  }
});
