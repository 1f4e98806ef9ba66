/** A shell action's order of commands: families, start on demand, failure, check, repair, once again. */
import { recordingRunner } from '../../../src/base/process';
import { actionConfig, actionRig, failingRunner, scriptsOf } from '../../support/actions';
import { banTicket } from '../../support/tickets';

const FAMILIES = {
  actionstart: 'start <set> <family>',
  actionstop: 'stop <set> <family>',
  actionflush: 'flush <set>',
  actioncheck: 'check <set>',
  actionban: 'ban <set> <ip> <family>',
  actionunban: 'unban <set> <ip>',
  set: 'four',
  'set?family=inet6': 'six',
};
const PLAIN = { actionstart: 'start', actionstop: 'stop', actionban: 'ban <ip>', actionunban: 'unban <ip>' };
const messages = (log: readonly { level: string; message: string }[], level: string): string[] =>
  log.filter((record) => record.level === level).map((record) => record.message);

describe('an action that makes no difference between families', () => {
  it('starts once, bans, unbans and stops in order', async () => {
    const runner = recordingRunner();
    const { action } = actionRig(actionConfig(PLAIN), runner);
    await action.start();
    expect(await action.ban([banTicket('192.0.2.1'), banTicket('2001:db8::1')])).toEqual([null, null]);
    expect(await action.unban([banTicket('192.0.2.1')])).toEqual([null]);
    await action.stop();
    expect(scriptsOf(runner)).toEqual(['start', 'ban 192.0.2.1', 'ban 2001:db8::1', 'unban 192.0.2.1', 'stop']);
    expect(runner.requests[0]).toMatchObject({ command: '/bin/sh', args: ['-c', 'start'], timeout: 60, umask: 0o77 });
  });

  it('runs a stop with <family> once for each family that was banned, and once without', async () => {
    const runner = recordingRunner();
    const { action } = actionRig(actionConfig({ ...PLAIN, actionstop: 'stop [<family>]' }), runner);
    await action.start();
    await action.ban([banTicket('192.0.2.1')]);
    await action.stop();
    expect(scriptsOf(runner).slice(2)).toEqual(['stop []', 'stop [inet4]']);
  });

  it('does not unban what no ban of this family preceded', async () => {
    const runner = recordingRunner();
    const { action } = actionRig(actionConfig(PLAIN), runner);
    await action.start();
    await action.ban([banTicket('192.0.2.1')]);
    await action.unban([banTicket('2001:db8::1')]);
    expect(scriptsOf(runner)).toEqual(['start', 'ban 192.0.2.1']);
  });

  it('takes its time limit from the property timeout', async () => {
    const runner = recordingRunner();
    const { action } = actionRig(actionConfig({ ...PLAIN, timeout: '2m' }), runner);
    await action.start();
    expect(runner.requests[0]?.timeout).toBe(120);
  });
});

