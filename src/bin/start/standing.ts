/** The verbs that need no server: `start`, `setup`, `password`. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../base/clock';
import { AppError, messageOf } from '../../base/errors';
import { exists } from '../../base/files';
import { createEngineControl } from '../../panel/control/engine-control';
import { makeOwnFolder } from '../setup/own-folder';
import { programHelp } from '../verbs/help';
import { setPassword } from '../verbs/password';
import { homeAt } from './home';
import { start } from './start';

const WORDS = ['start', 'setup', 'password'];
const DEFAULT_PORT = 8787;

const ARGUMENTS = {
  allowPositionals: true,
  options: {
    user: { type: 'string', default: 'admin' },
    demo: { type: 'boolean', default: false },
    enforce: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
} as const;

/** Whether the first word that is no option is one of these verbs. */
export function isStanding(argv: readonly string[]): boolean {
  return WORDS.includes(argv.find((word) => !word.startsWith('-')) ?? '');
}

function parse(argv: readonly string[]): ReturnType<typeof parseArgs<typeof ARGUMENTS>> {
  try {
    return parseArgs({ ...ARGUMENTS, args: [...argv] });
  } catch (error) {
    throw new AppError('BAD_ARGUMENT', messageOf(error), { cause: error });
  }
}

function portOf(text: string | undefined): number {
  const port = Number(text ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new AppError('BAD_ARGUMENT', `BAILIFF_PORT is not a port: ${String(text)}`);
  return port;
}

/**
 * Carries one of them out; the exit code. Rejects with AppErrors: BAD_ARGUMENT for the user's mistake.
 * @param project the folder with `config/` and `dist/`
 */
export async function runStanding(argv: readonly string[], env: NodeJS.ProcessEnv, project: string): Promise<number> {
  const { values, positionals } = parse(argv);
  const [verb, ...words] = positionals;
  if (values.help) {
    process.stdout.write(programHelp());
    return 0;
  }
  const home = homeAt(env['BAILIFF_HOME'] ?? 'var');
  if (verb === 'password') {
    if (!exists(home.root))
      throw new AppError('BAD_ARGUMENT', `${home.root} is not there: run \`bailiff start\` once, or name the folder with BAILIFF_HOME`);
    await setPassword(home.credentials, values.user, process.stdin);
    process.stdout.write(`The password of ${values.user} is set.\n`);
    return 0;
  }
  if (verb === 'setup') {
    const [folder, ...more] = words;
    if (folder === undefined || more.length > 0) throw new AppError('BAD_ARGUMENT', `'setup' takes one folder`);
    const jails = makeOwnFolder(path.resolve(folder), path.join(project, 'config'));
    process.stdout.write(`${jails.map((jail) => `Jail enabled: ${jail}\n`).join('')}`);
    return 0;
  }
  if (words.length > 0) throw new AppError('BAD_ARGUMENT', `'start' takes no further words`);
  if (values.enforce && process.getuid?.() !== 0)
    throw new AppError('BAD_ARGUMENT', '--enforce needs root: only root can change the firewall');
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
  return start(
    home,
    { demo: values.demo, enforce: values.enforce, port: portOf(env['BAILIFF_PORT']) },
    {
      clock: systemClock,
      control: createEngineControl({ socket: home.socket }),
      project,
      random: Math.random,
      print: (line) => process.stdout.write(`${line}\n`),
      tell: (line) => process.stderr.write(`${line}\n`),
      interrupted,
    },
  );
}
