/** Builders for tests of actions: configurations, what an action needs around it, and runners that let commands fail. */
import { systemClock } from '../../src/base/clock';
import { createLogger, type LogRecord } from '../../src/base/logger';
import { recordingRunner, type ProcessRunner, type RecordingRunner } from '../../src/base/process';
import { CommandAction, type CommandActionDeps } from '../../src/engine/action/command-action';
import type { ActionConfig } from '../../src/model/jail-config';
import type { ActionJail } from '../../src/engine/action/ticket-values';

export function actionConfig(properties: Readonly<Record<string, string | number | boolean | null>>, name = 'act'): ActionConfig {
  return { name, properties: Object.entries(properties) };
}

export const JAIL: ActionJail = {
  name: 'j1',
  now: () => 1_795_338_000.5,
  bantime: () => 600,
  counters: () => ({ banned: 2, bannedTotal: 12, found: 3, foundTotal: 13 }),
};

export interface ActionRig {
  readonly action: CommandAction;
  readonly log: LogRecord[];
}

export function actionRig(config: ActionConfig, runner: ProcessRunner, more: Partial<CommandActionDeps> = {}, jail = JAIL): ActionRig {
  const log: LogRecord[] = [];
  const action = new CommandAction(config, jail, {
    clock: systemClock,
    runner,
    logger: createLogger((record) => log.push(record)),
    lookups: { mergedBans: () => Promise.resolve(null), hostName: () => Promise.resolve(null) },
    hosts: { full: 'host.example.com', short: 'host' },
    allowIpv6: true,
    ...more,
  });
  return { action, log };
}

/** The scripts that a recording runner was asked to run. */
export function scriptsOf(runner: RecordingRunner): string[] {
  return runner.requests.map((request) => request.args[1] ?? '');
}

/** A recording runner that lets every script fail that `fails` says. */
export function failingRunner(fails: (script: string, nth: number) => boolean): RecordingRunner {
  const counts = new Map<string, number>();
  return recordingRunner((request) => {
    const script = request.args[1] ?? '';
    const nth = (counts.get(script) ?? 0) + 1;
    counts.set(script, nth);
    return fails(script, nth) ? { code: 1, stderr: 'no such thing\n' } : {};
  });
}

/** A runner that counts what it hands on. */
export function recordingTo(runner: ProcessRunner): ProcessRunner & { readonly count: number } {
  let count = 0;
  return {
    get count() {
      return count;
    },
    run(request) {
      count++;
      return runner.run(request);
    },
  };
}
