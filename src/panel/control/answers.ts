/** Answers of a server become the words of our model; an answer in another shape is an AppError PROTOCOL. */
import { AppError } from '../../base/errors';
import { parseLocalTime } from '../../base/local-time';
import type { Problem } from '../../model/problem';
import { PyFloat, PyTuple } from '../../model/python-repr';
import type { PyValue } from '../../model/python-repr';
import type { BannedAddress, JailStatus } from '../../model/status';

/** Names of the jails in the answer to `status`, sorted. */
export function jailNames(answer: PyValue): readonly string[] {
  return textOf(pairsOf(answer).get('Jail list'))
    .split(', ')
    .filter((name) => name !== '')
    .sort();
}

/** The answer to `status JAIL`. */
export function jailStatusOf(name: string, answer: PyValue): JailStatus {
  const parts = pairsOf(answer);
  const filter = pairsOf(parts.get('Filter'));
  const actions = pairsOf(parts.get('Actions'));
  return {
    name,
    currentlyFailed: countOf(filter.get('Currently failed')),
    totalFailed: countOf(filter.get('Total failed')),
    files: textsOf(filter.get('File list') ?? []),
    journalmatch: textsOf(filter.get('Journal matches') ?? []),
    currentlyBanned: countOf(actions.get('Currently banned')),
    totalBanned: countOf(actions.get('Total banned')),
    banned: textsOf(actions.get('Banned IP list') ?? []),
  };
}

/** Our engine's answer to `status --all short`: the jails stand behind what `status` says. */
export function jailStatusesOf(answer: PyValue): readonly JailStatus[] {
  const all = listOf(answer).find((item) => item instanceof Map) as ReadonlyMap<PyValue, PyValue> | undefined;
  if (all === undefined) throw wrong('the jails by their names');
  return [...all].map(([name, status]) => jailStatusOf(textOf(name), status));
}

const WITH_TIME = /^(.+) \t(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) \+ (-?\d+(?:\.\d+)?) = .+$/s;

/** The answer to `get JAIL banip --with-time`, in its order: by end of ban. */
export function bansOf(jail: string, answer: PyValue): readonly BannedAddress[] {
  return textsOf(answer).map((line) => {
    const [, id, start = '', bantime] = WITH_TIME.exec(line) ?? [];
    const time = parseLocalTime(start);
    if (id === undefined || time === null) throw wrong('a ban with its time');
    return { jail, id, time, bantime: Number(bantime) };
  });
}

/** Whether an answer to `get JAIL banned ID`, or to `banned ID` with its list of jails, says so. */
export function isBannedOf(answer: PyValue): boolean {
  if (typeof answer === 'number') return answer !== 0;
  return listOf(answer).some((item) => textsOf(item).length > 0);
}

const TEXTS = ['file', 'jail', 'option'] as const;
const NUMBERS = ['line', 'column'] as const;

/** The answer to our engine's `bailiff problems`. */
export function problemsOf(answer: PyValue): readonly Problem[] {
  return listOf(answer).map((item) => {
    if (!(item instanceof Map)) throw wrong('a problem');
    const fields = item as ReadonlyMap<PyValue, PyValue>;
    const texts = TEXTS.flatMap((key) => (fields.has(key) ? [[key, textOf(fields.get(key))] as const] : []));
    const numbers = NUMBERS.flatMap((key) => (fields.has(key) ? [[key, countOf(fields.get(key))] as const] : []));
    const severity = fields.get('severity') === 'error' ? 'error' : 'warning';
    return { severity, message: textOf(fields.get('message')), ...Object.fromEntries<string | number>([...texts, ...numbers]) };
  });
}

/** A number. */
export function countOf(value: PyValue | undefined): number {
  if (typeof value === 'number') return value;
  if (value instanceof PyFloat) return value.value;
  throw wrong('a number');
}

/** A text. */
export function textOf(value: PyValue | undefined): string {
  if (typeof value !== 'string') throw wrong('a text');
  return value;
}

/** A list of texts. */
export function textsOf(value: PyValue): readonly string[] {
  return listOf(value).map(textOf);
}

function listOf(value: PyValue | undefined): readonly PyValue[] {
  if (!Array.isArray(value)) throw wrong('a list');
  return value as readonly PyValue[];
}

/** A list of (name, value). */
function pairsOf(value: PyValue | undefined): ReadonlyMap<string, PyValue> {
  return new Map(
    listOf(value).map((item) => {
      const [name, member] = item instanceof PyTuple ? item.items : [];
      if (typeof name !== 'string' || member === undefined) throw wrong('a pair');
      return [name, member] as const;
    }),
  );
}

function wrong(wanted: string): AppError {
  return new AppError('PROTOCOL', `the server’s answer has another shape: ${wanted} is missing`);
}
