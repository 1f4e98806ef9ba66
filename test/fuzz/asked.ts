/** What `npm run fuzz` asks of a fuzzer: `SEED PAIRS WORKERS WORKER [CASE]`, and in FUZZ_SECONDS for how long at least. */
const [first = 1, wanted = 1000, count = 1, mine = 0, alone = -1] = process.argv.slice(2).map(Number);
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 0);
const begun = performance.now();

export const seed = first;
/** How many run side by side, and which of them this is, from 0 on. */
export const workers = count;
export const worker = mine;
/** The only case that is wanted; -1 for all. */
export const only = alone;

/** Whether so many pairs are as many as were asked for, and the time is over. */
export function isEnough(pairs: number): boolean {
  return pairs >= wanted && performance.now() - begun >= SECONDS * 1000;
}
