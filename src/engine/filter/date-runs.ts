/** What is known of the lines of a batch, one after the other, in runs of lines of which the same is known: mostly thousands have one date. */
export class DateRuns<Known> {
  private readonly starts: number[] = [];
  private readonly values: Known[] = [];
  /** The run that was asked for last. */
  private at = 0;
  /** Lines of which something is known. */
  length = 0;

  /** What is known of the last line; null before the first. */
  get last(): Known | null {
    return this.values[this.values.length - 1] ?? null;
  }

  /** Adds lines of which the same is known; whether that is something else than what is known of the line before them. */
  add(value: Known, lines = 1): boolean {
    const isNew = value !== this.last;
    if (isNew) {
      this.starts.push(this.length);
      this.values.push(value);
    }
    this.length += lines;
    return isNew;
  }

  /** What is known of a line. */
  of(index: number): Known {
    const { starts } = this;
    if (index < (starts[this.at] as number)) this.at = 0;
    while (this.at + 1 < starts.length && (starts[this.at + 1] as number) <= index) this.at++;
    return this.values[this.at] as Known;
  }
}
