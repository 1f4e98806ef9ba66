/** Makes the settings of a run from the words of the command line, as `fail2ban-regex` takes them. */

export interface RegexArguments {
  readonly log: string;
  readonly regex: string;
  readonly ignoreregex: string | null;
  readonly config: string;
  readonly datepattern: string | null;
  readonly timezone: string | null;
  readonly encoding: string | null;
  readonly usedns: string;
  readonly maxlines: number | null;
  readonly journalmatch: string | null;
  readonly logLevel: string;
  readonly verbose: number;
  readonly verboseDate: boolean;
  readonly checkAll: boolean;
  readonly out: string | null;
  readonly printNoMissed: boolean;
  readonly printNoIgnored: boolean;
  readonly printAllMatched: boolean;
  readonly printAllMissed: boolean;
  readonly printAllIgnored: boolean;
  /** Print why each line does or does not match, instead of the report. */
  readonly explain: boolean;
  /** Print only the lines that do not match. */
  readonly invert: boolean;
  /** Print records of JSON instead of the report; null when not. */
  readonly json: JsonArguments | null;
}

/** What `--json` may be given. */
export interface JsonArguments {
  /** Lines that are looked at: the last ones of the log. */
  readonly lines: number;
  /** Lines of each verdict that are told of. */
  readonly shown: number;
  /** Seconds after which no further line is looked at. */
  readonly seconds: number;
  /** The file of the folder's filter.d in whose place REGEX stands. */
  readonly standsFor: string | null;
}

export type ParsedArguments =
  | { readonly kind: 'run'; readonly arguments: RegexArguments }
  | { readonly kind: 'help' | 'version' | 'short-version' }
  /** The words make no sense; `usage` tells whether the whole help is due. */
  | { readonly kind: 'error'; readonly message: string; readonly usage: boolean };

const WITH_VALUE: Readonly<Record<string, string>> = {
  '-c': 'config',
  '--config': 'config',
  '-d': 'datepattern',
  '--datepattern': 'datepattern',
  '--timezone': 'timezone',
  '--TZ': 'timezone',
  '-e': 'encoding',
  '--encoding': 'encoding',
  '--usedns': 'usedns',
  '-L': 'maxlines',
  '--maxlines': 'maxlines',
  '-m': 'journalmatch',
  '--journalmatch': 'journalmatch',
  '-l': 'log-level',
  '--log-level': 'log-level',
  '--verbosity': 'verbosity',
  '-o': 'out',
  '--out': 'out',
  '--lines': 'lines',
  '--shown': 'shown',
  '--seconds': 'seconds',
  '--stands-for': 'stands-for',
};

const FLAGS: Readonly<Record<string, string>> = {
  '-h': 'help',
  '--help': 'help',
  '-V': 'short-version',
  '--version': 'version',
  '-r': 'raw',
  '--raw': 'raw',
  '-v': 'verbose',
  '--verbose': 'verbose',
  '--verbose-date': 'verbose-date',
  '--VD': 'verbose-date',
  '-D': 'debuggex',
  '--debuggex': 'debuggex',
  '--no-check-all': 'no-check-all',
  '-i': 'invert',
  '--invert': 'invert',
  '--explain': 'explain',
  '--json': 'json',
  '--print-no-missed': 'print-no-missed',
  '--print-no-ignored': 'print-no-ignored',
  '--print-all-matched': 'print-all-matched',
  '--print-all-missed': 'print-all-missed',
  '--print-all-ignored': 'print-all-ignored',
  '-t': 'log-traceback',
  '--log-traceback': 'log-traceback',
  '--full-traceback': 'full-traceback',
};

/** Options of ours that are always written in full, so that the original's can be shortened as ever. */
const IN_FULL = ['--json', '--lines', '--shown', '--seconds', '--stands-for'];
const SHORTENED = [...Object.keys(WITH_VALUE), ...Object.keys(FLAGS)].filter((name) => name.startsWith('--') && !IN_FULL.includes(name));

/** A word that is no option, or an option without its value. */
class ArgumentError extends Error {}

/** A long option may be shortened as long as it stays unique. */
function fullName(option: string): string {
  if (option in WITH_VALUE || option in FLAGS) return option;
  const candidates = SHORTENED.filter((name) => name.startsWith(option));
  if (!option.startsWith('--') || candidates.length === 0) throw new ArgumentError(`no such option: ${option}`);
  if (candidates.length > 1) throw new ArgumentError(`ambiguous option: ${option} (${candidates.sort().join(', ')}?)`);
  return candidates[0] ?? option;
}

class Words {
  readonly values = new Map<string, string>();
  readonly flags = new Map<string, number>();
  readonly rest: string[] = [];

