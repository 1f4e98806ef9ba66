/** An event's number in the database is made of its time, so that the table itself is the index by time; and the number its kind is kept as. */
import type { HistoryKind } from './history';

/** Events of one millisecond at most; what is more counts to the next one. */
export const PER_MILLISECOND = 2048;
/** Numbers of one second. */
export const PER_SECOND = 1000 * PER_MILLISECOND;
/** The last millisecond (in 2109) whose numbers JavaScript holds exactly. */
export const LAST_MILLISECOND = Math.floor(Number.MAX_SAFE_INTEGER / PER_MILLISECOND) - 1;

/** The millisecond that an event of this time (seconds) is kept in; times out of range are kept at its ends. */
export function millisecondOf(time: number): number {
  return Math.min(LAST_MILLISECOND, Math.max(0, Math.round(time * 1000)));
}

/** The first number whose event is not before `time`, seconds. */
export function firstIdFrom(time: number): number {
  // Rounded first: 1.1 * 1000 is a little more than 1100.
  const milliseconds = Math.ceil(Math.round(time * 1e6) / 1000);
  return Math.min(LAST_MILLISECOND + 1, Math.max(0, milliseconds)) * PER_MILLISECOND;
}

/** The time of an event, seconds with milliseconds. */
export function timeOfId(id: number): number {
  return Math.floor(id / PER_MILLISECOND) / 1000;
}

/** As the database keeps them: never changed. Those above `RARE_ABOVE` are few, and have an index of their own. */
const NUMBERS: Readonly<Record<HistoryKind, number>> = {
  found: 1,
  ban: 2,
  unban: 3,
  'restore-ban': 4,
  ignore: 5,
  'already-banned': 6,
};
export const RARE_ABOVE = 3;
const KINDS: ReadonlyMap<number, HistoryKind> = new Map((Object.keys(NUMBERS) as HistoryKind[]).map((kind) => [NUMBERS[kind], kind]));

export function numberOfKind(kind: HistoryKind): number {
  return NUMBERS[kind];
}

/** `found` for a number nobody knows: a later version's. */
export function kindOfNumber(number: number): HistoryKind {
  return KINDS.get(number) ?? 'found';
}
