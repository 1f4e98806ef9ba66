/** Prints the records of a test, within bounds: so many lines of each verdict, so many characters of a line, so many of all; and counts all lines. */
import type { ExplainedFailure, Verdict } from '../../../model/explanation';
import type { FilterTestRecord, FilterTestSummary, Span, TestedLine } from '../../../model/filter-test';

/** Characters of a line, of a name captured from it, and of all records. */
const LONGEST_LINE = 2000;
const LONGEST_NAME = 300;
const MOST_OUTPUT = 4 * 1024 * 1024;

const KINDS: Readonly<Record<Verdict, 'matched' | 'ignored' | 'missed'>> = {
  counted: 'matched',
  'no-date': 'matched',
  'no-id': 'matched',
  ignored: 'ignored',
  'no-failure': 'ignored',
  missed: 'missed',
  'prefix-missed': 'missed',
  error: 'missed',
};

export class RecordWriter {
  readonly #verdicts = new Map<Verdict, number>();
  #shown = 0;
  #written = 0;

  /** @param shown lines of each verdict that are told of */
  constructor(
    private readonly print: (text: string) => void,
    private readonly shown: number,
  ) {}

  /** Prints a record, whatever was printed before. */
  write(record: FilterTestRecord): void {
    const text = `${JSON.stringify(record)}\n`;
    this.#written += text.length;
    this.print(text);
  }

  /** Counts a line, and prints it while there is room. */
  line(tested: TestedLine): void {
    const count = (this.#verdicts.get(tested.verdict) ?? 0) + 1;
    this.#verdicts.set(tested.verdict, count);
    if (count > this.shown || this.#written > MOST_OUTPUT) return;
    this.#shown += 1;
    this.write({ record: 'line', ...bounded(tested) });
  }

  totals(): Pick<FilterTestSummary, 'lines' | 'matched' | 'ignored' | 'missed' | 'verdicts' | 'shown'> {
    const sums = { matched: 0, ignored: 0, missed: 0 };
    for (const [verdict, count] of this.#verdicts) sums[KINDS[verdict]] += count;
    const lines = sums.matched + sums.ignored + sums.missed;
    return { lines, ...sums, verdicts: Object.fromEntries(this.#verdicts), shown: this.#shown };
  }
}

function bounded(tested: TestedLine): TestedLine {
  const { text, date, address, user, failure, problem } = tested;
  if (text.length <= LONGEST_LINE) return { ...tested, failure: boundedNames(failure) };
  const to = text.charCodeAt(LONGEST_LINE - 1) >= 0xd800 && text.charCodeAt(LONGEST_LINE - 1) < 0xdc00 ? LONGEST_LINE - 1 : LONGEST_LINE;
  const within = (span: Span | null): Span | null => (span !== null && span[0] + span[1] <= to ? span : null);
  return {
    ...tested,
    text: text.slice(0, to),
    cut: true,
    date: within(date),
    address: within(address),
    user: within(user),
    failure: boundedNames(failure),
    problem: problem === null ? null : short(problem),
  };
}

const short = (text: string): string => (text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME)}…` : text);

function boundedNames(failure: ExplainedFailure | null): ExplainedFailure | null {
  if (failure === null) return null;
  const name = (text: string | null): string | null => (text === null ? null : short(text));
  const { id, address, dns, user, session } = failure;
  return { ...failure, id: name(id), address: name(address), dns: name(dns), user: name(user), session: name(session) };
}
