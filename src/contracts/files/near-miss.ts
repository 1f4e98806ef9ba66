/** The known word that a mistyped one was most likely meant to be. */

/** `maxretries` → `maxretry`, `ban_time` → `bantime`: the nearest of `words`; undefined when none is near, or when it is one of them. */
export function nearMiss(word: string, words: readonly string[]): string | undefined {
  if (word.length > 40 || words.includes(word)) return undefined;
  const folded = fold(word);
  let best: string | undefined;
  let least = folded.length < 4 ? 1 : folded.length < 9 ? 2 : 3;
  for (const candidate of words) {
    const distance = editDistance(folded, fold(candidate));
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** Without what is only spelling: case, separators, the plural. */
function fold(word: string): string {
  return word.toLowerCase().replace(/[_.-]/g, '').replace(/ies$/, 'y').replace(/s$/, '');
}

/** Changes, insertions, deletions and swaps of neighbours that lead from one word to the other. */
function editDistance(a: string, b: string): number {
  let older: number[] = [];
  let old = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row++) {
    const next = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a.charAt(row - 1) === b.charAt(column - 1);
      let cost = Math.min((old[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, (old[column - 1] ?? 0) + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a.charAt(row - 1) === b.charAt(column - 2) && a.charAt(row - 2) === b.charAt(column - 1);
      if (swapped) cost = Math.min(cost, (older[column - 2] ?? 0) + 1);
      next.push(cost);
    }
    older = old;
    old = next;
  }
  return old[b.length] ?? 0;
}
