/** `--try-action ACTION`: what the action would execute for an address; executes nothing. */
import { systemClock } from '../../base/clock';
import { AppError } from '../../base/errors';
import { isFolder } from '../../base/files';
import { tryAction } from '../../engine/server/action-trial/try-action';
import { parseAddress } from '../../model/address';
import type { CommandLine } from '../command-line';

/** RFC 5737: nobody's address. */
const USUAL_ADDRESS = '192.0.2.1';

/** Prints the commands; 255 for an action that is wrong. */
export async function printActionTrial(line: CommandLine, action: string): Promise<number> {
  const address = line.address ?? USUAL_ADDRESS;
  if (parseAddress(address) === null) throw new AppError('BAD_ARGUMENT', `--address must be an address: '${address}'`);
  if (!isFolder(line.conf)) throw new AppError('CONFIG_DIR_MISSING', `Base configuration directory ${line.conf} does not exist`);
  const trial = await tryAction(line.conf, action, address, systemClock);
  if (line.json) process.stdout.write(`${JSON.stringify(trial)}\n`);
  else {
    for (const problem of trial.problems) process.stdout.write(`${problem.severity}: ${problem.message}\n`);
    for (const { operation, command, arguments: words } of trial.commands)
      process.stdout.write(`# ${operation}${words.length === 0 ? '' : ` (arguments: ${JSON.stringify(words)})`}\n${command}\n\n`);
  }
  return trial.problems.some(({ severity }) => severity === 'error') ? 255 : 0;
}
