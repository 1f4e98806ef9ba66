/** Runs one of the fuzzers of `npm run fuzz` for a bounded share of its inputs. */
import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { promisify } from 'node:util';

/** What a fuzzer says at its end. */
export interface FuzzResult {
  readonly pairs: number;
  readonly same: number;
  readonly meant: number;
  readonly failures: number;
  readonly late: number;
  /** Of the fuzzer `hostile`: lines in which the original itself names somebody else. */
  readonly victims?: number;
  /** Of the fuzzers of filters: filters that found anybody, of all. */
  readonly filters?: number;
  readonly of?: number;
  /** Of the fuzzer `regex`: searches by each of the two ways of matching. */
  readonly v8?: number;
  readonly own?: number;
  /** Of the fuzzer `pickle`: inputs that Python reads too, those that reached new code, and blocks of code that were reached. */
  readonly values?: number;
  readonly kept?: number;
  readonly blocks?: number;
  /** Of the fuzzer `forms`: requests that changed something, and those that went through the whole app. */
  readonly changed?: number;
  readonly whole?: number;
  /** Of the fuzzer `ini-files`: edits that were made. */
  readonly edits?: number;
  /** Of the fuzzer `blocks`: pieces in which the lines came. */
  readonly reads?: number;
  /** Of the fuzzer `socket`: MiB that the server took at most, and its longest pause in milliseconds. */
  readonly rss?: number;
  readonly pause?: number;
  /** Each difference, as it is told. */
  readonly different: readonly string[];
}

/** CI gives each fuzzer a minute. */
const SECONDS = process.env['CI'] === 'true' ? 60 : 0;

/** Runs the fuzzer to its end, with one worker: so many pairs, and as many more as there is time for. */
export async function fuzz(name: string, seed: number, pairs: number, workers = 1): Promise<FuzzResult> {
  const script = path.join(__dirname, '../../scripts/fuzz.mjs');
  const numbers = ['--seed', String(seed), '--pairs', String(pairs), '--workers', String(workers), '--seconds', String(SECONDS)];
  const run = promisify(execFile)(process.execPath, [script, name, ...numbers, '--quiet', '--installed'], { maxBuffer: 64 << 20 });
  const output = await run.then(
    ({ stdout }) => stdout,
    (error: { stdout?: string }) => error.stdout ?? String(error),
  );
  const told = new RegExp(`^${name}: (\\{.*\\})$`, 'm').exec(output)?.[1];
  if (told === undefined) throw new Error(`the fuzzer ${name} did not come to its end: ${output.slice(0, 2000)}`);
  return { ...(JSON.parse(told) as Omit<FuzzResult, 'different'>), different: output.split('different: ').slice(1) };
}
