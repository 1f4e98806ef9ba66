/** Carries out one call of `bailiff-regex`: reads the filter, runs it over the log, prints what `fail2ban-regex` prints. */
import type { Clock } from '../../../base/clock';
import { messageOf } from '../../../base/errors';
import { createLogger, LEVELS, type LevelName, type Logger } from '../../../base/logger';
import { shellWords } from '../../../contracts/files/option-value';
import type { FilterTestRecord } from '../../../model/filter-test';
import { defaultJailConfig, type JailConfig, type UseDns } from '../../../model/jail-config';
import type { Problem } from '../../../model/problem';
import { pythonRepr } from '../../../model/python-repr';
import { FAIL2BAN_PARITY } from '../../../model/version';
import { compileFilter, type FilterConfig } from '../../filter/compile-filter';
import { DatePatternError } from '../../filter/date-pattern';
import { createDateStream, type DateStream } from '../../filter/date-reader';
import { nameOfDatepattern } from '../../filter/date-templates';
import { ExplainedFilter, LineExplainer } from '../../filter/explain-line';
import type { FilterPatterns } from '../../filter/match-line';
import { zoneOffset } from '../../filter/time-zone';
import { type JsonArguments, parseArguments, type RegexArguments } from './arguments';
import { chooseFilter, type Chosen } from './chosen-filter';
import { HELP, USAGE } from './help';
import { reportExplanation } from './explain-report';
import { jsonTest } from './json-test';
import { isJournal, journalLines, type LogLines, logLines, pastedLines } from './log-lines';
import { formatFound } from './output-format';
import { type Resolve, RegexRun } from './regex-run';
import { reportResults, reportTitle, shortened, shownLines, useLine } from './report';
import { readTestedFilter } from './tested-filter';

export interface RegexTestDeps {
  readonly write: (text: string) => void;
  readonly clock: Clock;
  readonly resolve: Resolve;
  /** Told how much of a log has been read; null when nobody watches. */
  readonly progress: ((percent: number) => void) | null;
  /** What stands on standard input, for `--json -`. */
  readonly input?: () => Promise<string>;
}

/** What the user asked for cannot be done; printed as `ERROR: …`. */
class AskedWrong extends Error {}

const FAILED = 255;
const USAGE_ERROR = 2;

const USEDNS: readonly string[] = ['yes', 'warn', 'no', 'raw'];

class RegexTest {
  private config: FilterConfig;
  private datepattern: string | null;
  private journalmatch: readonly (readonly string[])[];

  constructor(
    private readonly asked: RegexArguments,
    private readonly deps: RegexTestDeps,
  ) {
    const usedns = USEDNS.includes(asked.usedns) ? (asked.usedns as UseDns) : 'warn';
    this.config = { ...defaultJailConfig('~jailless~'), usedns, maxlines: asked.maxlines ?? 1 };
    this.datepattern = asked.datepattern;
    this.journalmatch = asked.journalmatch === null ? [] : [shellWords(asked.journalmatch)];
  }

  async run(): Promise<void> {
    const { asked } = this;
    const { clock } = this.deps;
    this.tell(reportTitle());
    const logger = this.logger();
    if (asked.timezone !== null) zoneOffset(asked.timezone);
    if (asked.maxlines !== null) this.tell(useLine('maxlines', String(asked.maxlines)));
    if (asked.datepattern !== null) this.useDatepattern(asked.datepattern);
    this.use(chooseFilter(asked.regex, asked.config, this.logtype));
    this.compiled({ ...this.config, ignoreregex: [] });
    this.useIgnoreregex();
    const patterns = this.compiled(this.config);
    const journal = isJournal(asked.log);
    const log = this.log(null);
    this.tell(log.shown);
    if (asked.explain) return await this.explain(patterns, log);
    const options = { checkAll: asked.checkAll, keepFound: asked.verbose > 0 && asked.out === null, keepLines: this.keptLines() };
    const run = new RegexRun(patterns, this.dates(logger), options, this.deps.resolve, logger);
    const started = clock.monotonic();
    for await (const { lines, times, percent } of log.batches()) {
      for (const [index, line] of lines.entries()) {
        const missed = run.counts.missed;
        const found = await run.line(line, clock.now(), times?.[index]);
        if (asked.invert) {
          if (run.counts.missed > missed) this.deps.write(`${line}\n`);
        } else if (asked.out !== null) for (const one of found) this.deps.write(`${formatFound(one, asked.out)}\n`);
      }
      if (percent !== null) this.deps.progress?.(percent);
    }
    const written = {
      prefregex: patterns.prefregex?.source ?? null,
      failregex: this.config.failregex,
      ignoreregex: this.config.ignoreregex,
      dated: !journal || this.datepattern !== null,
    };
    this.tell(reportResults(run, written, asked, clock.monotonic() - started));
  }

