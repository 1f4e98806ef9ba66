/** What a reload does, as a plan. */
import { planReload } from '../../../src/engine/server/reload-plan';
import { defaultJailConfig, type JailConfig } from '../../../src/model/jail-config';

const options = { restart: false, unban: false, ifExists: false };
const jails = (...names: readonly string[]): Map<string, JailConfig> => new Map(names.map((name) => [name, defaultJailConfig(name)]));
const names = (list: readonly JailConfig[]): string[] => list.map(({ name }) => name);

test('new jails start, known ones change in place, missing ones stop', () => {
  const plan = planReload(jails('a', 'b'), { jails: jails('b', 'c'), broken: new Set() }, null, options);
  expect([names(plan.start), names(plan.change), names(plan.restart), plan.stop, plan.keep]).toEqual([['c'], ['b'], [], ['a'], []]);
});

test('a jail that is wrong now goes on as it was; one that is wrong and new does not start', () => {
  const plan = planReload(jails('a', 'b'), { jails: jails('a', 'c'), broken: new Set(['a', 'b', 'c']) }, null, options);
  expect([names(plan.start), names(plan.change), plan.stop, plan.keep]).toEqual([[], [], [], ['a', 'b']]);
});

test('a reload of one jail leaves the others alone', () => {
  const plan = planReload(jails('a', 'b'), { jails: jails('a'), broken: new Set() }, 'a', options);
  expect([names(plan.change), plan.stop]).toEqual([['a'], []]);
});

test('another backend restarts the jail, and so does --restart', () => {
  const other = new Map([['a', defaultJailConfig('a', 'polling')]]);
  expect(names(planReload(jails('a'), { jails: other, broken: new Set() }, null, options).restart)).toEqual(['a']);
  expect(names(planReload(jails('a'), { jails: jails('a'), broken: new Set() }, null, { ...options, restart: true }).restart)).toEqual([
    'a',
  ]);
});
