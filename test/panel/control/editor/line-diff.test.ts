/** What the lines of a change are: held against a replay of the change, and by example. */
import fc from 'fast-check';
import { diffLines, fileChange } from '../../../../src/panel/control/editor/line-diff';

const spelled = (before: string, after: string): string[] =>
  diffLines(before, after).map(
    ({ kind, before: old, after: fresh, text }) => `${old ?? '-'} ${fresh ?? '-'} ${{ same: ' ', added: '+', removed: '-' }[kind]}${text}`,
  );

test('a changed line stands with three lines around it', () => {
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`);
  const before = lines.join('');
  const after = before.replace('line 10\n', 'line ten\nand more\n');
  expect(spelled(before, after)).toEqual([
    '7 7  line 7',
    '8 8  line 8',
    '9 9  line 9',
    '10 - -line 10',
    '- 10 +line ten',
    '- 11 +and more',
    '11 12  line 11',
    '12 13  line 12',
    '13 14  line 13',
  ]);
});

test('a file that is not there is a text without lines', () => {
  expect(fileChange('a', null, 'x\n')).toEqual({
    file: 'a',
    before: null,
    after: 'x\n',
    diff: [{ kind: 'added', before: null, after: 1, text: 'x' }],
  });
  expect(diffLines('', '')).toEqual([]);
});

test('changed line ends are a change', () => {
  expect(spelled('a\nb', 'a\r\nb\n')).toEqual(['1 - -a', '2 - -b', '- 1 +a', '- 2 +b']);
});

test('the lines lead from one text to the other, whatever they are', () => {
  const text = fc.array(fc.constantFrom('a\n', 'b\n', 'c\n', '\n'), { maxLength: 14 }).map((lines) => lines.join(''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const diff = diffLines(before, after);
      const old = before.split('\n').slice(0, -1);
      const fresh = after.split('\n').slice(0, -1);
      const gone = new Set(diff.filter(({ kind }) => kind === 'removed').map((line) => line.before));
      const kept = old.filter((_, index) => !gone.has(index + 1));
      const come = diff.filter(({ kind }) => kind === 'added');
      const result = [...kept];
      for (const line of come) result.splice((line.after ?? 0) - 1, 0, line.text);
      expect(result).toEqual(fresh);
      for (const { before: at, text: line, kind } of diff) if (kind !== 'added') expect(old[(at ?? 0) - 1]).toBe(line);
    }),
  );
});

test('a middle of too many lines is told as taken away and put there, in bounded time', () => {
  const many = (word: string): string => Array.from({ length: 3000 }, (_, index) => `${word} ${index}\n`).join('');
  const diff = diffLines(many('a'), many('b'));
  expect(diff.filter(({ kind }) => kind === 'removed')).toHaveLength(3000);
  expect(diff.filter(({ kind }) => kind === 'added')).toHaveLength(3000);
});
