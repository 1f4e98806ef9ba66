// A jest reporter that closes the run with one plain line: `N passed, N failed` (and `, N skipped`).
import { writeFileSync } from 'node:fs';

/** Tests that passed in files of an earlier run that are not run again. */
const PASSED_BEFORE = Number(process.env.PASSED_BEFORE ?? 0);

const isBroken = (file) => file.testExecError !== undefined && file.testExecError !== null;
const isGood = (file) => file.numFailingTests === 0 && !isBroken(file);

export default class ClosingLine {
  onRunComplete(_contexts, results) {
    const broken = results.testResults.filter(isBroken).length;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests + PASSED_BEFORE} passed, ${results.numFailedTests + broken} failed`;
    process.stdout.write(`\n${line}${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
    const good = results.testResults.filter(isGood).reduce((sum, file) => sum + file.numPassingTests, 0);
    if (process.env.PASSED_FILE !== undefined) writeFileSync(process.env.PASSED_FILE, String(good));
  }
}
