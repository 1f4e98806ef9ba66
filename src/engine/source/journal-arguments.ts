/** From the options of the backend `systemd[…]` and a jail's journal matches: the arguments of journalctl. */
import { readFileSync } from 'node:fs';
import { AppError, messageOf } from '../../base/errors';
import { JOURNAL_FIELDS } from './journal-entry';

/** As jail.conf(5) has them for `backend = systemd[…]`; all as written. */
export interface JournalOptions {
  readonly journalpath?: string;
  /** Paths or patterns, parted by commas. */
  readonly journalfiles?: string;
  /** Bits of sd_journal_open: 1 this machine only, 2 runtime only, 4 system, 8 current user. */
  readonly journalflags?: string;
  readonly namespace?: string;
}

const LOCAL_ONLY = 1;
const RUNTIME_ONLY = 2;
const SYSTEM = 4;
const CURRENT_USER = 8;

/** Where the reading begins: behind an entry, or at a time in microseconds since the epoch. */
export type JournalStart = { readonly cursor: string } | { readonly since: number };

/**
 * The arguments of journalctl. `--merge` for two reasons: without it `--follow` reads the present boot alone, and fails where there is
 * none yet; and the original reads other machines' journals too, unless told not to.
 * @param matches one list of words per `addjournalmatch`; `+` between words, and between the lists, means «or»
 * @throws AppError BAD_ARGUMENT for a word that is no `FIELD=value`, or an option that is not understood
 */
export function journalArguments(options: JournalOptions, matches: readonly (readonly string[])[], start: JournalStart): string[] {
  const begin = 'cursor' in start ? `--after-cursor=${start.cursor}` : `--since=@${(start.since / 1e6).toFixed(6)}`;
  return [
    '--output=json',
    `--output-fields=${JOURNAL_FIELDS.join(',')}`,
    '--all',
    '--quiet',
    '--no-pager',
    '--follow',
    '--no-tail',
    '--merge',
    ...placeArguments(options),
    begin,
    '--',
    ...matchArguments(matches, isLocalOnly(options) ? [`_MACHINE_ID=${machineId()}`] : []),
  ];
}

/** The flags as a number; null when none are given. */
function flagsOf({ journalflags }: JournalOptions): number | null {
  const flags = journalflags === undefined || journalflags === '' ? null : Number(journalflags);
  if (flags !== null && !Number.isSafeInteger(flags)) throw new AppError('BAD_ARGUMENT', `journalflags: ${journalflags} is not a number`);
  return flags;
}

function isLocalOnly(options: JournalOptions): boolean {
  return ((flagsOf(options) ?? 0) & LOCAL_ONLY) !== 0;
}

function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'latin1').trim();
  } catch (error) {
    throw new AppError('BAD_ARGUMENT', `journalflags: this machine has no id: ${messageOf(error)}`);
  }
}

function placeArguments(options: JournalOptions): string[] {
  const { journalpath, journalfiles, namespace } = options;
  const flags = flagsOf(options);
  const found: string[] = [];
  if (journalpath !== undefined && journalpath !== '') found.push(`--directory=${journalpath}`);
  for (const file of (journalfiles ?? '').split(',')) {
    if (file.trim() !== '') found.push(`--file=${file.trim()}`);
  }
  if (found.length > 0) return found;
  if (namespace !== undefined && namespace !== '') found.push(`--namespace=${namespace}`);
  const bits = flags ?? SYSTEM;
  if ((bits & RUNTIME_ONLY) !== 0) return [...found, '--directory=/run/log/journal'];
  if ((bits & SYSTEM) !== 0) found.push('--system');
  if ((bits & CURRENT_USER) !== 0) found.push('--user');
  return found;
}

/** @param all words that hold for every alternative */
function matchArguments(matches: readonly (readonly string[])[], all: readonly string[]): string[] {
  const alternatives: string[] = [];
  for (const words of matches) {
    if (words.length === 0) continue;
    for (const word of words) {
      if (word !== '+' && !/^[A-Z0-9_]+=/.test(word)) throw new AppError('BAD_ARGUMENT', `journalmatch: ${word} is not FIELD=value`);
    }
    if (alternatives.length > 0) alternatives.push(...all, '+');
    alternatives.push(...words.flatMap((word) => (word === '+' ? [...all, word] : [word])));
  }
  return [...alternatives, ...all];
}
