/** All regexes of the stock filters of Debian's fail2ban, in every mode and kind of log, as its own client reads them. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { runPython } from './python-re';
import { sampleNames, SAMPLE_DIR } from './sample-logs';

export interface StockPattern {
  readonly filter: string;
  readonly kind: 'prefregex' | 'failregex' | 'ignoreregex';
  /** With tags, as the server gets it. */
  readonly regex: string;
  /** Whether the filter looks at several lines at a time. */
  readonly multiline: boolean;
}

const CONFIG_DIR = '/etc/fail2ban';
/** Files in filter.d that are only included by others. */
const INCLUDED = /-common\.conf$|^common\.conf$/;
const READ_STREAM = `
import ast, json, sys
print(json.dumps([ast.literal_eval(line) for line in json.load(sys.stdin).split('\\n') if line.startswith('[')]))
`;

/** The options a filter is to be tried with. */
function variantsOf(file: string): string[] {
  const text = fs.readFileSync(file, 'utf8');
  const modes = new Set([...text.matchAll(/^mdre-(\w+)\s*=/gm), ...text.matchAll(/<mdre-(\w+)>/g)].map((match) => match[1]!));
  const variants: string[] = [];
  for (const logtype of ['file', 'journal', 'short', 'rfc5424']) {
    variants.push(`logtype=${logtype}`);
    for (const mode of modes) variants.push(`logtype=${logtype}, mode=${mode}`);
  }
  for (const publickey of text.includes('publickey') ? ['any', 'ignore', 'invalid', 'nofail'] : []) variants.push(`publickey=${publickey}`);
  for (const logging of text.includes('apache-common') ? ['logfile', 'syslog', 'all'] : []) variants.push(`logging=${logging}`);
  return variants;
}

/** Distinct regexes of all stock filters. */
export function stockPatterns(): StockPattern[] {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stock-patterns-'));
  try {
    const config = path.join(folder, 'fail2ban');
    fs.cpSync(CONFIG_DIR, config, { recursive: true });
    fs.rmSync(path.join(config, 'jail.d'), { recursive: true, force: true });
    fs.writeFileSync(path.join(config, 'jail.conf'), '[DEFAULT]\nbackend = polling\nlogpath = /dev/null\nenabled = true\n');
    const jails: string[] = [];
    const filterOf = new Map<string, string>();
    for (const name of fs.readdirSync(path.join(config, 'filter.d'))) {
      if (!name.endsWith('.conf') || INCLUDED.test(name)) continue;
      for (const variant of variantsOf(path.join(config, 'filter.d', name))) {
        const jail = `j${filterOf.size}`;
        filterOf.set(jail, name.slice(0, -'.conf'.length));
        jails.push(`[${jail}]\nfilter = ${name.slice(0, -'.conf'.length)}[${variant}]\n`);
      }
    }
    fs.writeFileSync(path.join(config, 'jail.local'), jails.join('\n'));
    const stream = execFileSync('fail2ban-client', ['-c', config, '-d'], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return readStream(runPython<unknown[][]>(READ_STREAM, stream), filterOf);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function readStream(commands: readonly unknown[][], filterOf: ReadonlyMap<string, string>): StockPattern[] {
  const found = new Map<string, StockPattern>();
  const multiline = new Set(commands.filter(([, , option, value]) => option === 'maxlines' && Number(value) > 1).map(([, jail]) => jail));
  for (const [verb, jail, option, value] of commands) {
    const kind = /^(?:multi-)?(?:set)$/.test(String(verb))
      ? /^(?:add)?(failregex|ignoreregex|prefregex)$/.exec(String(option))?.[1]
      : undefined;
    const filter = filterOf.get(String(jail));
    if (kind === undefined || filter === undefined) continue;
    for (const regex of Array.isArray(value) ? value.map(String) : [String(value)]) {
      const pattern = { filter, kind: kind as StockPattern['kind'], regex, multiline: kind === 'failregex' && multiline.has(jail) };
      found.set(JSON.stringify(pattern), pattern);
    }
  }
  return [...found.values()];
}

/** All distinct lines of the sample logs, as they are and without the date before the message. */
export function stockLines(): string[] {
  const lines = new Set<string>();
  for (const name of sampleNames()) {
    for (const line of fs.readFileSync(path.join(SAMPLE_DIR, name), 'utf8').split('\n')) {
      if (line === '' || line.startsWith('#')) continue;
      lines.add(`${line}\n`);
      lines.add(`${withoutDate(line)}\n`);
    }
  }
  return [...lines];
}

const DATES = [
  /^\w{3} [ \d]\d \d\d:\d\d:\d\d/,
  /\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/,
  /\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? \d{4}/,
  /\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d(?: [+-]\d{4})?/,
];

function withoutDate(line: string): string {
  const date = DATES.find((pattern) => pattern.test(line));
  return date === undefined ? line : line.replace(date, '');
}