  constructor(private readonly words: string[]) {
    for (let word = this.words.shift(); word !== undefined; word = this.words.shift()) {
      if (word === '--') this.rest.push(...this.words.splice(0));
      else if (word.startsWith('--')) this.long(word);
      else if (word.startsWith('-') && word.length > 1) this.short(word);
      else this.rest.push(word);
    }
  }

  private long(word: string): void {
    const equals = word.indexOf('=');
    const name = fullName(equals === -1 ? word : word.slice(0, equals));
    const option = WITH_VALUE[name];
    if (option !== undefined) this.values.set(option, equals === -1 ? this.next(name) : word.slice(equals + 1));
    else if (equals !== -1) throw new ArgumentError(`${name} option does not take a value`);
    else this.flag(name);
  }

  /** One or several single letters; the first that takes a value takes the rest of the word. */
  private short(word: string): void {
    for (let at = 1; at < word.length; at++) {
      const name = fullName(`-${word.charAt(at)}`);
      const option = WITH_VALUE[name];
      if (option === undefined) {
        this.flag(name);
        continue;
      }
      this.values.set(option, at + 1 < word.length ? word.slice(at + 1) : this.next(name));
      return;
    }
  }

  private flag(name: string): void {
    const flag = FLAGS[name] ?? name;
    this.flags.set(flag, (this.flags.get(flag) ?? 0) + 1);
  }

  private next(name: string): string {
    const value = this.words.shift();
    if (value === undefined) throw new ArgumentError(`${name} option requires 1 argument`);
    return value;
  }

  whole(option: string, shown: string): number | null {
    const text = this.values.get(option);
    if (text === undefined) return null;
    if (!/^[+-]?\d+$/.test(text.trim())) throw new ArgumentError(`option ${shown}: invalid integer value: '${text}'`);
    return Number(text);
  }
}

function settingsOf(words: Words, log: string, regex: string, ignoreregex: string | null): RegexArguments {
  const { values, flags } = words;
  const value = (name: string): string | null => values.get(name) ?? null;
  const maxlines = words.whole('maxlines', '-L');
  if (maxlines !== null && maxlines < 1) throw new ArgumentError('maxlines must be greater than zero');
  return {
    log,
    regex,
    ignoreregex,
    config: value('config') ?? '/etc/fail2ban',
    datepattern: value('datepattern'),
    timezone: value('timezone'),
    encoding: value('encoding'),
    usedns: flags.has('raw') ? 'raw' : (value('usedns') ?? 'warn'),
    maxlines,
    journalmatch: value('journalmatch'),
    logLevel: value('log-level') ?? 'critical',
    verbose: words.whole('verbosity', '--verbosity') ?? flags.get('verbose') ?? 0,
    verboseDate: flags.has('verbose-date'),
    checkAll: !flags.has('no-check-all') && value('out') === null,
    out: value('out'),
    printNoMissed: flags.has('print-no-missed'),
    printNoIgnored: flags.has('print-no-ignored'),
    printAllMatched: flags.has('print-all-matched'),
    printAllMissed: flags.has('print-all-missed'),
    printAllIgnored: flags.has('print-all-ignored'),
    explain: flags.has('explain'),
    invert: flags.has('invert'),
    json: flags.has('json') ? jsonSettings(words) : null,
  };
}

function jsonSettings(words: Words): JsonArguments {
  const count = (option: string, usual: number, most: number): number => {
    const value = words.whole(option, `--${option}`) ?? usual;
    if (value < 1 || value > most) throw new ArgumentError(`option --${option}: must be between 1 and ${most}`);
    return value;
  };
  const standsFor = words.values.get('stands-for') ?? null;
  if (standsFor !== null && !/^\w[\w.-]*\.(?:conf|local)$/.test(standsFor)) {
    throw new ArgumentError(`option --stands-for: '${standsFor}' is no name of a file in filter.d`);
  }
  return { lines: count('lines', 10_000, 1_000_000), shown: count('shown', 500, 10_000), seconds: count('seconds', 10, 3600), standsFor };
}

/** Reads the command line (without the program's own name). */
export function parseArguments(args: readonly string[]): ParsedArguments {
  try {
    const words = new Words([...args]);
    if (words.flags.has('help')) return { kind: 'help' };
    if (words.flags.has('version')) return { kind: 'version' };
    if (words.flags.has('short-version')) return { kind: 'short-version' };
    const [log, regex, ignoreregex] = words.rest;
    if (log === undefined || regex === undefined || words.rest.length > 3) {
      return { kind: 'error', message: 'provide both <LOG> and <REGEX>.', usage: true };
    }
    return { kind: 'run', arguments: settingsOf(words, log, regex, ignoreregex ?? null) };
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    return { kind: 'error', message: error.message, usage: false };
  }
}
