/** Runs an action of a folder for one address with a runner that executes nothing, and tells what it would have executed. */
import * as path from 'node:path';
import type { Clock } from '../../../base/clock';
import { AppError, messageOf } from '../../../base/errors';
import { silentLogger } from '../../../base/logger';
import { recordingRunner } from '../../../base/process';
import { ConfigFolder } from '../../../contracts/files/includes';
import type { Option } from '../../../contracts/files/ini';
import { readJail } from '../../../contracts/files/jails';
import type { ActionTrial, TriedCommand } from '../../../model/action-trial';
import type { ActionConfig } from '../../../model/jail-config';
import type { Problem } from '../../../model/problem';
import { withoutValues } from '../../../model/secret';
import type { BanTicket } from '../../../model/ticket';
import { FAIL2BAN_PARITY } from '../../../model/version';
import { createAction } from '../../action/create-action';
import type { JailAction } from '../../action/jail-action';
import { scriptOf } from '../../action/shell-commands';
import { propertyMap, secretsOf, staticCommands } from '../../action/static-tags';
import { foldStream } from '../stream';

/** The jail that the action is tried for; `<name>` is its name unless the options say otherwise. */
const JAIL = 'dry-run';
const BANTIME = 600;

interface Read {
  readonly configs: readonly ActionConfig[];
  readonly problems: readonly Problem[];
}

/** @param action as a jail has it: `iptables[port=ssh]` */
function readAction(dir: string, action: string): Read {
  const option = (value: string): Option => ({ value, file: '', line: 0, lines: [], cut: [] });
  const given = (values: Readonly<Record<string, string>>): Map<string, Option> =>
    new Map(Object.entries(values).map(([name, value]) => [name, option(value.replaceAll('%', '%%'))]));
  const defaults = given({ fail2ban_version: FAIL2BAN_PARITY, fail2ban_confpath: dir });
  const jail = given({ enabled: 'true', filter: '', action });
  const sections = { defaults, sections: new Map([[JAIL, jail]]), known: new Map(), mistakes: [], files: [] };
  const reading = readJail(new ConfigFolder(dir), sections, JAIL);
  if (reading === null) return { configs: [], problems: [] };
  const problems = reading.problems.filter(({ option: name }) => name === 'action').map(withoutJail);
  const configs = foldStream([...reading.commands, ['start', JAIL]]).jails.get(JAIL)?.actions ?? [];
  return { configs, problems };
}

/** The jail is ours: nobody knows it. */
function withoutJail(problem: Problem): Problem {
  return Object.fromEntries(Object.entries(problem).filter(([key]) => key !== 'jail')) as unknown as Problem;
}

/**
 * What an action would execute to start, to ban and unban the address, and to stop.
 * @param action its name with options: `iptables[name=ssh, port=22]`
 * @throws AppError BAD_ARGUMENT for an action that cannot be run here
 */
export async function tryAction(confdir: string, action: string, address: string, clock: Clock): Promise<ActionTrial> {
  const { configs, problems } = readAction(path.resolve(confdir), action);
  const commands: TriedCommand[] = [];
  let operation = 'start';
  let secrets: readonly string[] = [];
  const runner = recordingRunner((request) => {
    const { text, args } = scriptOf(request);
    if (request.args[0] === '-c') commands.push({ operation, command: withoutValues(text, secrets), arguments: args.slice(1) });
    return {};
  });
  const jail = {
    name: JAIL,
    counters: () => ({ banned: 0, bannedTotal: 0, found: 0, foundTotal: 0 }),
    now: () => clock.now(),
    bantime: () => BANTIME,
  };
  const lookups = { mergedBans: () => Promise.resolve(null), hostName: () => Promise.resolve(null) };
  const hosts = { full: 'host.example', short: 'host' };
  const data = { failures: 5, matches: [], captured: {} };
  const ticket: BanTicket = { id: address, time: Math.floor(clock.now()), bantime: BANTIME, bancount: 1, restored: false, data };
  const wrong: Problem[] = [...problems];
  for (const config of configs) {
    try {
      const properties = propertyMap(config);
      secrets = secretsOf(properties, staticCommands(properties, hosts));
      const tried = createAction(config, jail, {
        clock,
        runner,
        logger: silentLogger,
        lookups,
        hosts,
        allowIpv6: true,
        dryRun: false,
        singly: true,
      });
      for (const [name, run] of steps(tried, ticket)) {
        operation = name;
        await run();
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      wrong.push({ severity: 'error', message: messageOf(error), option: 'action' });
    }
  }
  return { commands, problems: wrong };
}

function steps(action: JailAction, ticket: BanTicket): readonly (readonly [string, () => Promise<unknown>])[] {
  return [
    ['start', () => action.start()],
    ['ban', () => action.ban([ticket])],
    ['unban', () => action.unban([ticket])],
    ['stop', () => action.stop()],
  ];
}
