/** Work that is ended when it takes too long, in the middle of a regular expression too. */
import { doneInTime } from '../../src/base/deadline';

test('work that is quick is done, and what it throws is thrown', () => {
  let done = 0;
  expect(doneInTime(10, () => void (done += 1))).toBe(true);
  expect(done).toBe(1);
  const wrong = new Error('wrong');
  expect(() =>
    doneInTime(10, () => {
      throw wrong;
    }),
  ).toThrow(wrong);
});

test.each([
  ['an endless loop', spin],
  ['a regular expression of exponential time', () => void /^(?:a|aa)+$/.test(`${'a'.repeat(100)}b`)],
  ['one of polynomial time', () => void /^x.*.*.*.*y/.test(`x${'a'.repeat(60_000)}`)],
])('%s is ended past its own catch and finally, and the next work is done', (_name, work) => {
  const passed: string[] = [];
  const inTime = doneInTime(0.05, () => {
    try {
      work();
    } catch {
      passed.push('catch');
    } finally {
      passed.push('finally');
    }
  });
  expect([inTime, passed]).toEqual([false, []]);
  expect(doneInTime(10, () => void passed.push('next'))).toBe(true);
  expect(passed).toEqual(['next']);
});

function spin(): void {
  for (const turns = { made: 0 }; turns.made >= 0;) turns.made += 1;
}
