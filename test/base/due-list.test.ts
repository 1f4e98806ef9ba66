/** What is due is taken once, in its round or the first one after it. */
import { DueList, NOT_DUE, type Dated } from '../../src/base/due-list';

interface Named extends Dated {
  readonly name: string;
}
const named = (name: string): Named => ({ name, round: NOT_DUE });
const [a, b, c] = [named('a'), named('b'), named('c')];
let list: DueList<Named>;
const taken = (now: number): string[] => list.take(now).map(({ name }) => name);

beforeEach(() => {
  list = new DueList(0.2);
  for (const thing of [a, b, c]) list.remove(thing);
});

test('each is taken once, not before it is due', () => {
  list.put(c, 60);
  list.put(a, 1);
  list.put(b, 1.05);
  expect(taken(0.9)).toEqual([]);
  expect(taken(1)).toEqual(['a']);
  expect(taken(1.1)).toEqual([]);
  expect(taken(1.2)).toEqual(['b']);
  expect(taken(59.99)).toEqual([]);
  expect(taken(1e6)).toEqual(['c']);
  expect(taken(2e6)).toEqual([]);
});

test('what was due before is taken at once, and may be due again', () => {
  expect(taken(100)).toEqual([]);
  list.put(a, 0);
  list.put(b, 0);
  list.put(a, 0);
  expect(taken(100)).toEqual(['a', 'b']);
  list.put(a, 0);
  expect(taken(100)).toEqual(['a']);
});

test('who is put off, hurried or removed is taken where he was put last, or not at all', () => {
  list.put(a, 1);
  list.put(a, 2);
  list.put(b, 2);
  list.put(b, 1);
  list.put(c, 1);
  list.remove(c);
  expect(taken(1)).toEqual(['b']);
  expect(taken(2)).toEqual(['a']);
});

test('sums of a fraction come out in their round', () => {
  for (let now = 0, round = 0; round < 1000; round++, now += 0.2) {
    expect(taken(now)).toEqual(round === 0 ? [] : ['a']);
    list.put(a, now + 0.2);
  }
});
