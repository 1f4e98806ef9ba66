import { spawnLines, type LineProcess } from '../../src/base/process-stream';
import { until } from '../support/reader';

function run(script: string, maxLine?: number) {
  const lines: string[] = [];
  const events: string[] = [];
  const started: LineProcess = spawnLines(
    'sh',
    ['-c', script],
    { onLine: (line) => lines.push(line), onTooLong: () => events.push('too long'), onExit: (reason) => events.push(reason) },
    maxLine,
  );
  return { lines, events, started };
}

it('hands on each complete line, however the bytes arrive, and then why it ended', async () => {
  const { lines, events } = run(`printf 'one\\ntw'; sleep 0.1; printf 'o\\n\\303'; sleep 0.1; printf '\\274\\nno end'`);
  await until(() => events.length > 0, 'the end');
  expect(lines).toEqual(['one', 'two', 'ü']);
  expect(events).toEqual(['ended with code 0']);
});

it('drops a line that is too long and goes on with the next', async () => {
  const { lines, events } = run(`head -c 300000 /dev/zero; printf '\\nnext\\n'`, 1000);
  await until(() => lines.length === 1, 'the next line');
  expect(lines).toEqual(['next']);
  expect(events[0]).toBe('too long');
});

it('tells what the command complained of', async () => {
  const { events } = run('echo no such journal >&2; exit 3');
  await until(() => events.length > 0, 'the end');
  expect(events).toEqual(['no such journal']);
});

it('can be held back and ended with all its children', async () => {
  const { lines, events, started } = run('yes & yes');
  await until(() => lines.length > 1000, 'lines');
  started.pause();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const held = lines.length;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(lines.length).toBe(held);
  started.kill();
  await until(() => events.length > 0, 'the end');
  expect(events).toEqual(['ended by SIGKILL']);
});
