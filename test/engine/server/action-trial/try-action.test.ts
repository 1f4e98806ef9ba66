import path from 'node:path';
import { systemClock } from '../../../../src/base/clock';
import { tryAction } from '../../../../src/engine/server/action-trial/try-action';

const OURS = path.resolve(__dirname, '../../../../config');

it('tells what an action would execute for an address, with the options of a jail, in order', async () => {
  const { commands, problems } = await tryAction(OURS, 'iptables-multiport[name=ssh, port="22,2222"]', '192.0.2.1', systemClock);
  expect(problems).toEqual([]);
  expect([...new Set(commands.map(({ operation }) => operation))]).toEqual(['ban', 'unban', 'stop']);
  // The first ban of a family starts the action for it.
  const [first, ...rest] = commands.filter(({ operation }) => operation === 'ban');
  expect(first?.command).toContain('22,2222');
  expect(rest.at(-1)?.command).toContain('192.0.2.1');
  expect(rest.at(-1)?.command).toContain('f2b-ssh');
});

it('knows IPv6', async () => {
  const { commands } = await tryAction(OURS, 'nftables[name=x]', '2001:db8::1', systemClock);
  expect(
    commands
      .filter(({ operation }) => operation === 'ban')
      .map(({ command }) => command)
      .join(),
  ).toContain('2001:db8::1');
});

it('says what is wrong with one that is not there', async () => {
  const { commands, problems } = await tryAction(OURS, 'nothing-of-that-name', '192.0.2.1', systemClock);
  expect(commands).toEqual([]);
  expect(problems.map(({ severity }) => severity)).toContain('error');
});

it('executes nothing: values of an option are only text', async () => {
  const { commands } = await tryAction(OURS, 'iptables-multiport[name="$(touch /tmp/bailiff-canary)", port=22]', '192.0.2.1', systemClock);
  expect(commands.length).toBeGreaterThan(0);
});
