/** Our own filters on our own samples: every line as it is annotated, every failregex with a sample, hostile lines among them. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { SampleRun } from '../support/sample-run';

const root = path.resolve(__dirname, '../..');
const config = path.join(root, 'config');
const logs = path.join(root, 'test/fixtures/logs');
/** Included by others, or without any expression. */
const WITHOUT_SAMPLES = ['syslog-prefix', 'plesk-manual-ban'];

const filters = readdirSync(path.join(config, 'filter.d')).map((file) => path.basename(file, '.conf'));
let runs: readonly SampleRun[] = [];

beforeAll(() => {
  const support = path.join(root, 'test/support');
  const args = [path.join(support, 'typescript.mjs'), path.join(support, 'sample-run.ts'), logs, config];
  runs = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 64 << 20 })) as SampleRun[];
});

test.each(filters.filter((name) => !WITHOUT_SAMPLES.includes(name)))('the samples of %s match as they are annotated', (name) => {
  const run = runs.find((one) => one.name === name);
  expect(run?.annotated).toBeGreaterThan(0);
  expect(run?.wrong).toEqual([]);
});

test.each(filters.filter((name) => !WITHOUT_SAMPLES.includes(name)))('the samples of %s have lines that must not match', (name) => {
  const run = runs.find((one) => one.name === name);
  expect(run?.lines).toBeGreaterThan(run?.annotated ?? 0);
});

test('no sample is without its filter', () => {
  expect(readdirSync(logs).filter((name) => !filters.includes(name))).toEqual([]);
});

test('every filter belongs to a jail, and every jail has a filter', () => {
  const jails = readdirSync(path.join(config, 'jail.d')).map((file) => readFileSync(path.join(config, 'jail.d', file), 'utf8'));
  const sections = jails.join('\n').split(/^(?=\[)/m).filter((text) => text.startsWith('['));
  const used = sections.map((text) => /^filter = (\S+)/m.exec(text)?.[1] ?? /^\[([^\]]+)\]/.exec(text)?.[1] ?? '');
  expect([...new Set(used)].filter((name) => !filters.includes(name))).toEqual([]);
  expect(filters.filter((name) => !used.includes(name) && name !== 'syslog-prefix')).toEqual([]);
});
