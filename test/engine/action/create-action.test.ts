/** Which action a configuration makes: shell, dry run, or a clear refusal; and the dry run's doing nothing. */
import { systemClock } from '../../../src/base/clock';
import { createLogger, type LogRecord } from '../../../src/base/logger';
import { recordingRunner } from '../../../src/base/process';
import { createAction, type ActionDeps } from '../../../src/engine/action/create-action';
import { DryRunAction } from '../../../src/engine/action/dry-run-action';
import { actionConfig, JAIL, scriptsOf } from '../../support/actions';
import { banTicket } from '../../support/tickets';

const log: LogRecord[] = [];
beforeEach(() => void log.splice(0));

function deps(dryRun: boolean): ActionDeps & { runner: ReturnType<typeof recordingRunner> } {
  return {
    clock: systemClock,
    runner: recordingRunner(),
    logger: createLogger((record) => log.push(record)),
    lookups: { mergedBans: () => Promise.resolve(null), hostName: () => Promise.resolve(null) },
    hosts: { full: 'host.example.com', short: 'host' },
    allowIpv6: true,
    dryRun,
  };
}

describe('createAction', () => {
  it('makes a shell action that runs its commands', async () => {
    const around = deps(false);
    await createAction(actionConfig({ actionstart: 'start <name>', name: 'n' }), JAIL, around).start();
    expect(scriptsOf(around.runner)).toEqual(['start n']);
  });

  it('refuses a Python action and says what to use instead', () => {
    const smtp = { name: 'smtp', properties: [], python: { file: '/etc/fail2ban/action.d/smtp.py', options: {} } };
    expect(() => createAction(smtp, JAIL, deps(false))).toThrow(/smtp\.py.*use the action sendmail instead/);
    const own = { name: 'own', properties: [], python: { file: '/etc/fail2ban/action.d/own.py', options: {} } };
    expect(() => createAction(own, JAIL, deps(true))).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
  });

  it('refuses a time limit that is no time', () => {
    expect(() => createAction(actionConfig({ timeout: 'soon' }), JAIL, deps(false))).toThrow(/property 'timeout' is not a time/);
  });
});

describe('a dry run', () => {
  it('runs nothing, tells what would be done and remembers it', async () => {
    const around = deps(true);
    const action = createAction(actionConfig({ actionstart: 'start', actionban: 'ban <ip>', norestored: true }), JAIL, around);
    const ticket = banTicket('192.0.2.1');
    await action.start();
    expect(await action.ban([ticket, banTicket('192.0.2.2', { bantime: -1 })])).toEqual([null, null]);
    expect(await action.check()).toBe(false);
    await action.prolong([{ ...ticket, bantime: 1200 }]);
    expect(await action.reban?.([ticket])).toEqual([null]);
    expect(await action.unban([ticket])).toEqual([null]);
    await action.flush();
    await action.reload();
    await action.stop();
    expect(scriptsOf(around.runner)).toEqual([]);
    expect(action.norestored).toBe(true);
    expect(log.every((record) => record.level === 'INFO')).toBe(true);
    expect(log.map((record) => record.message.replace("[j1] dry run: action 'act' would ", ''))).toEqual([
      'start',
      'ban 192.0.2.1 for 600 s',
      'ban 192.0.2.2 for ever',
      'prolong the ban of 192.0.2.1 for 1200 s',
      'ban 192.0.2.1 again for 600 s',
      'unban 192.0.2.1',
      'undo all bans',
      'reload',
      'stop',
    ]);
    expect(action).toBeInstanceOf(DryRunAction);
    expect((action as DryRunAction).operations.slice(0, 2)).toEqual([
      { operation: 'start', id: null },
      { operation: 'ban', id: '192.0.2.1' },
    ]);
  });

  it('remembers a bounded number of operations', async () => {
    const action = new DryRunAction(
      'act',
      false,
      'j1',
      createLogger(() => undefined),
    );
    await action.ban(Array.from({ length: 1500 }, (_, index) => banTicket(`10.0.${index >> 8}.${index & 255}`)));
    expect(action.operations).toHaveLength(1000);
    expect(action.operations.at(-1)?.id).toBe('10.0.5.219');
  });
});
