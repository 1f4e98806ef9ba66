/** The text of `logtarget` becomes a target and its options: `/var/log/fail2ban.log`, `SYSLOG[facility=auth, padding=off]`. */
import { AppError } from '../../base/errors';

export type TargetKind = 'STDOUT' | 'STDERR' | 'SYSOUT' | 'SYSLOG' | 'SYSTEMD-JOURNAL' | 'FILE';

export interface TargetOptions {
  readonly kind: TargetKind;
  /** The path of a FILE, the kind's own name otherwise: what `get logtarget` answers. */
  readonly name: string;
  readonly datetime: boolean;
  readonly padding: boolean;
  readonly format?: string;
  /** Syslog facility by its number. */
  readonly facility: number;
}

const KINDS: ReadonlySet<string> = new Set<TargetKind>(['STDOUT', 'STDERR', 'SYSOUT', 'SYSLOG', 'SYSTEMD-JOURNAL']);

const DAEMON = 3;
const FACILITIES: ReadonlyMap<string, number> = new Map(
  ['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron', 'authpriv', 'ftp']
    .map((name, number): [string, number] => [name, number])
    .concat(Array.from({ length: 8 }, (_, number): [string, number] => [`local${number}`, 16 + number])),
);

const SHAPE = /^([^[\]]+?)\s*(?:\[(.*)\])?$/s;
const OPTION = /\s*([\w.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^,\]"']*))\s*(?:,|$)/gy;

/** The target that a `logtarget` names. What can't be understood is an AppError BAD_ARGUMENT. */
export function parseTarget(text: string): TargetOptions {
  const [, name = '', list] = SHAPE.exec(text.trim()) ?? [];
  if (name === '') throw new AppError('BAD_ARGUMENT', `'${text}' is no log target`);
  const options = list === undefined ? new Map<string, string>() : parseOptions(list);
  const upper = name.toUpperCase();
  const kind = (KINDS.has(upper) ? upper : 'FILE') as TargetKind;
  const format = options.get('format');
  const plain = kind === 'SYSLOG' || kind === 'SYSTEMD-JOURNAL';
  return {
    kind,
    name: kind === 'FILE' ? name : upper,
    datetime: onOff(options.get('datetime'), !plain && kind !== 'SYSOUT'),
    padding: onOff(options.get('padding'), !plain),
    facility: facilityOf(options.get('facility')),
    ...(format === undefined ? {} : { format }),
  };
}

function parseOptions(list: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  let end = 0;
  for (const match of list.matchAll(OPTION)) {
    options.set((match[1] ?? '').toLowerCase(), match[2] ?? match[3] ?? (match[4] ?? '').trim());
    end = match.index + match[0].length;
  }
  if (list.slice(end).trim() !== '') throw new AppError('BAD_ARGUMENT', `the options of a log target cannot be read: '${list}'`);
  return options;
}

function onOff(text: string | undefined, otherwise: boolean): boolean {
  if (text === undefined) return otherwise;
  return ['1', 'on', 'true', 'yes'].includes(text.toLowerCase());
}

function facilityOf(text: string | undefined): number {
  if (text === undefined) return DAEMON;
  const number = FACILITIES.get(text.toLowerCase().replace(/^log_/, ''));
  if (number === undefined) throw new AppError('BAD_ARGUMENT', `'${text}' is no syslog facility`);
  return number;
}
