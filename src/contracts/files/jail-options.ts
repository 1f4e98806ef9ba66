/** Every option of a jail: one table for reading, checking, documents and pages. Defaults are the server's when nobody sets the option. */

export type OptionType = 'bool' | 'int' | 'text' | 'time' | 'expression' | 'words' | 'lines' | 'regex' | 'actions';

export interface OptionInfo {
  readonly name: string;
  readonly type: OptionType;
  readonly unit?: string;
  /** As it would be written in a file; null when there is none. */
  readonly default: string | null;
  readonly meaning: string;
  /** The first release of fail2ban that knows it, when it is later than the 1.0.2 that we are measured by. */
  readonly since?: string;
  /** Words that are allowed, when they are few. */
  readonly words?: readonly string[];
}

/** What decides whether and how the rest of a jail is read. */
export const JAIL_HEAD_OPTIONS: readonly OptionInfo[] = [
  { name: 'enabled', type: 'bool', default: 'false', meaning: 'Whether the jail is used.' },
  {
    name: 'backend',
    type: 'text',
    default: 'auto',
    meaning:
      'How the log is followed: `auto`, `pyinotify`, `polling` or `systemd`, with options as in `systemd[journalpath=/var/log/journal]`.',
  },
  { name: 'filter', type: 'text', default: '', meaning: 'The filter in `filter.d`, with options as in `sshd[mode=aggressive]`.' },
];

/** Options of a filter that a jail may override; in the order in which the command stream names them. */
export const FILTER_OPTIONS: readonly OptionInfo[] = [
  {
    name: 'usedns',
    type: 'text',
    default: 'warn',
    words: ['yes', 'warn', 'no', 'raw'],
    meaning:
      'Whether host names in the log are resolved: `yes`, `warn` (with a warning in the log), `no`, `raw` (the text itself is banned).',
  },
  {
    name: 'prefregex',
    type: 'regex',
    default: '',
    meaning: 'Must match before any failregex is tried; what `<F-CONTENT>` captures is what the failregexes see.',
  },
  { name: 'ignoreregex', type: 'regex', default: '', meaning: 'Lines that match one of these (one per line) are no failures.' },
  {
    name: 'failregex',
    type: 'regex',
    default: '',
    meaning: 'A line that matches one of these (one per line) is a failure of the address in `<HOST>`.',
  },
  { name: 'maxlines', type: 'int', unit: 'lines', default: '1', meaning: 'How many lines a regex may look at together.' },
  {
    name: 'datepattern',
    type: 'text',
    default: null,
    meaning: 'How the date is written in the log; without it the usual forms are tried.',
  },
  {
    name: 'journalmatch',
    type: 'lines',
    default: null,
    meaning: 'Which entries of the systemd journal are read, as `journalctl` takes them; one match per line.',
  },
];

/** The other options that are sent to the server, in the order of the command stream. */
export const JAIL_SERVER_OPTIONS: readonly OptionInfo[] = [
  { name: 'maxretry', type: 'int', unit: 'failures', default: '3', meaning: 'How many failures within findtime lead to a ban.' },
  { name: 'maxmatches', type: 'int', unit: 'lines', default: '5', meaning: 'How many matched lines are kept per address; 0 keeps none.' },
  { name: 'findtime', type: 'time', unit: 'seconds', default: '600', meaning: 'The time in which failures are counted together.' },
  { name: 'bantime', type: 'time', unit: 'seconds', default: '600', meaning: 'How long a ban lasts; -1 is for ever.' },
  {
    name: 'bantime.increment',
    type: 'bool',
    default: 'false',
    meaning: 'Whether those who come back are banned for longer; needs the database.',
  },
  { name: 'bantime.factor', type: 'expression', default: '1', meaning: 'The `banFactor` of the formula.' },
  {
    name: 'bantime.formula',
    type: 'expression',
    default: 'ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor',
    meaning: 'The next bantime from `ban.Time`, `ban.Count` and `banFactor`.',
  },
  {
    name: 'bantime.multipliers',
    type: 'words',
    default: null,
    meaning: 'Numbers that bantime is multiplied by, ban after ban; instead of the formula.',
  },
  { name: 'bantime.maxtime', type: 'time', unit: 'seconds', default: null, meaning: 'The longest ban that increments lead to.' },
  {
    name: 'bantime.rndtime',
    type: 'time',
    unit: 'seconds',
    default: null,
    meaning: 'Up to so much is added at random, so that nobody can reckon the end.',
  },
  { name: 'bantime.overalljails', type: 'bool', default: 'false', meaning: 'Whether earlier bans in other jails count too.' },
  {
    name: 'ignorecommand',
    type: 'text',
    default: '',
    meaning: 'A shell command: exit code 0 means that the address in `<ip>` is not to be banned.',
  },
  { name: 'ignoreself', type: 'bool', default: 'true', meaning: 'Whether addresses of this machine are never banned.' },
  {
    name: 'ignoreip',
    type: 'words',
    default: null,
    meaning: 'Who is never banned: addresses, ranges, address/mask, host names, `file:/path`; apart by spaces or commas.',
  },
  {
    name: 'ignorecache',
    type: 'text',
    default: null,
    meaning: 'How answers about ignored addresses are remembered: `key="<ip>", max-count=100, max-time=5m`.',
  },
  {
    name: 'logtimezone',
    type: 'text',
    default: null,
    meaning: 'The zone of dates in the log that name none: `UTC`, `UTC+0200`, `GMT-05:00`.',
  },
  { name: 'logencoding', type: 'text', default: 'auto', meaning: 'The encoding of the log; `auto` is the locale’s.' },
];

/** What comes last: where to look and what to do. */
export const JAIL_TAIL_OPTIONS: readonly OptionInfo[] = [
  {
    name: 'logpath',
    type: 'lines',
    default: null,
    meaning: 'The logs, one path or glob per line; ` tail` behind it begins at the end of the file.',
  },
  { name: 'skip_if_nologs', type: 'bool', default: 'false', since: '1.1.1', meaning: 'Whether a jail without any log file is left out.' },
  {
    name: 'systemd_if_nologs',
    type: 'bool',
    default: 'false',
    since: '1.1.1',
    meaning: 'Whether `backend = auto` turns to the journal when there is no log file and the jail has a journalmatch.',
  },
  {
    name: 'action',
    type: 'actions',
    default: '',
    meaning: 'What a ban does: actions of `action.d`, with options as in `iptables[port=ssh]`.',
  },
];

/** All of them. */
export const JAIL_OPTIONS: readonly OptionInfo[] = [...JAIL_HEAD_OPTIONS, ...FILTER_OPTIONS, ...JAIL_SERVER_OPTIONS, ...JAIL_TAIL_OPTIONS];

/** Options of an action's `[Definition]` that the server knows, in the order of the command stream. */
export const ACTION_OPTIONS: readonly { readonly name: string; readonly type: OptionType }[] = [
  { name: 'actionstart', type: 'text' },
  { name: 'actionstart_on_demand', type: 'bool' },
  { name: 'actionstop', type: 'text' },
  { name: 'actionflush', type: 'text' },
  { name: 'actionreload', type: 'text' },
  { name: 'actioncheck', type: 'text' },
  { name: 'actionrepair', type: 'text' },
  { name: 'actionrepair_on_unban', type: 'bool' },
  { name: 'actionban', type: 'text' },
  { name: 'actionprolong', type: 'text' },
  { name: 'actionreban', type: 'text' },
  { name: 'actionunban', type: 'text' },
  { name: 'norestored', type: 'bool' },
];
