/** Sessions: lines that bear the id of one connection, as fail2ban was seen to join them (reference 2.6). */
import { silentLogger } from '../../../src/base/logger';
import { createLineFilter } from '../../../src/engine/filter/create-filter';
import { createDateStream } from '../../../src/engine/filter/date-reader';
import { defaultJailConfig } from '../../../src/model/jail-config';
import type { Failure } from '../../../src/model/ticket';

const now = Date.UTC(2026, 10, 22, 9, 33, 20) / 1000;
const config = {
  ...defaultJailConfig('j'),
  prefregex: String.raw`^\s*\[<F-MLFID>\d+</F-MLFID>\] <F-CONTENT>.+</F-CONTENT>$`,
  failregex: [
    '^<F-NOFAIL>connect</F-NOFAIL> <ADDR>$',
    String.raw`^bad password user=<F-USER>\S+</F-USER>$`,
    String.raw`^<F-NOFAIL>nofail</F-NOFAIL> user=<F-USER>\S+</F-USER>$`,
    String.raw`^<F-MLFGAINED>accepted</F-MLFGAINED> user=<F-USER>\S+</F-USER>$`,
    '^<F-NOFAIL><F-MLFFORGET>bye</F-MLFFORGET></F-NOFAIL>$',
  ],
};

const LINES: Readonly<Record<string, string>> = {
  connect: 'connect 192.0.2.1',
  bye: 'bye',
};

/** Failures by the number of the line that brought them, counted from 1. */
function failures(...steps: readonly string[]): { readonly line: number; readonly failure: Failure }[] {
  const { filter } = createLineFilter(config, { logger: silentLogger });
  const dates = createDateStream({ datepattern: null, logtimezone: 'UTC' }, now, silentLogger);
  return steps.flatMap((step, index) => {
    const [kind, user] = step.split(' ');
    const words = { bad: `bad password user=${user}`, nofail: `nofail user=${user}`, accepted: `accepted user=${user}` };
    const text = LINES[step] ?? words[kind as keyof typeof words];
    const batch = { source: '/log', lines: [`Nov 22 09:33:0${index} [7] ${text}`], inOperation: true };
    return (filter?.process(batch, dates.open(batch, now), now) ?? []).map((failure) => ({ line: index + 1, failure }));
  });
}

const lineOf = (match: unknown): string => (Array.isArray(match) ? String(match[2]).trim() : String(match));

test('a failure without address takes that of an earlier line, and both lines lead to it', () => {
  const [found, ...more] = failures('connect', 'bad a');
  expect(more).toEqual([]);
  expect(found?.line).toBe(2);
  expect(found?.failure.id).toBe('192.0.2.1');
  expect(found?.failure.matches.map(lineOf)).toEqual(['[7] connect 192.0.2.1', '[7] bad password user=a']);
});

test('a failure without address waits for the line that brings it', () => {
  const [found, ...more] = failures('bad b', 'connect');
  expect(more).toEqual([]);
  expect(found?.line).toBe(2);
  expect(found?.failure.data.user).toBe('b');
});

test('several users in one session make a failure of lines that are none', () => {
  const [found, ...more] = failures('connect', 'nofail x', 'nofail y');
  expect(more).toEqual([]);
  expect(found?.line).toBe(3);
  expect(found?.failure.matches).toHaveLength(3);
  expect(found?.failure.data.users).toEqual(['x', 'y']);
});

test('gaining access after a failure adds none', () => {
  expect(failures('connect', 'bad q', 'accepted q').map(({ line }) => line)).toEqual([2]);
});

test('gaining access clears a failure that waits for its address', () => {
  expect(failures('bad q', 'accepted q', 'connect')).toEqual([]);
});

test('lines that are no failure count when one comes', () => {
  const [found, ...more] = failures('nofail x', 'connect', 'bad x');
  expect(more).toEqual([]);
  expect(found?.line).toBe(3);
  expect(found?.failure.matches).toHaveLength(3);
});

test('a session that said goodbye is forgotten', () => {
  expect(failures('connect', 'bye', 'bad x')).toEqual([]);
});
