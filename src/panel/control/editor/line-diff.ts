/** Two texts into the lines that differ, with a few equal ones around them. */
import type { DiffLine, FileChange } from './editor';

/** Equal lines shown around a change. */
const AROUND = 3;
/** Pairs of lines that are compared with each other; larger middles are told as all removed and all added. */
const MOST_PAIRS = 4_000_000;

/** What became of a file. */
export function fileChange(file: string, before: string | null, after: string | null): FileChange {
  return { file, before, after, diff: diffLines(before ?? '', after ?? '') };
}

/** The changed lines in the order of the files, removed ones before the added ones that stand in their place. */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const a = linesOf(before);
  const b = linesOf(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const same = (from: number, shift: number, count: number): DiffLine[] =>
    Array.from({ length: count }, (_, index) => ({
      kind: 'same',
      before: from + index + 1,
      after: from + shift + index + 1,
      text: shown(a[from + index]),
    }));
  const middle = middleOf(a.slice(head, a.length - tail), b.slice(head, b.length - tail), head);
  return nearChanges([...same(0, 0, head), ...middle, ...same(a.length - tail, b.length - a.length, tail)]);
}

/** With their line ends: a file whose line ends change has changed. */
function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

function shown(line: string | undefined): string {
  return (line ?? '').replace(/\r?\n$/, '');
}

function middleOf(a: readonly string[], b: readonly string[], offset: number): DiffLine[] {
  const lengths = a.length * b.length > MOST_PAIRS ? null : commonLengths(a, b);
  const width = b.length + 1;
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (lengths !== null && i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', before: offset + i + 1, after: offset + j + 1, text: shown(a[i]) });
      i++;
      j++;
    } else if (i < a.length && (j === b.length || lengths === null || at(lengths, (i + 1) * width + j) >= at(lengths, i * width + j + 1))) {
      lines.push({ kind: 'removed', before: offset + i + 1, after: null, text: shown(a[i]) });
      i++;
    } else {
      lines.push({ kind: 'added', before: null, after: offset + j + 1, text: shown(b[j]) });
      j++;
    }
  }
  return lines;
}

/** Of the longest common row of lines from each pair of places on, row by row. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint32Array {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i] === b[j]
          ? at(lengths, (i + 1) * width + j + 1) + 1
          : Math.max(at(lengths, (i + 1) * width + j), at(lengths, i * width + j + 1));
    }
  }
  return lengths;
}

function at(lengths: Uint32Array, index: number): number {
  return lengths[index] ?? 0;
}

function nearChanges(lines: readonly DiffLine[]): readonly DiffLine[] {
  const near = new Set<number>();
  lines.forEach(({ kind }, index) => {
    if (kind === 'same') return;
    for (let other = index - AROUND; other <= index + AROUND; other++) near.add(other);
  });
  return lines.filter((_, index) => near.has(index));
}