  /** Prints records instead of the report; false when the filter is so wrong that no line was looked at. */
  async runJson({ lines, shown, seconds, standsFor }: JsonArguments): Promise<boolean> {
    const { asked, deps } = this;
    const { chosen, name, problems } = readTestedFilter(asked.regex, asked.config, this.logtype, standsFor);
    if (chosen !== null) this.use(chosen);
    if (asked.timezone !== null) zoneOffset(asked.timezone);
    this.useIgnoreregex();
    const wrong = chosen === null ? problems : (compileFilter(this.config).problems ?? []);
    const all =
      chosen === null
        ? problems
        : [...problems, ...wrong.map(({ severity, option, message }) => ({ severity, option, message }) as Problem)];
    const input = asked.log === '-' ? pastedLines((await deps.input?.()) ?? '', lines) : null;
    return await jsonTest(
      {
        config: this.config,
        dates: { datepattern: this.datepattern, logtimezone: asked.timezone },
        subject: { kind: chosen?.kind ?? 'filter', name },
        problems: all,
        log: wrong.length > 0 ? null : (input ?? this.log(lines)),
        shown,
        seconds,
      },
      deps,
    );
  }

  private get logtype(): 'journal' | 'file' {
    return isJournal(this.asked.log) ? 'journal' : 'file';
  }

  private log(last: number | null): LogLines {
    const { log, encoding } = this.asked;
    return isJournal(log) ? journalLines(log, encoding, this.journalmatch) : logLines(log, encoding, last);
  }

  /** Prints a part of the report; with `-o` only failures are printed, with `-i` only lines, with `--json` only records. */
  private tell(text: string): void {
    if (this.asked.out === null && !this.asked.invert && this.asked.json === null) this.deps.write(text);
  }

  private async explain(patterns: FilterPatterns, log: LogLines): Promise<void> {
    const dates = { datepattern: this.datepattern, logtimezone: this.asked.timezone };
    const explainer = new LineExplainer(new ExplainedFilter({ ...this.config, ...dates }, patterns), this.deps.clock.now());
    this.tell('\n\n');
    let number = 0;
    for await (const { lines, times } of log.batches()) {
      for (const [index, line] of lines.entries()) {
        number += 1;
        if (line === '' || line.startsWith('#')) continue;
        this.deps.write(reportExplanation(explainer.explain(line, this.deps.clock.now(), times?.[index]), number));
      }
    }
  }

  private keptLines(): ReturnType<typeof shownLines> {
    const { matched, missed, ignored } = shownLines(this.asked);
    return { matched, missed: Math.max(missed, this.config.maxlines), ignored };
  }

  private useDatepattern(datepattern: string): void {
    try {
      this.datepattern = datepattern;
      this.tell(useLine('datepattern', `${datepattern} : ${nameOfDatepattern(datepattern, this.deps.clock.now())}`));
    } catch (error) {
      if (!(error instanceof DatePatternError)) throw error;
      throw new AskedWrong(
        `Failed to set datepattern '${datepattern}' (may be an invalid format or unescaped percent char): ${error.reason}`,
      );
    }
  }

