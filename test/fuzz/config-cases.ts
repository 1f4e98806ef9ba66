/** Draws configuration folders: a few files in fail2ban's dialect, including, extending and interpolating each other, as careful, careless and hostile hands would write them. */
import { type Random, randomOf } from './random';

/** Jails of a case. */
export const JAILS = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
/** Options that every file may define and refer to. */
const FREE = ['x', 'y', 'z', 'port', 'mode', '__w', 'x.y', 'x-1'] as const;
const OF_JAIL = ['maxretry', 'findtime', 'bantime', 'ignoreip', 'usedns', 'failregex', 'ignoreregex', 'logencoding', 'ignorecommand'];
const ALSO_OF_JAIL = [
  'prefregex',
  'datepattern',
  'maxlines',
  'journalmatch',
  'bantime.increment',
  'ignoreself',
  'maxmatches',
  'ignorecache',
];
const OF_FILTER = ['failregex', 'ignoreregex', 'prefregex', 'maxlines', 'datepattern', 'journalmatch', 'usedns', '_daemon', '__prefix'];
const OF_ACTION = ['actionstart', 'actionstop', 'actionban', 'actionunban', 'actioncheck', 'actionflush', 'norestored', 'chain'];
const INIT = ['Init', 'Init?family=inet6', 'Init?family=inet4'];
const WORDS = [
  '1',
  'no',
  'true',
  '10m',
  '^a <HOST>$',
  'b',
  '192.0.2.1',
  'ä',
  '漢',
  '😀',
  '#',
  'a;b',
  '[q]',
  '"',
  "'",
  '\\',
  '$(id)',
  '\t',
  '/',
];
/** What an option is mostly set to. */
const USUAL: Readonly<Record<string, readonly string[]>> = {
  maxretry: ['5', ' 3 ', '%(x-1)s'],
  findtime: ['10m', '1h 30m', '600'],
  bantime: ['1d', '-1', '10m'],
  ignoreip: ['127.0.0.1/8 ::1', '192.0.2.1, host.example', '192.0.2.1\n  ::1'],
  usedns: ['no', 'warn'],
  logencoding: ['auto', 'utf-8'],
  maxlines: ['1', '5'],
  maxmatches: ['10', '%(maxretry)s0'],
  'bantime.increment': ['true', 'no'],
  ignoreself: ['yes', '0'],
  failregex: ['^a <HOST>$', '^a <HOST>$\n  ^b%(x)s <F-USER>.</F-USER> <HOST>', '%(known/failregex)s\n  ^c <HOST>'],
  ignoreregex: ['', '^b <y>$'],
  prefregex: ['^%(__w)s<F-CONTENT>.+</F-CONTENT>$'],
  datepattern: ['{^LN-BEG}', '%%Y-%%m-%%d'],
  journalmatch: ['_A=b + _C="d e"', '_A=%(x)s'],
  loglevel: ['DEBUG', 'info'],
  logtarget: ['STDERR', '/var/log/x'],
  dbpurgeage: ['1d', '600'],
  dbmaxmatches: ['10', '0'],
  allowipv6: ['auto', 'yes'],
};
const HOSTILE = ['\0', '\ufeff', '\x85', '\u2028', '\x1c', '\v', '\f', '\r', '\u00a0', '\u200b', 'İ', '\ud7ff'];

/** The files of a case, by their path within the folder. */
export type ConfigFiles = Readonly<Record<string, Buffer>>;

/** Draws values and lines of one case. */
class Writer {
  /** @param sections those of the file to whose options its values may refer; null for none */
  constructor(
    private readonly random: Random,
    private readonly sections: readonly string[] | null,
  ) {}

  /** Names that the value of an option may refer to without a circle: those behind it. */
  private behind(key: string): readonly string[] {
    const at = (FREE as readonly string[]).indexOf(key);
    return this.random.chance(0.003) ? FREE : FREE.slice(at + 1);
  }

  /** A reference to another option; now and then to one that is nowhere. */
  private reference(key: string): string {
    const { random } = this;
    if (random.chance(0.003)) return random.pick(['%(nowhere)s', '%', '%(x)', '%(q/x)s', '%(X/y)s', '%()s', '%(known/nowhere)s', '%s']);
    if (random.chance(0.01)) return random.pick([`%(known/${key})s`, '%(known/x)s', `%(${key})s`]);
    const name = random.pick([...this.behind(key), '']);
    if (name === '') return random.pick(['%(__name__)s', '%%']);
    const spelled = random.pick([
      name,
      name,
      name,
      name.toUpperCase(),
      `default/${name}`,
      this.sections === null ? name : `${random.pick(this.sections)}/${name}`,
    ]);
    return `%(${spelled})s`;
  }

