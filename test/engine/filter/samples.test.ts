/** fail2ban's own sample logs: each line matches as its annotation says, in every mode it names (reference 9.1). */
import { execFileSync } from 'node:child_process';
import * as path from 'node:path';
import type { SampleRun } from '../../support/sample-run';
import { sampleNames } from '../../support/sample-logs';

const support = path.join(__dirname, '../../support');
let runs: readonly SampleRun[] = [];

beforeAll(() => {
  const output = execFileSync(process.execPath, [path.join(support, 'typescript.mjs'), path.join(support, 'sample-run.ts')], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  runs = JSON.parse(output) as SampleRun[];
  const lines = runs.reduce((sum, run) => sum + run.lines, 0);
  const annotated = runs.reduce((sum, run) => sum + run.annotated, 0);
  const wrong = runs.reduce((sum, run) => sum + run.wrong.length, 0);
  console.log(`sample logs: ${lines - wrong} of ${lines} lines of ${runs.length} files as expected, ${annotated} of them annotated`);
});

/** Added to another file's lines, and for its filter only. */
const ADDED = ['sshd-journal'];

test.each(sampleNames().filter((name) => !ADDED.includes(name)))('the samples of %s match as they are annotated', (name) => {
  const run = runs.find((one) => one.name === name);
  expect(run?.lines).toBeGreaterThan(0);
  expect(run?.wrong).toEqual([]);
});
