/** The configuration of an action becomes the action that a jail uses: a shell action, or its dry run. */
import { AppError } from '../../base/errors';
import { CommandAction, type CommandActionDeps } from './command-action';
import { DryRunAction } from './dry-run-action';
import { isTrue, propertyMap } from './static-tags';
import type { ActionConfig } from '../../model/jail-config';
import type { JailAction } from './jail-action';
import type { ActionJail } from './ticket-values';

export interface ActionDeps extends CommandActionDeps {
  /** True: bans are only recorded and told. */
  readonly dryRun: boolean;
}

/**
 * Makes an action of a jail. Throws an AppError (BAD_ARGUMENT) for what cannot be run: a Python action, a `timeout` that is no time.
 */
export function createAction(config: ActionConfig, jail: ActionJail, deps: ActionDeps): JailAction {
  if (config.python !== undefined) {
    const instead = /(^|\/)smtp\.py$/.test(config.python.file)
      ? 'use the action sendmail instead'
      : 'use an action of shell commands instead';
    throw new AppError('BAD_ARGUMENT', `action '${config.name}': Python actions (${config.python.file}) are not run here; ${instead}`);
  }
  const action = commandAction(config, jail, deps);
  return deps.dryRun ? new DryRunAction(config.name, isTrue(propertyMap(config).get('norestored')), jail.name, deps.logger) : action;
}

function commandAction(config: ActionConfig, jail: ActionJail, deps: ActionDeps): CommandAction {
  try {
    return new CommandAction(config, jail, deps);
  } catch (error) {
    throw new AppError('BAD_ARGUMENT', `action '${config.name}': property 'timeout' is not a time`, { cause: error });
  }
}
