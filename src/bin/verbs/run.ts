/** Carries out one command line of the verbs: reads it, opens what it needs, prints its answer; the exit code. */
import { AppError, messageOf } from '../../base/errors';
import { BAILIFF_VERSION } from '../../model/version';
import { programHelp, verbHelp } from './help';
import { printable, printableLines } from '../../base/steering';
import { printableJson } from './print';
import { readCall } from './read-call';
import type { Call, Given, Verb } from './verb';
import { SHARED, VERBS } from './verbs';
import type { CliWorld } from './world';

export interface Output {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** Of errors that are no answer of the server. */
const EXIT_CODES: Readonly<Record<string, number>> = { BAD_ARGUMENT: 2, SERVER_NOT_RUNNING: 3, SERVER_NO_PERMISSION: 3, SERVER_TIMEOUT: 3 };

/** Tells an error; the exit code for it. */
export function tellError(error: unknown, { stderr }: Output): number {
  stderr(`bailiff: ${printable(messageOf(error))}\n`);
  return error instanceof AppError ? (EXIT_CODES[error.code] ?? 1) : 1;
}

/**
 * The exit code: 0 done, 1 refused or not done in part, 2 a mistake in the command, 3 no server answers. Whatever goes wrong is told; only
 * our own bugs reject.
 * @param open makes the world that the options describe; it is closed again
 */
export async function runCommandLine(argv: readonly string[], open: (options: Given) => CliWorld, output: Output): Promise<number> {
  try {
    const words = argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv;
    const { verb, call } = readCall(words, VERBS, SHARED);
    const { options } = call;
    if (options.has('help') || (verb === null && !options.has('version'))) {
      output.stdout(verb === null ? programHelp() : verbHelp(verb));
      return options.has('help') ? 0 : 2;
    }
    if (options.has('version') || verb === null) {
      output.stdout(`Bailiff ${BAILIFF_VERSION}\n`);
      return 0;
    }
    const world = open(options);
    try {
      return await carryOut(verb, call, world, output);
    } finally {
      await world.close();
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return tellError(error, output);
  }
}

async function carryOut(verb: Verb, call: Call, world: CliWorld, output: Output): Promise<number> {
  const { text, json, failures = [] } = await verb.run(call, world);
  output.stdout(call.options.has('json') ? printableJson(json) : printableLines(text));
  for (const failure of failures) output.stderr(`bailiff: ${printable(failure)}\n`);
  return failures.length > 0 ? 1 : 0;
}
