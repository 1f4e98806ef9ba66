/** Which jails date a line alike: from their options a key, so that a log is dated once for all of them. */

export interface DateOptions {
  readonly datepattern: string | null;
  readonly logtimezone: string | null;
}

/** Of options that were asked for: thousands of files ask for the same. */
const dateKeys = new WeakMap<DateOptions, string>();

/** Jails with the same key date a line alike. */
export function dateKeyOf(options: DateOptions): string {
  let key = dateKeys.get(options);
  if (key === undefined) dateKeys.set(options, (key = JSON.stringify([options.datepattern ?? '', options.logtimezone])));
  return key;
}