  private tag(key: string): string {
    const { random } = this;
    const name = random.pick([...this.behind(key), 'ip', 'name', 'bantime', 'F-USER', '/F-USER', 'HOST', 'no such']);
    return random.pick([
      `<${name}>`,
      `<${name}>`,
      `<${name}>`,
      `<${name}`,
      `<<${name}>>`,
      `<known/${name}>`,
      '<lt_<mode>>',
      `<${name.toUpperCase()}>`,
    ]);
  }

  private piece(key: string): string {
    const { random } = this;
    switch (random.below(12)) {
      case 0:
      case 1:
      case 2:
        return this.reference(key);
      case 3:
        return this.tag(key);
      case 4:
        return random.pick([' ; c', ';', ' # c', ' ;', '\t;x']);
      case 5:
        return random.chance(0.1) ? random.pick(HOSTILE) : random.pick(WORDS);
      default:
        return random.pick(WORDS);
    }
  }

  private text(key: string, most = 4): string {
    let text = '';
    for (let count = this.random.below(most + 1); count > 0; count--) text += this.piece(key) + (this.random.chance(0.4) ? ' ' : '');
    return text;
  }

  /** The lines of a value: those behind the first are indented, empty, or comments. */
  value(key: string): string {
    const { random } = this;
    const usual = USUAL[key];
    if (usual !== undefined && random.chance(0.8)) return random.pick(usual);
    let value = this.text(key);
    while (random.chance(0.25))
      value += `\n${random.chance(0.01) ? '' : random.pick(['  ', ' ', '\t', '    ', '# c\n ', '  ;c\n\t', '\n '])}${this.text(key, 3)}`;
    return random.chance(0.001) ? value + 'x'.repeat(random.below(100_000)) : value;
  }

  option(key: string, value = this.value(key)): string {
    const { random } = this;
    const spelled = random.chance(0.1) ? key.toUpperCase() : key;
    const indent = random.chance(0.03) ? random.pick([' ', '\t', '    ']) : '';
    return `${indent}${spelled}${random.pick([' = ', ' = ', '=', ':', ' : ', '\t=', ' =  '])}${value}`;
  }

  /** Lines that are no option, now and then. */
  between(): string[] {
    const { random } = this;
    if (random.chance(0.001)) return [random.pick(['[', '[]', 'word', '= x', '[a', ']', '[a]', '[Definition]', '\0'])];
    return random.chance(0.1) ? [random.pick(['', '# c', '; c', '  # c', ' ', '  ; c'])] : [];
  }

  /** A section with some options, each of them once. */
  section(name: string, keys: readonly string[], most: number, fixed: readonly string[] = []): string[] {
    const { random } = this;
    const chosen = new Set(Array.from({ length: random.below(most + 1) }, () => random.pick(keys)));
    if (random.chance(0.002) && chosen.size > 0) fixed = [...fixed, this.option([...chosen][0]!)];
    const header = `[${name}]${random.chance(0.05) ? random.pick([' ', ' ; c', 'x', ' ]']) : ''}`;
    return [header, ...fixed, ...[...chosen].flatMap((key) => [...this.between(), this.option(key)])];
  }
}

/** A value that refers to nothing. */
function plain(random: Random): string {
  return random.pick(WORDS.slice(0, 11));
}

function jailFile(random: Random, writer: Writer, whole: boolean): string[] {
  const keys = [...OF_JAIL, ...ALSO_OF_JAIL, ...FREE];
  const lines: string[] = [];
  if (random.chance(0.4))
    lines.push(
      '[INCLUDES]',
      `${random.pick(['before', 'after'])} = ${random.pick(['extra.conf', 'extra.conf\n nowhere.conf', '%(x)s.conf\nx = extra', '/nowhere'])}`,
    );
  lines.push(...writer.section('DEFAULT', OF_JAIL, whole ? 3 : 1, whole ? FREE.map((key) => writer.option(key, plain(random))) : []));
  for (const jail of JAILS) {
    if (!whole && random.chance(0.6)) continue;
    const [filter, action] = [
      random.pick(['f', 'g', 'f[x=1]', 'g[mode="a b", y=%(x)s]', 'f[logtype=short]']),
      random.pick(['act', 'act[name=q]', 'act[x="%(y)s"]\n  act[actname=o]', '']),
    ];
    const fixed = whole
      ? [`enabled = ${random.chance(0.95) ? 'true' : 'no'}`, `filter = ${filter}`, `action = ${action}`, 'backend = polling']
      : [];
    lines.push(...writer.section(jail, keys, 4, fixed));
  }
  return lines;
}

