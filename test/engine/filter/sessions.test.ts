/** Sessions: lines that bear the id of one connection, as fail2ban was seen to join them (reference 2.6). */
import { silentLogger } from '../../../src/base/logger';
import { createLineFilter } from '../../../src/engine/filter/create-filter';
import { createDateStream } from '../../../src/engine/filter/date-reader';
import type { LineFilter } from '../../../src/engine/filter/line-filter';
import { defaultJailConfig } from '../../../src/model/jail-config';
import type { Failure } from '../../../src/model/ticket';
import { randomOf } from '../../fuzz/random';

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
  return failuresOf(steps, false);
}

/** @param anew whether each line comes to a filter of its own that goes on with what the one before held */
function failuresOf(steps: readonly string[], anew: boolean, maxlines = 1): { readonly line: number; readonly failure: Failure }[] {
  const create = (): LineFilter => createLineFilter({ ...config, maxlines }, { logger: silentLogger }).filter!;
  let filter = create();
  let written: string | null = null;
  const dates = createDateStream({ datepattern: null, logtimezone: 'UTC' }, now, silentLogger);
  return steps.flatMap((step, index) => {
    const [kind, user] = step.split(' ');
    const words = { bad: `bad password user=${user}`, nofail: `nofail user=${user}`, accepted: `accepted user=${user}` };
    const text = LINES[step] ?? words[kind as keyof typeof words];
    const batch = { source: '/log', lines: [`Nov 22 09:33:0${index} [7] ${text}`], inOperation: true };
    if (anew) {
      written = filter.held.take() ?? written;
      filter = create();
      if (written !== null) filter.held.restore(written);
    }
    return filter.process(batch, dates.open(batch, now), now).map((failure) => ({ line: index + 1, failure }));
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

test('what is held, written and read after every line, brings the same failures', () => {
  const steps = ['connect', 'bad a', 'bad b', 'nofail x', 'nofail y', 'accepted q', 'bye'];
  let found = 0;
  for (let turn = 0; turn < 400; turn++) {
    const random = randomOf(7, turn);
    const drawn = Array.from({ length: 9 }, () => random.pick(steps));
    for (const maxlines of [1, 3]) {
      const wanted = failuresOf(drawn, false, maxlines);
      expect(failuresOf(drawn, true, maxlines)).toEqual(wanted);
      found += wanted.length;
    }
  }
  expect(found).toBeGreaterThan(1000);
});

test('nothing is written while nothing is held, nor twice; damaged text holds nothing', () => {
  const { filter } = createLineFilter(config, { logger: silentLogger });
  const dates = createDateStream({ datepattern: null, logtimezone: 'UTC' }, now, silentLogger);
  const feed = (text: string): void => {
    const batch = { source: '/log', lines: [`Nov 22 09:33:01 ${text}`], inOperation: true };
    filter?.process(batch, dates.open(batch, now), now);
  };
  feed('no session');
  expect(filter?.held.take()).toBeNull();
  feed('[7] connect 192.0.2.1');
  const held = filter?.held.take();
  expect(held).toContain('192.0.2.1');
  expect(filter?.held.take()).toBeNull();
  filter?.held.unwritten();
  expect(filter?.held.take()).toBe(held);
  for (const text of ['', '{', '[]', 'null', '{"sessions":[[1,2],["a"],["a",1,[[3]]]],"lines":[["a"],7]}']) filter?.held.restore(text);
  filter?.held.unwritten();
  expect(filter?.held.take()).toBe(held);
});

test('the oldest sessions are left out of a text that would be too long', () => {
  const filter = createLineFilter(config, { logger: silentLogger }).filter!;
  const dates = createDateStream({ datepattern: null, logtimezone: 'UTC' }, now, silentLogger);
  const lines = Array.from({ length: 60 }, (_, at) => `Nov 22 09:33:01 [${100 + at}] nofail user=${'x'.repeat(20_000)}`);
  const batch = { source: '/log', lines, inOperation: true };
  filter.process(batch, dates.open(batch, now), now);
  const held = filter.held.take() ?? '';
  expect(held.length).toBeLessThan(1_100_000);
  expect(held).toContain('["159",');
  expect(held).not.toContain('["100",');
});
