/** Says in one sentence what is dangerous about a pattern, with the line that shows it. */
import type { PatternDanger } from './danger';

/** Characters of a line that are shown. */
const SHOWN = 60;

export function dangerMessage({ kind, line }: PatternDanger): string {
  const shape =
    kind === 'explosive'
      ? 'this loop can take the same text in many ways: a few characters more double the time, and such lines are given up'
      : 'two loops side by side take the same characters: the time grows with the square of the length of a line';
  const advice = kind === 'explosive' ? 'let each round begin with a character that the rest of it cannot take' : 'make one loop of them';
  if (line === null) return `${shape}; ${advice}`;
  const { text, length, steps } = line;
  const cut = length > SHOWN;
  const shown = JSON.stringify(text.slice(0, SHOWN)) + (cut ? '…' : '');
  return `${shape}; ${advice}. The shortest line found that takes more than ${steps} steps has ${length} characters: ${shown}`;
}