describe('an action with family variants', () => {
  it('starts a family before its first ban, and each only once', async () => {
    const runner = recordingRunner();
    const { action } = actionRig(actionConfig(FAMILIES), runner);
    await action.start();
    expect(scriptsOf(runner)).toEqual([]);
    await action.ban([banTicket('2001:db8::1'), banTicket('2001:db8::/64'), banTicket('192.0.2.1')]);
    await action.stop();
    expect(scriptsOf(runner)).toEqual([
      'start six inet6',
      'ban six 2001:db8::1 inet6',
      'ban six 2001:db8::/64 inet6',
      'start four inet4',
      'ban four 192.0.2.1 inet4',
      'stop six inet6',
      'stop four inet4',
    ]);
  });

  it('starts every family at once when told not to wait for a demand', async () => {
    const runner = recordingRunner();
    const { action } = actionRig(actionConfig({ ...FAMILIES, actionstart_on_demand: 'false' }), runner);
    await action.start();
    await action.ban([banTicket('192.0.2.1')]);
    expect(scriptsOf(runner)).toEqual(['start four inet4', 'start six inet6', 'ban four 192.0.2.1 inet4']);
  });

  it('unbans an address although an id that is no address has started its family again (the original forgets it)', async () => {
    const runner = recordingRunner();
    const { action } = actionRig(actionConfig({ ...FAMILIES, 'set?family=inet6': 'four' }), runner);
    await action.ban([banTicket('192.0.2.1'), banTicket('somebody')]);
    await action.unban([banTicket('192.0.2.1'), banTicket('somebody')]);
    expect(scriptsOf(runner)).toEqual([
      'start four inet4',
      'ban four 192.0.2.1 inet4',
      'start four inet4',
      'start four inet6',
      'ban four somebody None',
      'unban four 192.0.2.1',
      'unban four somebody',
    ]);
  });

  it('leaves IPv6 alone where the server may not use it', async () => {
    const runner = recordingRunner();
    const { action } = actionRig(actionConfig({ ...FAMILIES, actionstart_on_demand: false }), runner, { allowIpv6: false });
    await action.start();
    expect(scriptsOf(runner)).toEqual(['start four inet4']);
  });

  it('flushes families with bans only, and needs no unban afterwards', async () => {
    const runner = recordingRunner();
    const { action } = actionRig(actionConfig(FAMILIES), runner);
    await action.ban([banTicket('192.0.2.1')]);
    await action.flush();
    await action.flush();
    await action.unban([banTicket('192.0.2.1')]);
    expect(scriptsOf(runner).slice(2)).toEqual(['flush four']);
  });
});

describe('a command that fails', () => {
  it('is run once more even when there is nothing to check, then told', async () => {
    const runner = failingRunner((script) => script.startsWith('ban 192.0.2.1'));
    const { action, log } = actionRig(actionConfig(PLAIN), runner);
    await action.start();
    const results = await action.ban([banTicket('192.0.2.1'), banTicket('192.0.2.2')]);
    expect(results.map((result) => result?.message ?? null)).toEqual(['Error banning 192.0.2.1', null]);
    expect(scriptsOf(runner)).toEqual(['start', 'ban 192.0.2.1', 'ban 192.0.2.1', 'ban 192.0.2.2']);
    expect(messages(log, 'ERROR').slice(0, 3)).toEqual([
      expect.stringMatching(/^[0-9a-f]+ -- exec: ban 192\.0\.2\.1$/),
      expect.stringMatching(/^[0-9a-f]+ -- stderr: 'no such thing'$/),
      expect.stringMatching(/^[0-9a-f]+ -- returned 1$/),
    ]);
  });

  it('is repaired by stop and start, checked again and run again; the epoch tells that bans were lost', async () => {
    const runner = failingRunner((script, nth) => (script.startsWith('ban four') || script === 'check four') && nth === 1);
    const { action, log } = actionRig(actionConfig(FAMILIES), runner);
    expect(await action.ban([banTicket('192.0.2.1')])).toEqual([null]);
    expect(scriptsOf(runner)).toEqual([
      'start four inet4',
      'ban four 192.0.2.1 inet4',
      'check four',
      'stop four inet4',
      'start four inet4',
      'check four',
      'ban four 192.0.2.1 inet4',
    ]);
    expect(messages(log, 'ERROR').at(-1)).toBe('Invariant check failed. Trying to restore a sane environment');
    expect(action.banEpoch).toBe(1);
    expect(await action.check()).toBe(true);
    expect(await action.check()).toBe(false);
  });

  it('uses actionrepair where there is one', async () => {
    const runner = failingRunner((script, nth) => script === 'check four' && nth === 1);
    const { action } = actionRig(actionConfig({ ...FAMILIES, actionrepair: 'repair <family>' }), runner);
    await action.ban([banTicket('192.0.2.1')]);
    expect(await action.check()).toBe(true);
    expect(scriptsOf(runner).slice(2)).toEqual(['check four', 'repair inet4', 'check four']);
  });

  it('gives up when the environment cannot be restored', async () => {
    const runner = failingRunner((script) => /^(ban|check)/.test(script));
    const { action, log } = actionRig(actionConfig(FAMILIES), runner);
    expect((await action.ban([banTicket('192.0.2.1')]))[0]?.message).toBe('Error banning 192.0.2.1');
    expect(messages(log, 'CRITICAL')).toEqual(['Unable to restore environment']);
    await expect(action.check()).rejects.toThrow('Unable to restore environment');
  });

  it('is not repaired for an unban, unless the action says so', async () => {
    const fails = (script: string): boolean => /^(unban|check)/.test(script);
    const first = failingRunner(fails);
    const { action, log } = actionRig(actionConfig(FAMILIES), first);
    await action.ban([banTicket('192.0.2.1')]);
    expect((await action.unban([banTicket('192.0.2.1')]))[0]?.message).toBe('Error unbanning 192.0.2.1');
    expect(scriptsOf(first).slice(2)).toEqual(['unban four 192.0.2.1', 'check four']);
    expect(messages(log, 'ERROR').at(-1)).toBe('Invariant check failed. Unban is impossible.');

    const second = failingRunner((script, nth) => fails(script) && nth === 1);
    const repairing = actionRig(actionConfig({ ...FAMILIES, actionrepair_on_unban: 'true' }), second).action;
    await repairing.ban([banTicket('192.0.2.1')]);
    expect(await repairing.unban([banTicket('192.0.2.1')])).toEqual([null]);
  });

  it('at start, stop, flush and reload is an error of the world', async () => {
    const runner = failingRunner((script) => /^(start|stop|flush|reload)/.test(script));
    const config = actionConfig({ ...PLAIN, actionban: '', actionflush: 'flush', actionreload: 'reload' });
    const { action } = actionRig(config, runner);
    await expect(action.start()).rejects.toMatchObject({ code: 'ACTION_FAILED', message: "Error starting action Jail('j1')/act" });
    expect(await action.ban([banTicket('192.0.2.1')])).toEqual([null]);
    await expect(action.flush()).rejects.toThrow("Error flushing action Jail('j1')/act");
    await expect(action.reload()).rejects.toThrow('Error reloading action');
    await expect(action.stop()).rejects.toThrow('Error stopping action');
  });
});

