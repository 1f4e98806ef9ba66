/** What a jail is told to be, as plain data: made from the command stream, read by the engine. Times are seconds. */
import type { Problem } from './problem';

export type UseDns = 'yes' | 'warn' | 'no' | 'raw';

export interface LogPath {
  readonly path: string;
  readonly mode: 'head' | 'tail';
}

/** An action of a jail: its properties in order, as `set JAIL action NAME key value` gave them (`blocktype?family=inet6` is a key of its own). */
export interface ActionConfig {
  readonly name: string;
  readonly properties: readonly (readonly [string, string | number | boolean | null])[];
  /** A Python action: the path of its `.py` file and its options. */
  readonly python?: { readonly file: string; readonly options: Readonly<Record<string, unknown>> };
}

/** `bantime.*`: incremental ban times. */
export interface BanIncrement {
  readonly increment: boolean;
  readonly factor: string | null;
  readonly formula: string | null;
  readonly multipliers: string | null;
  readonly maxtime: number | null;
  readonly rndtime: number | null;
  readonly overalljails: boolean;
}

export interface IgnoreCache {
  readonly key: string;
  readonly maxCount: number;
  readonly maxTime: number;
}

export interface JailConfig {
  readonly name: string;
  /** As written: `auto`, `polling`, `pyinotify`, `systemd[journalpath=…]`. */
  readonly backend: string;
  readonly usedns: UseDns;
  readonly prefregex: string;
  readonly failregex: readonly string[];
  readonly ignoreregex: readonly string[];
  readonly maxlines: number;
  readonly datepattern: string | null;
  /** One list of words per `addjournalmatch`. */
  readonly journalmatch: readonly (readonly string[])[];
  readonly maxretry: number;
  readonly maxmatches: number;
  readonly findtime: number;
  /** −1 is for ever. */
  readonly bantime: number;
  readonly increment: BanIncrement;
  readonly ignoreself: boolean;
  readonly ignoreip: readonly string[];
  readonly ignorecommand: string;
  readonly ignorecache: IgnoreCache | null;
  readonly logpath: readonly LogPath[];
  /** Globs of `logpath` as written: files that come to match later are followed too. */
  readonly logglob: readonly LogPath[];
  /** Files of these globs that were taken out while the server runs. */
  readonly logexcept: readonly string[];
  /** As written; `auto` is the locale's. */
  readonly logencoding: string;
  readonly logtimezone: string | null;
  readonly actions: readonly ActionConfig[];
  /** Mistakes found while this configuration was made; an error marks the jail as broken. */
  readonly problems: readonly Problem[];
}

/** The server's defaults (reference: fail2ban 1.0.2, jail.conf(5)). */
export function defaultJailConfig(name: string, backend = 'auto'): JailConfig {
  return {
    name,
    backend,
    usedns: 'warn',
    prefregex: '',
    failregex: [],
    ignoreregex: [],
    maxlines: 1,
    datepattern: null,
    journalmatch: [],
    maxretry: 3,
    maxmatches: 5,
    findtime: 600,
    bantime: 600,
    increment: { increment: false, factor: null, formula: null, multipliers: null, maxtime: null, rndtime: null, overalljails: false },
    ignoreself: true,
    ignoreip: [],
    ignorecommand: '',
    ignorecache: null,
    logpath: [],
    logglob: [],
    logexcept: [],
    logencoding: 'auto',
    logtimezone: null,
    actions: [],
    problems: [],
  };
}
