/** Runs that fail are halved: one bad change takes no others with it, and an environment that is gone is looked at once, not once for each change. */
import { applyChanges, type Environment } from '../../../../src/engine/action/bulk/apply-changes';
import { FORGETFUL, type Place, type PlaceChange } from '../../../../src/engine/action/bulk/place';

function world(bad: readonly string[], environment: Environment = 'sane') {
  const runs: string[] = [];
  const done: string[] = [];
  let looks = 0;
  const place: Place = {
    ...FORGETFUL,
    key: 'p',
    tool: 'nft',
    program: 'nft',
    within: 't',
    most: 8,
    doubles: false,
    timed: false,
    run: (changes) => ({ command: 'tool', args: [], stdin: changes.map(({ text }) => text).join(' ') }),
    done: (changes) => void done.push(...changes.map(({ text }) => text)),
    listings: [],
    members: () => new Map(),
    removal: (element) => ({ verb: 'remove', element, text: element, end: null }),
  };
  const tools = {
    run: async ({ stdin = '' }: { readonly stdin?: string }) => {
      runs.push(stdin);
      return environment === 'sane' && !stdin.split(' ').some((word) => bad.includes(word));
    },
    look: async () => {
      looks++;
      return environment;
    },
    now: () => 0,
  };
  const changes: PlaceChange[] = Array.from({ length: 20 }, (_, at) => ({ verb: 'add', element: `e${at}`, text: `e${at}`, end: null }));
  const apply = async () => {
    const outcome = await applyChanges(place, changes, tools);
    return { environment: outcome.environment, failed: [...outcome.failed].map(({ text }) => text) };
  };
  return { apply, runs, done, looks: () => looks };
}

test('as many as go into one run', async () => {
  const { apply, runs, done } = world([]);
  expect(await apply()).toEqual({ environment: 'sane', failed: [] });
  expect(runs.map((text) => text.split(' ').length)).toEqual([8, 8, 4]);
  expect(done).toHaveLength(20);
});

test('bad ones are found by halving, all others are made', async () => {
  const { apply, runs, done, looks } = world(['e3', 'e12']);
  expect(await apply()).toEqual({ environment: 'sane', failed: ['e3', 'e12'] });
  expect(done).toHaveLength(18);
  expect(new Set(done).size).toBe(18);
  expect(runs.length).toBeLessThan(20);
  expect(looks()).toBe(1);
});

test.each(['mended', 'broken'] as const)('with a %s environment nothing more is tried, and nothing counts as made', async (environment) => {
  const { apply, runs, looks } = world([], environment);
  const outcome = await apply();
  expect(outcome.failed).toHaveLength(20);
  expect(outcome.environment).toBe(environment);
  expect([runs.length, looks()]).toEqual([1, 1]);
});
