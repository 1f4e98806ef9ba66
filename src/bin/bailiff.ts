#!/usr/bin/env node
/** The program for people: `bailiff start` runs engine and pages, the other verbs ask and steer a running server. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../base/clock';
import { AppError, messageOf } from '../base/errors';
import { exists } from '../base/files';
import { BAILIFF_VERSION } from '../model/version';
import { createEngineControl } from '../panel/control/engine-control';
import { homeAt } from './start/home';
import { makeOwnFolder } from './setup/own-folder';
import { start } from './start/start';
import { setPassword } from './verbs/password';
import { printable } from './verbs/table';
import { runVerb, VERBS } from './verbs/verbs';

const PROJECT = path.resolve(__dirname, '..', '..');
const STOCK_SOCKET = '/var/run/fail2ban/fail2ban.sock';
const DEFAULT_PORT = 8787;

const HELP = `Usage: bailiff VERB [OPTIONS]

  start [--demo] [--enforce]   run engine and pages in the foreground
  status                       which engine runs, how much it holds
  jails                        all jails and their counts
  banned                       all addresses that are banned now
  ban JAIL IP...               ban addresses in a jail
  unban [JAIL] IP...           lift bans, in all jails when none is named
  setup FOLDER                 make a configuration folder for the services of this machine
  password [--user NAME]       set the password of the log-in page (reads it from standard input)

Options:
  -s, --socket PATH   the server's socket (default: the one of BAILIFF_HOME if it is there, else ${STOCK_SOCKET})
      --json          print JSON
      --demo          start: feed realistic attacks from the documentation networks into demo logs
      --enforce       start: really ban in the firewall; needs root
  -h, --help          print this
  -V, --version       print the version

Environment: BAILIFF_HOME (default ./var), BAILIFF_PORT (default ${DEFAULT_PORT}).
Exit codes: 0 done, 1 the server refused or failed, 2 a mistake in the command, 3 no server answers.
`;

/** Of errors that are not the server's answer. */
const EXIT_CODES: Readonly<Record<string, number>> = { BAD_ARGUMENT: 2, SERVER_NOT_RUNNING: 3, SERVER_NO_PERMISSION: 3, SERVER_TIMEOUT: 3 };

function parse(argv: readonly string[]): ReturnType<typeof parseArgs<typeof ARGUMENTS>> {
  try {
    return parseArgs({ ...ARGUMENTS, args: [...argv] });
  } catch (error) {
    throw new AppError('BAD_ARGUMENT', messageOf(error), { cause: error });
  }
}

const ARGUMENTS = {
  allowPositionals: true,
  options: {
    socket: { type: 'string', short: 's' },
    user: { type: 'string', default: 'admin' },
    json: { type: 'boolean', default: false },
    demo: { type: 'boolean', default: false },
    enforce: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
    version: { type: 'boolean', short: 'V', default: false },
  },
} as const;

function portOf(text: string | undefined): number {
  const port = Number(text ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new AppError('BAD_ARGUMENT', `BAILIFF_PORT is not a port: ${String(text)}`);
  return port;
}

async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { values, positionals } = parse(argv);
  const [verb, ...words] = positionals;
  if (values.help || (verb === undefined && !values.version)) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  if (values.version || verb === undefined) {
    process.stdout.write(`Bailiff ${BAILIFF_VERSION}\n`);
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
    const jails = makeOwnFolder(path.resolve(folder), path.join(PROJECT, 'config'));
    process.stdout.write(`${jails.map((jail) => `Jail enabled: ${jail}\n`).join('')}`);
    return 0;
  }
  if (verb === 'start') {
    if (words.length > 0) throw new AppError('BAD_ARGUMENT', `'start' takes no further words`);
    if (values.enforce && process.getuid?.() !== 0)
      throw new AppError('BAD_ARGUMENT', '--enforce needs root: only root can change the firewall');
    const interrupted = new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
    });
    const options = { demo: values.demo, enforce: values.enforce, port: portOf(env['BAILIFF_PORT']) };
    return start(home, options, {
      clock: systemClock,
      control: createEngineControl({ socket: home.socket }),
      project: PROJECT,
      random: Math.random,
      print: (line) => process.stdout.write(`${line}\n`),
      tell: (line) => process.stderr.write(`${line}\n`),
      interrupted,
    });
  }
  if (!(VERBS as readonly string[]).includes(verb)) throw new AppError('BAD_ARGUMENT', `there is no verb '${verb}': see bailiff --help`);
  const socket = values.socket ?? (exists(home.socket) ? home.socket : STOCK_SOCKET);
  const control = createEngineControl({ socket });
  try {
    process.stdout.write(await runVerb(control, { verb, words, json: values.json, now: systemClock.now() }));
    return 0;
  } finally {
    control.close();
  }
}

main(process.argv.slice(2), process.env).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`bailiff: ${printable(messageOf(error))}\n`);
    process.exitCode = error instanceof AppError ? (EXIT_CODES[error.code] ?? 1) : 1;
  },
);
