/** The command line that the server and the client share with the original: options first, then the words of a command. */

export interface CommandLine {
  readonly conf: string;
  readonly socket: string | null;
  readonly pidfile: string | null;
  readonly pname: string | null;
  readonly loglevel: string | null;
  readonly logtarget: string | null;
  readonly syslogsocket: string | null;
  /** `-d`, `--dp`: print the configuration's stream, one command per line or laid out. */
  readonly dump: boolean;
  readonly dumpPretty: boolean;
  /** `-t`: check the configuration. */
  readonly test: boolean;
  readonly interactive: boolean;
  /** How often `-v` stood, less how often `-q`. */
  readonly verbosity: number;
  /** `-x`: take the place of what stands on the socket. */
  readonly force: boolean;
  readonly background: boolean;
  readonly foreground: boolean;
  readonly async: boolean;
  /** Seconds to wait for a server, as written. */
  readonly timeout: string | null;
  readonly str2sec: string | null;
  readonly help: boolean;
  readonly version: 'none' | 'long' | 'short';
  /** Ours: bans are only recorded and told. */
  readonly dryRun: boolean;
  /** Ours: the jail of which is told whom it would have banned; how far back, and how long that may take, as written. */
  readonly preview: string | null;
  /** Ours: the action of which is told what it would execute, and for which address. */
  readonly tryAction: string | null;
  readonly address: string | null;
  readonly since: string | null;
  readonly limit: string | null;
  readonly json: boolean;
  readonly dns: boolean;
  readonly command: readonly string[];
}

const VALUES: Readonly<Record<string, keyof CommandLine>> = {
  '-c': 'conf',
  '--conf': 'conf',
  '-s': 'socket',
  '--socket': 'socket',
  '-p': 'pidfile',
  '--pidfile': 'pidfile',
  '--pname': 'pname',
  '--loglevel': 'loglevel',
  '--logtarget': 'logtarget',
  '--syslogsocket': 'syslogsocket',
  '--timeout': 'timeout',
  '--str2sec': 'str2sec',
  '--preview': 'preview',
  '--try-action': 'tryAction',
  '--address': 'address',
  '--since': 'since',
  '--limit': 'limit',
};

const FLAGS: Readonly<Record<string, Partial<CommandLine>>> = {
  '-d': { dump: true },
  '--dp': { dump: true, dumpPretty: true },
  '--dump-pretty': { dump: true, dumpPretty: true },
  '-t': { test: true },
  '--test': { test: true },
  '-i': { interactive: true },
  '-x': { force: true },
  '-b': { background: true },
  '-f': { foreground: true },
  '--async': { async: true },
  '-h': { help: true },
  '--help': { help: true },
  '-V': { version: 'short' },
  '--version': { version: 'long' },
  '--dry-run': { dryRun: true },
  '--json': { json: true },
  '--dns': { dns: true },
};

const NOTHING: CommandLine = {
  conf: '/etc/fail2ban',
  socket: null,
  pidfile: null,
  pname: null,
  loglevel: null,
  logtarget: null,
  syslogsocket: null,
  dump: false,
  dumpPretty: false,
  test: false,
  interactive: false,
  verbosity: 0,
  force: false,
  background: false,
  foreground: false,
  async: false,
  timeout: null,
  str2sec: null,
  help: false,
  version: 'none',
  dryRun: false,
  preview: null,
  tryAction: null,
  address: null,
  since: null,
  limit: null,
  json: false,
  dns: false,
  command: [],
};

/** What is wrong with a command line, in one sentence. */
export class CommandLineError extends Error {}

/** Reads arguments as getopt does: single letters may be joined (`-xf`), a value may be joined to its option, `--` ends the options. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  let line = NOTHING;
  let index = 0;
  const set = (change: Partial<CommandLine>): void => {
    line = { ...line, ...change };
  };
  const valueOf = (option: string, joined: string | undefined): string => {
    const value = joined ?? args[index++];
    if (value === undefined) throw new CommandLineError(`option ${option} requires argument`);
    return value;
  };
  const take = (option: string, joined: string | undefined): 'used the rest' | 'a flag' => {
    const key = Object.hasOwn(VALUES, option) ? VALUES[option] : undefined;
    if (key !== undefined) {
      set({ [key]: valueOf(option, joined) });
      return 'used the rest';
    }
    if (option === '-v' || option === '-q') set({ verbosity: line.verbosity + (option === '-v' ? 1 : -1) });
    else if (Object.hasOwn(FLAGS, option)) set(FLAGS[option] ?? {});
    else throw new CommandLineError(`option ${option} not recognized`);
    return 'a flag';
  };
  while (index < args.length) {
    const word = args[index] ?? '';
    if (word === '--' || !/^-./.test(word)) {
      if (word === '--') index++;
      break;
    }
    index++;
    if (word.startsWith('--')) {
      const [, name = word, joined] = /^([^=]+)=([\s\S]*)$/.exec(word) ?? [];
      take(name, joined);
      continue;
    }
    for (let at = 1; at < word.length; at++) {
      const rest = word.slice(at + 1);
      if (take(`-${word[at] ?? ''}`, rest === '' ? undefined : rest) === 'used the rest') break;
    }
  }
  return { ...line, command: args.slice(index) };
}