  private use(chosen: Chosen): void {
    const { asked } = this;
    if (chosen.kind === 'regex') {
      this.tell(useLine('failregex line', shortened(chosen.regex)));
      this.config = { ...this.config, failregex: [chosen.regex] };
      return;
    }
    if (chosen.kind === 'jail') {
      this.useJail(chosen.name, chosen.config);
      return;
    }
    const { file, name, basedir, options } = chosen;
    this.tell(basedir === null ? `Use   failregex file : ${name}\n` : `Use   failregex filter file : ${name}, basedir: ${basedir}\n`);
    if (options.size > 0) this.tell(`Use   filter options : ${pythonRepr(options)}\n`);
    if (asked.verbose > 1) this.tell(`Real  filter options : ${pythonRepr(new Map([['logtype', this.logtype], ...options]))}\n`);
    if (file === null) throw new AskedWrong(`failed to load filter ${name}`);
    if (file.maxlines !== null && asked.maxlines === null) {
      this.config = { ...this.config, maxlines: file.maxlines };
      this.tell(useLine('maxlines', String(file.maxlines)));
    }
    if (file.datepattern !== null && asked.datepattern === null) this.useDatepattern(file.datepattern);
    if (asked.journalmatch === null) this.journalmatch = file.journalmatch;
    const { prefregex, failregex, ignoreregex } = file;
    this.config = { ...this.config, prefregex, failregex, ignoreregex };
  }

  private useJail(name: string, jail: JailConfig): void {
    const { asked } = this;
    this.tell(useLine('jail', name));
    const { prefregex, failregex, ignoreregex } = jail;
    const maxlines = asked.maxlines ?? jail.maxlines;
    this.tell(useLine('maxlines', String(maxlines)));
    if (jail.datepattern !== null && asked.datepattern === null) this.useDatepattern(jail.datepattern);
    if (asked.journalmatch === null) this.journalmatch = jail.journalmatch;
    this.config = { ...this.config, prefregex, failregex, ignoreregex, maxlines };
  }

  private useIgnoreregex(): void {
    const { ignoreregex } = this.asked;
    if (ignoreregex === null) return;
    this.tell(useLine('ignoreregex line', shortened(ignoreregex)));
    this.config = { ...this.config, ignoreregex: [...this.config.ignoreregex, ignoreregex] };
  }

  private compiled(config: FilterConfig): FilterPatterns {
    const { patterns, problems } = compileFilter(config);
    if (patterns === null) throw new AskedWrong(problems[0]?.message ?? '');
    return patterns;
  }

  private dates(logger: Logger): DateStream {
    const { datepattern } = this;
    return createDateStream({ datepattern, logtimezone: this.asked.timezone }, this.deps.clock.now(), logger);
  }

  private logger(): Logger {
    const level = this.asked.logLevel.toUpperCase();
    if (!(level in LEVELS)) throw new AskedWrong(`Invalid log level '${this.asked.logLevel}'`);
    const least = LEVELS[level as LevelName];
    return createLogger((record) => {
      if (LEVELS[record.level] >= least) this.deps.write(`${record.name}: ${record.level} ${record.message}\n`);
    });
  }
}

/**
 * Runs `bailiff-regex`.
 * @param args the command line without the program's name
 * @returns the exit code: 0, 2 for a command line that makes no sense, 255 for a filter or a log that cannot be used
 */
export async function regexTest(args: readonly string[], deps: RegexTestDeps): Promise<number> {
  const parsed = parseArguments(args);
  switch (parsed.kind) {
    case 'help':
      deps.write(HELP);
      return 0;
    case 'version':
      deps.write(`fail2ban-regex ${FAIL2BAN_PARITY}\n`);
      return 0;
    case 'short-version':
      deps.write(`${FAIL2BAN_PARITY}\n`);
      return 0;
    case 'error':
      deps.write(parsed.usage ? `${HELP}\nERROR: ${parsed.message}\n` : `${USAGE}\n\nbailiff-regex: error: ${parsed.message}\n`);
      return parsed.usage ? FAILED : USAGE_ERROR;
    case 'run':
      try {
        const test = new RegexTest(parsed.arguments, deps);
        if (parsed.arguments.json !== null) return (await test.runJson(parsed.arguments.json)) ? 0 : FAILED;
        await test.run();
        return 0;
      } catch (error) {
        const record: FilterTestRecord = { record: 'error', message: messageOf(error) };
        deps.write(parsed.arguments.json === null ? `ERROR: ${record.message}\n` : `${JSON.stringify(record)}\n`);
        return FAILED;
      }
  }
}