/** @param includes files that may be included: none that includes this one */
function definitionFile(random: Random, writer: Writer, keys: readonly string[], whole: boolean, ...includes: readonly string[]): string[] {
  const lines: string[] = [];
  if (includes.length > 0 && random.chance(0.4)) lines.push('[INCLUDES]', `${random.pick(['before', 'after'])} = ${random.pick(includes)}`);
  if (whole)
    lines.push(
      ...writer.section(
        'DEFAULT',
        keys,
        1,
        FREE.map((key) => writer.option(key, plain(random))),
      ),
    );
  lines.push(...writer.section('Definition', [...keys, ...FREE], whole ? 6 : 2));
  for (const name of INIT)
    if (random.chance(name === 'Init' ? 0.5 : 0.1)) lines.push(...writer.section(name, [...FREE, ...keys.slice(0, 2)], 3));
  return lines;
}

/** Bytes as an editor or an attacker would leave them. */
function bytesOf(random: Random, lines: readonly string[]): Buffer {
  const end = random.chance(0.05) ? random.pick(['\r\n', '\r']) : '\n';
  const bytes = Buffer.from(lines.join('\n').replaceAll('\n', end) + (random.chance(0.9) ? end : ''));
  if (random.chance(0.01) && bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256);
  return random.chance(0.005) ? Buffer.concat([Buffer.from('\ufeff'), bytes]) : bytes;
}

/** Case `number` of the run with this seed. */
export function drawConfig(seed: number, number: number): ConfigFiles {
  const random = randomOf(seed, number);
  const [writer, jails] = [new Writer(random, null), new Writer(random, JAILS)];
  const file = (lines: readonly string[]): Buffer => bytesOf(random, lines);
  const some = (share: number, name: string, lines: () => readonly string[]): Record<string, Buffer> =>
    random.chance(share) ? { [name]: file(lines()) } : {};
  const server = ['loglevel', 'logtarget', 'syslogsocket', 'dbfile', 'dbpurgeage', 'dbmaxmatches', 'allowipv6'];
  return {
    'fail2ban.conf': file([
      ...writer.section(
        'DEFAULT',
        FREE,
        0,
        FREE.map((key) => writer.option(key, plain(random))),
      ),
      ...writer.section('Definition', server, 1),
    ]),
    'jail.conf': file(jailFile(random, jails, true)),
    ...some(0.3, 'jail.local', () => jailFile(random, jails, false)),
    ...some(0.3, 'jail.d/one.conf', () => jailFile(random, jails, false)),
    ...some(0.2, 'jail.d/two.local', () => jailFile(random, jails, false)),
    ...some(0.3, 'extra.conf', () => writer.section('DEFAULT', FREE, 3)),
    ...some(0.1, 'extra.local', () => writer.section('a', FREE, 3)),
    'filter.d/f.conf': file(definitionFile(random, writer, OF_FILTER, true, 'common.conf', 'g.conf', 'common.conf\n  g.conf')),
    'filter.d/g.conf': file(definitionFile(random, writer, OF_FILTER, true, 'common.conf', './common.conf', 'nowhere.conf')),
    ...some(0.3, 'filter.d/f.local', () => definitionFile(random, writer, OF_FILTER, false, 'common.conf')),
    ...some(0.3, 'filter.d/common.conf', () => definitionFile(random, writer, OF_FILTER, false)),
    'action.d/act.conf': file(definitionFile(random, writer, OF_ACTION, true, 'common.conf', 'common.local')),
    ...some(0.3, 'action.d/act.local', () => definitionFile(random, writer, OF_ACTION, false)),
    ...some(0.3, 'action.d/common.conf', () => definitionFile(random, writer, OF_ACTION, false)),
  };
}
