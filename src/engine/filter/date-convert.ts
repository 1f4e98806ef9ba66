/** Makes a time from the fields that a date pattern captured, filling in from «now» what the text does not say. */
import { DAYS, MONTHS } from './date-pattern';
import { plainDigits, zoneOffset, ZoneShapeError } from './time-zone';

/** Text of a captured field by its token's letter; null when it took no part. */
export type DateFields = (name: string) => string | null;

/** The captured fields, as numbers are read from them, and which of several that say the same counts: the last in the pattern. */
interface Fields {
  readonly of: DateFields;
  readonly last: (...names: readonly string[]) => readonly [name: string, text: string] | null;
}

const byName = (names: readonly string[]): ReadonlyMap<string, number> =>
  new Map(names.flatMap((name, index) => [[name, index] as const, [name.slice(0, 3), index] as const]));
const MONTH_BY_NAME = byName(MONTHS);
const DAY_BY_NAME = byName(DAYS);

const DAY_SECONDS = 86400;
/** Of the years 1 to 9999, in UTC. */
const [FIRST_SECOND, LAST_SECOND] = [-62135596800, 253402300799];

/** A moment as a calendar and a clock show it. */
interface Moment {
  year: number;
  month: number;
  day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

function isRealDate({ year, month, day }: Moment): boolean {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Seconds since the epoch: by UTC less the offset, or in the process's own zone as libc's mktime has it. */
function secondsOf(at: Moment, offset: number | null): number {
  const date = new Date(0);
  if (offset === null) {
    date.setFullYear(at.year, at.month - 1, at.day);
    date.setHours(at.hour, at.minute, at.second, 0);
    return date.getTime() / 1000;
  }
  date.setUTCFullYear(at.year, at.month - 1, at.day);
  date.setUTCHours(at.hour, at.minute, at.second, 0);
  return date.getTime() / 1000 - offset * 60;
}

/** What calendar and clock show, as one number: compared without a zone, as the original does. */
function shown(at: Moment): number {
  return secondsOf(at, 0);
}

/** The present moment as the process's own zone shows it. */
function shownNow(now: number): number {
  const date = new Date(now * 1000);
  return now - date.getTimezoneOffset() * 60;
}

function hourOf({ of, last }: Fields): number {
  const [name, text] = last('H', 'I') ?? ['H', '0'];
  const value = Number(text);
  if (name === 'H') return value;
  if ((of('p') ?? '').toLowerCase() === 'pm') return value === 12 ? 12 : value + 12;
  return value === 12 ? 0 : value;
}

function monthOf({ last }: Fields): number | null {
  const [name, text] = last('m', 'b', 'B') ?? ['b', ''];
  if (name === 'm') return Number(text);
  const index = MONTH_BY_NAME.get(text.toLowerCase());
  return index === undefined ? null : index + 1;
}

/** Day of the week, 0 is Monday; null when the text has none. */
function weekdayOf({ last }: Fields): number | null {
  const [name, text] = last('w', 'a', 'A') ?? ['a', ''];
  return name === 'w' ? (Number(text) + 6) % 7 : (DAY_BY_NAME.get(text.toLowerCase()) ?? null);
}

/** Day of the year counted from 1, from %j or from a week's number and a weekday. */
function yearDayOf(fields: Fields, year: number): number | null {
  const direct = fields.of('j');
  if (direct !== null) return Number(direct);
  const week = fields.last('U', 'W');
  const weekday = weekdayOf(fields);
  if (week === null || weekday === null) return null;
  const sundayFirst = week[0] === 'U';
  const january = new Date(0);
  january.setUTCFullYear(year, 0, 1);
  const first = sundayFirst ? january.getUTCDay() : (january.getUTCDay() + 6) % 7;
  const day = sundayFirst ? (weekday + 1) % 7 : weekday;
  const number = Number(week[1]);
  return number === 0 ? 1 + day - first : 1 + ((7 - first) % 7) + 7 * (number - 1) + day;
}

function yearOf({ last }: Fields): number | null {
  const [name, text] = last('Y', 'y') ?? [null, ''];
  if (name === null) return null;
  return name === 'Y' ? Number(text) : 2000 + Number(text);
}

/** Text that names a month without a day, or a day without a month: no date can be made of it, and fail2ban gives up on the line. */
export class PartialDateError extends Error {
  constructor() {
    super('a date needs both month and day, or neither');
    this.name = 'PartialDateError';
  }
}

/** A date whose zone puts it out of the years that there are: fail2ban gives up on the line. */
export class DateRangeError extends Error {
  constructor() {
    super('date value out of range');
    this.name = 'DateRangeError';
  }
}

/** Sets month and day; true when they were not in the text at all and today's were taken. */
function setDay(at: Moment, fields: Fields, today: Date): boolean {
  const month = monthOf(fields);
  const day = fields.of('d');
  if (month === null || day === null) {
    const yearDay = yearDayOf(fields, at.year);
    if (yearDay !== null) {
      // The year 0 has no days: no date comes of it.
      if (at.year < 1) return false;
      const date = new Date(0);
      date.setUTCFullYear(at.year, 0, yearDay);
      [at.year, at.month, at.day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
      return false;
    }
  }
  if ((month === null) !== (day === null)) throw new PartialDateError();
  at.month = month ?? today.getMonth() + 1;
  at.day = day === null ? today.getDate() : Number(day);
  return month === null;
}

/** Minutes east of UTC of a zone in a line; patterns take `cet` and `Thu` for zones as well. @throws ZoneError */
function offsetOf(zone: string): number | 'no zone' {
  try {
    return zoneOffset(zone);
  } catch (error) {
    if (error instanceof ZoneShapeError) return 'no zone';
    throw error;
  }
}

/**
 * Seconds since the epoch; null for a date that does not exist (30 February, second 60), or whose zone has not the shape of one.
 * A missing year is this one, or the last if the date would lie more than a day ahead; a missing day is today, or yesterday (reference 3.5).
 * @param now seconds since the epoch
 * @param zone minutes east of UTC where the text names no zone; null is the process's own zone
 * @param order the names of the fields as they stand in the pattern: where several say the same, the last that took part counts
 * @throws ZoneError when the text names a zone that is not known; PartialDateError when only month or only day is there; DateRangeError outside of the years 1 to 9999
 */
export function timeOfFields(written: DateFields, now: number, zone: number | null, order: readonly string[]): number | null {
  const of: DateFields = (name) => {
    const text = written(name);
    return text === null ? null : plainDigits(text);
  };
  const last: Fields['last'] = (...names) => {
    const name = order.findLast((one) => names.includes(one) && written(one) !== null);
    return name === undefined ? null : [name, of(name) ?? ''];
  };
  const fields: Fields = { of, last };
  // Each zone is read, though the last counts, up to one that is none, which spoils the date.
  let offset: number | 'no zone' | null = zone;
  for (const name of order) {
    const text = name === 'z' || name === 'Z' ? of(name) : null;
    if (text !== null && offset !== 'no zone') offset = offsetOf(text);
  }
  if (offset === 'no zone') return null;
  const today = new Date(now * 1000);
  const year = yearOf(fields);
  const at: Moment = {
    year: year ?? today.getFullYear(),
    month: 1,
    day: 1,
    hour: hourOf(fields),
    minute: Number(of('M') ?? 0),
    second: Number(of('S') ?? 0),
  };
  const todayAssumed = setDay(at, fields, today);
  if (at.second > 59 || at.hour > 23 || at.year < 1 || at.year > 9999 || !isRealDate(at)) return null;
  // A date without a zone is compared as clocks show it: the hour that comes twice is one hour then.
  const ahead = (): number => (offset === null ? shown(at) - shownNow(now) : secondsOf(at, offset) - now);
  if (todayAssumed && ahead() > 0) {
    const before = new Date(Date.UTC(at.year, at.month - 1, at.day - 1));
    [at.year, at.month, at.day] = [before.getUTCFullYear(), before.getUTCMonth() + 1, before.getUTCDate()];
  }
  if (year === null && ahead() > DAY_SECONDS) {
    at.year -= 1;
    if (!isRealDate(at)) return null;
  }
  const time = secondsOf(at, offset);
  if (offset !== null && (time < FIRST_SECOND || time > LAST_SECOND)) throw new DateRangeError();
  return time;
}
