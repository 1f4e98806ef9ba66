/** Where no descriptor is free, nothing can be started, and that ends nobody: each way to start a program tells it as it tells any other failure. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';

const BASE = path.resolve(__dirname, '../../dist/base');

/** Opens files until none can be opened any more, then starts a program in every way; prints what each of them told. */
const PROGRAM = `
const { openSync, closeSync } = require('node:fs');
const load = (name) => require(${JSON.stringify(BASE)} + '/' + name + '.js');
const { systemClock } = load('clock');
const { systemRunner } = load('process');
const { SpareProcess } = load('process-spare');
const { spawnLines } = load('process-stream');
const { startChild } = load('process-child');
const { spawnDetached } = load('process-detached');
const { createNotifier } = load('process-notify');
const open = [];
const told = {};
process.on('uncaughtException', (error) => (told.uncaught = error.message));
const spare = new SpareProcess(systemClock);
try {
  for (;;) open.push(openSync('/dev/null'));
} catch (error) {
  told.full = error.code;
}
const lines = () => new Promise((resolve) => spawnLines('true', [], { onLine() {}, onTooLong() {}, onExit: resolve }));
const run = () => systemRunner(systemClock, spare).run({ command: 'true', args: [], stdin: 'x', timeout: 5 });
(async () => {
  told.run = (await run()).code;
  told.again = (await run()).code;
  told.lines = await lines();
  told.child = (await startChild({ command: 'true', args: [], onLine() {} }, systemClock).ended).error.message;
  const detached = spawnDetached('true', []);
  const notifier = createNotifier('@nobody');
  notifier.tell('READY=1');
  while (!detached.ended()) await new Promise(setImmediate);
  for (const file of open) closeSync(file);
  notifier.tell('WATCHDOG=1');
  told.later = [(await run()).code, await lines()];
  process.stdout.write(JSON.stringify(told), () => process.exit(0));
})();
`;

test('each failure is told, nothing is thrown, and all goes on when descriptors are free again', () => {
  const words = ['-c', 'ulimit -n 64; exec "$0" -e "$1"', process.execPath, PROGRAM];
  const told = execFileSync('/bin/sh', words, { encoding: 'utf8', timeout: 30_000 });
  expect(JSON.parse(told)).toEqual({
    full: 'EMFILE',
    run: 126,
    again: 126,
    lines: 'true cannot be started: no file descriptor is free',
    child: 'true cannot be started: no file descriptor is free',
    later: [0, 'ended with code 0'],
  });
});