describe('further operations', () => {
  it('prolongs only with an actionprolong', async () => {
    const runner = recordingRunner();
    const { action } = actionRig(actionConfig({ ...PLAIN, actionprolong: 'prolong <ip> <bantime>' }), runner);
    await action.prolong([banTicket('192.0.2.1', { bantime: 1200.7 })]);
    expect(action.canProlong).toBe(true);
    expect(scriptsOf(runner)).toEqual(['prolong 192.0.2.1 1200']);
    expect(actionRig(actionConfig(PLAIN), runner).action.canProlong).toBe(false);
  });

  it('bans again with actionreban, else with actionban', async () => {
    const runner = recordingRunner();
    await actionRig(actionConfig({ ...PLAIN, actionreban: 'reban <ip>' }), runner).action.reban([banTicket('192.0.2.1')]);
    await actionRig(actionConfig(PLAIN), runner).action.reban([banTicket('192.0.2.2')]);
    expect(scriptsOf(runner)).toEqual(['reban 192.0.2.1', 'ban 192.0.2.2']);
  });

  it('never lets two commands of one action overlap, whoever asks', async () => {
    const order: string[] = [];
    const slow = {
      async run(request: { args: readonly string[] }) {
        order.push(`begin ${request.args[1]}`);
        await new Promise((resolve) => setImmediate(resolve));
        order.push(`end ${request.args[1]}`);
        return recordingRunner().run({ command: '', args: [], timeout: 1 });
      },
    };
    const { action } = actionRig(actionConfig(PLAIN), slow);
    await Promise.all([action.start(), action.ban([banTicket('192.0.2.1')]), action.unban([banTicket('192.0.2.1')]), action.stop()]);
    expect(order.map((line) => line.replace(/ .*/, ''))).toEqual(Array.from({ length: 4 }, () => ['begin', 'end']).flat());
    expect(order.filter((line) => line.startsWith('begin'))).toEqual([
      'begin start',
      'begin ban 192.0.2.1',
      'begin unban 192.0.2.1',
      'begin stop',
    ]);
  });
});
