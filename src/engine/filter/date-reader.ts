/** Reads the date of each line of a batch, once for all the jails that read it. */

export interface LineDate {
  /** The line is `before + date + after`. */
  readonly before: string;
  readonly date: string;
  readonly after: string;
  /** Seconds since the epoch; null when the text could not be converted. */
  readonly time: number | null;
}

export interface DateReader {
  /** The date found in line `index` of the batch; null when the line has none. */
  read(index: number): LineDate | null;
}
