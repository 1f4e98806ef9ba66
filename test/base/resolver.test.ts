/** Names and addresses: kept for a while, few asked at a time, nobody waits for ever. */
import { createResolver, type NameSystem } from '../../src/base/resolver';
import { manualClock, settle } from '../support/clock';
import { systemClock } from '../../src/base/clock';

function world(answers: Readonly<Record<string, readonly string[]>> = {}) {
  const clock = manualClock();
  const asked: string[] = [];
  const failures: string[] = [];
  let gate: Promise<void> = Promise.resolve();
  const system: NameSystem = {
    async addresses(name) {
      asked.push(name);
      await gate;
      const found = answers[name];
      if (found === undefined) throw new Error('not found');
      return found;
    },
    async name(address) {
      asked.push(address);
      return address === '192.0.2.1' ? 'one.example' : null;
    },
  };
  const resolver = createResolver({ clock, system, onFailure: (name, message) => failures.push(`${name}: ${message}`) });
  return { clock, resolver, asked, failures, hold: (until: Promise<void>) => void (gate = until) };
}

test('an answer is kept five minutes, also an empty one, and until the caches are cleared', async () => {
  const { resolver, asked, clock, failures } = world({ 'a.example': ['192.0.2.1', '2001:db8::1', '192.0.2.1'] });
  expect(await resolver.addressesOf('a.example')).toEqual(['192.0.2.1', '2001:db8::1']);
  expect(await resolver.addressesOf('b.example')).toEqual([]);
  await clock.advance(299);
  await resolver.addressesOf('a.example');
  await resolver.addressesOf('b.example');
  expect(asked).toEqual(['a.example', 'b.example']);
  expect(failures).toEqual(['b.example: not found']);
  await clock.advance(2);
  await resolver.addressesOf('a.example');
  resolver.clear();
  await resolver.addressesOf('a.example');
  expect(asked).toEqual(['a.example', 'b.example', 'a.example', 'a.example']);
});

test('questions for one name at the same time are one question', async () => {
  const { resolver, asked } = world({ 'a.example': ['192.0.2.1'] });
  expect(await Promise.all([resolver.addressesOf('a.example'), resolver.addressesOf('a.example')])).toEqual([['192.0.2.1'], ['192.0.2.1']]);
  expect(asked).toEqual(['a.example']);
});

test('only two names are asked for at once, and nobody waits longer than ten seconds', async () => {
  const { resolver, asked, clock, hold, failures } = world();
  hold(new Promise(() => undefined));
  const answers = Promise.all(['a', 'b', 'c'].map((name) => resolver.addressesOf(`${name}.example`)));
  await settle();
  expect(asked).toEqual(['a.example', 'b.example']);
  await clock.advance(10);
  expect(await answers).toEqual([[], [], []]);
  expect(failures).toHaveLength(3);
});

test('the next one is asked for when one has been answered', async () => {
  const { resolver, asked, hold } = world({ 'a.example': [], 'b.example': [], 'c.example': ['192.0.2.3'] });
  let open = (): void => undefined;
  hold(new Promise((resolve) => (open = resolve)));
  const answers = Promise.all(['a', 'b', 'c'].map((name) => resolver.addressesOf(`${name}.example`)));
  await settle();
  open();
  expect(await answers).toEqual([[], [], ['192.0.2.3']]);
  expect(asked).toEqual(['a.example', 'b.example', 'c.example']);
});

test('what cannot be a host name or an address is not asked for', async () => {
  const { resolver, asked } = world();
  for (const text of ['', 'a b', '$(reboot)', 'x'.repeat(300), 'naïve.example']) expect(await resolver.addressesOf(text)).toEqual([]);
  expect(await resolver.nameOf('no address')).toBeNull();
  expect(asked).toEqual([]);
});

test('IPv6 addresses are left out where they are not wanted', async () => {
  const system: NameSystem = { addresses: async () => ['2001:db8::1', '192.0.2.1'], name: async () => null };
  const resolver = createResolver({ clock: manualClock(), system, ipv6: () => false });
  expect(await resolver.addressesOf('a.example')).toEqual(['192.0.2.1']);
});

test('an address has a name or none', async () => {
  const { resolver, asked } = world();
  expect([await resolver.nameOf('192.0.2.1'), await resolver.nameOf('192.0.2.2'), await resolver.nameOf('192.0.2.1')]).toEqual([
    'one.example',
    null,
    'one.example',
  ]);
  expect(asked).toEqual(['192.0.2.1', '192.0.2.2']);
});

test('the system itself knows localhost', async () => {
  const resolver = createResolver({ clock: systemClock });
  expect(await resolver.addressesOf('localhost')).toEqual(expect.arrayContaining([expect.stringMatching(/^(127\.0\.0\.1|::1)$/)]));
});
