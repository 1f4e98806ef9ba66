/** The values of a jail's options: times, numbers, words for yes and no, backends, encodings, trusted addresses, log modes, action names. */
import { DurationError, parseDuration } from '../../base/duration';
import { encodingOf } from '../../base/file-encoding';
import { readIgnoreWord } from './ignoreip';
import { JAIL_OPTIONS, type OptionInfo } from './jail-options';
import type { JailReading } from './jails';
import { nearMiss } from './near-miss';
import { OptionListError, parseOptionList } from './option-list';
import { isBoolWord, listWords, toInt } from './option-value';
import type { Report } from './validate';

const BACKENDS = ['auto', 'pyinotify', 'polling', 'systemd'];

/** Checks every option that the jail has. */
export function checkValues(reading: JailReading, report: Report): void {
  for (const option of JAIL_OPTIONS) {
    const value = reading.values.get(option.name);
    if (value !== undefined) checkValue(option, value, report);
  }
  for (const { path, mode } of reading.globs) {
    if (mode !== 'head' && mode !== 'tail') {
      report('error', 'logpath', `'${mode}' behind '${path}' must be 'head' or 'tail'; a path with a space in it cannot be written here`, {
        text: `${path} ${mode}`,
      });
    }
  }
  checkActionNames(reading, report);
}

function checkValue(option: OptionInfo, value: string, report: Report): void {
  const { name, type, words } = option;
  const shown = `'${value.slice(0, 80)}'`;
  if (type === 'bool' && !isBoolWord(value)) report('warning', name, `${shown} counts as no; write 'true' or 'false'`);
  if (type === 'int') {
    const number = toInt(value);
    if (number === null) report('error', name, `${shown} is no whole number`);
    else if (number < (name === 'maxretry' || name === 'maxlines' ? 1 : 0)) report('error', name, `${shown} is too small`);
  }
  if (type === 'time') checkTime(name, value, report);
  if (words !== undefined && !words.includes(value.toLowerCase())) {
    const meant = nearMiss(value, words);
    report(
      'warning',
      name,
      `${shown} is not known and counts as '${name === 'usedns' ? 'no' : (option.default ?? '')}'; ${choice(words, meant)}`,
    );
  }
  if (name === 'backend') checkBackend(value, report);
  if (name === 'ignoreip') {
    for (const word of listWords(value).map(readIgnoreWord)) {
      if (word.kind === 'wrong') report('warning', name, `'${word.word.slice(0, 80)}' trusts nobody: ${word.reason}`);
    }
  }
  if (name === 'logencoding' && encodingOf(value) === null)
    report('error', name, `the encoding ${shown} is not known; usual ones are 'utf-8' and 'latin-1'`);
  if (name === 'logtimezone' && !/^(?:[A-Z]|[A-Z]{3,5})?(?:[+-][01]\d(?::?\d\d)?)?$/.test(value)) {
    report('error', name, `${shown} is no zone; write it as 'UTC', 'UTC+0200' or 'GMT-05:00'`);
  }
  if (name === 'bantime.multipliers' && !/^\s*(?:\d+(?:\.\d+)?(?:\s+|$))*$/.test(value)) {
    report('error', name, `${shown} must be numbers with spaces between them, as '1 2 4 8'`);
  }
  if (name === 'ignorecache') checkIgnoreCache(value, report);
}

function checkTime(name: string, value: string, report: Report): void {
  try {
    const seconds = parseDuration(value);
    const least = name === 'findtime' ? 1 : name === 'bantime' ? -1 : 0;
    if (seconds < least || (name === 'bantime' && seconds === 0)) {
      report('warning', name, `'${value.slice(0, 80)}' is ${seconds} seconds${name === 'bantime' ? '; for ever is -1' : ''}`);
    }
  } catch (error) {
    if (!(error instanceof DurationError)) throw error;
    report('error', name, `${error.message}; write seconds, or as in '10m', '1h 30m', '1w'`);
  }
}

function checkBackend(value: string, report: Report): void {
  try {
    const { name } = parseOptionList(value);
    if (name === 'gamin') report('warning', 'backend', "'gamin' is no more; use 'auto'");
    else if (!BACKENDS.includes(name))
      report('error', 'backend', `'${name.slice(0, 80)}' is no backend; ${choice(BACKENDS, nearMiss(name, BACKENDS))}`);
  } catch (error) {
    if (!(error instanceof OptionListError)) throw error;
    report('error', 'backend', `'${value.slice(0, 80)}': ${error.message}; write it as 'systemd[journalpath=/var/log/journal]'`);
  }
}

function checkIgnoreCache(value: string, report: Report): void {
  if (value === '') return;
  const known = ['key', 'max-count', 'max-time'];
  try {
    const { options } = parseOptionList(`cache[${value}]`);
    for (const key of options.keys()) {
      if (!known.includes(key)) report('warning', 'ignorecache', `'${key}' is not known; ${choice(known, nearMiss(key, known))}`);
    }
    if (!options.has('key')) report('warning', 'ignorecache', `a key is missing, as in 'key="<ip>", max-count=100, max-time=5m'`);
    if (options.has('max-time')) checkTime('ignorecache', options.get('max-time') ?? '', report);
  } catch (error) {
    if (!(error instanceof OptionListError)) throw error;
    report('error', 'ignorecache', `${error.message}; write it as 'key="<ip>", max-count=100, max-time=5m'`);
  }
}

/** Two actions of one name would be one: the server refuses the second. */
function checkActionNames(reading: JailReading, report: Report): void {
  const seen = new Set<string>();
  for (const command of reading.commands) {
    if (command[0] !== 'set' || command[2] !== 'addaction' || typeof command[3] !== 'string') continue;
    if (seen.has(command[3]))
      report('error', 'action', `two actions are named '${command[3]}'; give one of them another name, as in 'dummy[name=second]'`);
    seen.add(command[3]);
  }
}

function choice(words: readonly string[], meant: string | undefined): string {
  return meant === undefined ? `use one of ${words.join(', ')}` : `did you mean '${meant}'?`;
}
