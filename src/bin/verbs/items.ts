/** What stands behind a verb, read: lists of addresses and jails, durations, moments, and what came of each item. */
import { DurationError, parseDuration } from '../../base/duration';
import { AppError } from '../../base/errors';
import { parseAddress } from '../../model/address';
import type { ItemResult } from '../../panel/control/bans/ban-desk';
import type { Answer } from './verb';

export interface BanItem {
  /** Null: none was named. */
  readonly jail: string | null;
  readonly id: string;
}

export function wrong(message: string): AppError {
  return new AppError('BAD_ARGUMENT', message);
}

/** A word of the user in a message: cut where it is long. */
export function quoted(word: string): string {
  return `'${word.length > 80 ? `${word.slice(0, 80)}…` : word}'`;
}

/** The items of lists: `a;b` or one word each. */
export function listOf(words: readonly string[], separator: RegExp = /;/): readonly string[] {
  return words
    .flatMap((word) => word.split(separator))
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/**
 * `IP[,JAIL];IP[,JAIL]…` as `plesk bin ip_ban` takes it, or `JAIL IP…`.
 * @throws AppError BAD_ARGUMENT for what is neither, with the form that would be right
 */
export function banItems(words: readonly string[], form: string): readonly BanItem[] {
  const [first = '', ...others] = words;
  const leads = first !== '' && !/[,;]/.test(first) && parseAddress(first) === null;
  const items = listOf(leads ? others : words).map((text): BanItem => {
    const [id = '', jail, ...more] = text.split(',').map((part) => part.trim());
    if (more.length > 0 || jail === '') throw wrong(`${quoted(text)} has another form than ${form}`);
    if (parseAddress(id) === null) throw wrong(`${quoted(id)} is not an IP address or range: the form is ${form}`);
    return { id, jail: jail ?? (leads ? first : null) };
  });
  if (items.length === 0) throw wrong(`name at least one IP address: ${form}`);
  return items;
}

/** Seconds of an option: a number, fail2ban's words (`1h`, `2d`), or `forever`. @throws AppError BAD_ARGUMENT that names the option */
export function secondsOf(option: string, text: string, { forever }: { readonly forever: boolean }): number {
  const right = `${option} takes seconds, or a time such as 10m, 2h or 7d${forever ? ', or -1 (forever)' : ''}`;
  if (forever && (text === 'forever' || text.trim() === '-1')) return -1;
  let seconds: number;
  try {
    seconds = parseDuration(text);
  } catch (error) {
    if (!(error instanceof DurationError)) throw error;
    throw wrong(`${right}; ${quoted(text)} is neither`);
  }
  if (seconds < 1 || !Number.isSafeInteger(Math.trunc(seconds))) throw wrong(`${right}, of one second at least; not ${quoted(text)}`);
  return Math.trunc(seconds);
}

/** A whole number of an option. @throws AppError BAD_ARGUMENT that names the option */
export function wholeOf(option: string, text: string, least: number, most: number): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (!(number >= least && number <= most)) throw wrong(`${option} takes a whole number from ${least} to ${most}, not ${quoted(text)}`);
  return number;
}

/** One line for each item that fared well, one sentence for each that did not. */
export function itemAnswer(results: readonly ItemResult[], done: (item: ItemResult) => string): Answer {
  const good = results.filter(({ ok }) => ok);
  return {
    text: good.map((item) => `${done(item)}\n`).join(''),
    json: { results },
    failures: results
      .filter(({ ok }) => !ok)
      .map(({ id, jail, message }) => `${id}${jail === '' ? '' : ` in ${jail}`}: ${message ?? 'it was not done'}`),
  };
}

/** @throws AppError BAD_ARGUMENT when there are words where none belong */
export function noWords(verb: string, words: readonly string[]): void {
  if (words.length > 0) throw wrong(`'${verb}' takes no further words, and there is ${quoted(words[0] ?? '')}`);
}
