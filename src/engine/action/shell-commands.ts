/** A script becomes success or failure: run by the process runner as `/bin/sh -c`, with what went wrong told in fail2ban's words. */
import { constants } from 'node:os';
import { succeeded, type ProcessRunner, type RunRequest, type RunResult } from '../../base/process';
import { pythonRepr } from '../../model/python-repr';
import { withoutValues } from '../../model/secret';
import type { Logger } from '../../base/logger';
import type { Script } from './dynamic-tags';

const LOGGER = 'fail2ban.utils';
/** Files that an action makes are its owner's alone. */
const UMASK = 0o77;
/** Longest piece of a script or of its output that goes into the log, characters. */
const MAX_LOGGED = 4000;
const MAX_OUTPUT = 16384;
/** Of a listing: half a million addresses. */
const MAX_LISTING = 64 << 20;

/**
 * Reads the script from standard input: what stands in an argument is seen by everybody who lists processes. The commands of the script have
 * nothing to read, as always.
 */
const READ_SCRIPT = 'f2bS=$(cat) && exec </dev/null && eval "$f2bS"';

/** What a request of `run` has the shell execute. */
export function scriptOf({ args, stdin }: Pick<RunRequest, 'args' | 'stdin'>): Script {
  const [, text = '', ...rest] = args;
  return { text: stdin ?? text, args: rest };
}

export interface ShellCommands {
  /** Runs a script; true when it succeeded. An empty script is a success. */
  run(script: Script, timeout: number): Promise<boolean>;
  /** Runs a program without a shell; its output, or null when it failed, which is told quietly: what comes of it is told elsewhere. */
  tool(tool: Tool, timeout: number): Promise<string | null>;
}

/** A program, its arguments, and what it reads. */
export interface Tool {
  readonly command: string;
  readonly args: readonly string[];
  readonly stdin?: string;
}

let lastId = 0x7f0000000000;

/**
 * Runs scripts for one action and logs their fate.
 * @param secrets values that must stand in no list of processes and no log, as `secretValues` of model/secret has them
 */
export function shellCommands(runner: ProcessRunner, quiet: Logger, secrets: readonly string[] = []): ShellCommands {
  const logger: Logger = { log: (level, name, message) => quiet.log(level, name, withoutValues(message, secrets)) };
  return {
    async run(script, timeout) {
      if (script.text.trim() === '') return true;
      const id = (lastId += 16).toString(16);
      const isSecret = secrets.some((value) => script.text.includes(value));
      const args = ['-c', isSecret ? READ_SCRIPT : script.text, ...script.args];
      const stdin = isSecret ? { stdin: script.text } : {};
      const result = await runner.run({ command: '/bin/sh', args, ...stdin, timeout, umask: UMASK, maxOutput: MAX_OUTPUT });
      if (succeeded(result)) {
        logger.log('DEBUG', LOGGER, `${id} -- returned successfully 0`);
        return true;
      }
      logFailure(logger, id, script, timeout, result);
      return false;
    },
    async tool(tool, timeout) {
      const result = await runner.run({ ...tool, timeout, maxOutput: MAX_LISTING });
      if (succeeded(result) && !result.truncated) return result.stdout;
      const said = result.timedOut ? `timed out after ${timeout} seconds` : result.stderr.slice(0, MAX_LOGGED).trim();
      logger.log('DEBUG', LOGGER, `${[tool.command, ...tool.args].join(' ')}: ${said}`);
      return null;
    },
  };
}

function logFailure(logger: Logger, id: string, script: Script, timeout: number, result: RunResult): void {
  const say = (text: string): void => logger.log('ERROR', LOGGER, `${id} -- ${text}`);
  say(`exec: ${script.text.slice(0, MAX_LOGGED)}`);
  if (result.timedOut) say(`timed out after ${timeout} seconds.`);
  for (const [name, output] of [['stdout', result.stdout] as const, ['stderr', result.stderr] as const]) {
    for (const line of output.slice(0, MAX_LOGGED).split('\n')) if (line !== '') say(`${name}: ${pythonRepr(line)}`);
  }
  if (result.signal !== null) say(`killed with ${result.signal} (return code: -${constants.signals[result.signal]})`);
  else if (!result.timedOut) say(`returned ${result.code}`);
  if (result.code === 127) {
    logger.log(
      'INFO',
      LOGGER,
      'HINT on 127: "Command not found". Make sure that all commands of the script are in the PATH of the server.',
    );
  }
}
