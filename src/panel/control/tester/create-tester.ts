/** Makes the Tester: runs `bailiff-regex` and `bailiff-server` as children of low priority, with a time limit, and reads what they print. */
import * as path from 'node:path';
import type { Clock } from '../../../base/clock';
import { AppError } from '../../../base/errors';
import { type ProcessRunner, type RunResult } from '../../../base/process';
import { inTemporaryFolder } from '../../../base/temporary-folder';
import type { ActionTrial } from '../../../model/action-trial';
import { checkFilter } from '../../../contracts/files/check-filter';
import { checkLogPath, REFUSALS } from '../logs/allowed-paths';
import { readActionTrial, readPreview, readRecords } from './child-records';
import type { FilterTest, FilterTestRequest, JailPreviewRequest, PreviewResult, SlowTry, Tester, TestedLines, Unfinished } from './tester';

export interface TesterOptions {
  readonly runner: ProcessRunner;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** The command lines of `bailiff-regex` and `bailiff-server`, without their options: `[node, program]`. */
  readonly regexCommand: readonly string[];
  readonly serverCommand: readonly string[];
  /** Folders, or patterns of them, in which the logs lie that may be read. */
  readonly logFolders: readonly string[];
  /** Seconds that a test of a filter may take, 10 unless told, and the preview of a jail, 30. */
  readonly testSeconds?: number;
  readonly previewSeconds?: number;
}

const TEST_SECONDS = 10;
const PREVIEW_SECONDS = 30;
/** What a child needs to start and to print its last record, seconds: it stops by itself before it is ended. */
const MARGIN = 5;
/** A child may use more CPU than time passes. */
const THREADS = 2;
/** The kernel ends a child that we can't end any more, because we were ended ourselves: so many seconds of CPU at most. */
const BOUNDED = 'ulimit -t "$0"; exec nice -n 10 "$@"';
const MOST_OUTPUT = 32 * 1024 * 1024;
/** Characters of what is pasted, and of a filter's text. */
const MOST_INPUT = 4 * 1024 * 1024;
const MOST_TEXT = 512 * 1024;
const MOST_LINES = 1_000_000;
/** As fast as somebody types: characters of one regex, and seconds for all of them. */
const CHECKED_REGEX = 4000;
const CHECK_SECONDS = 0.5;

const FILE = /^\w[\w.-]*\.(?:conf|local)$/;
const FILTER = /^\w[\w.-]*$/;
const JAIL = /^[\p{L}\p{N}_][^\n\r[\]/]{0,199}$/u;

export function createTester(options: TesterOptions): Tester {
  const { runner, clock, regexCommand, serverCommand, logFolders } = options;
  const testSeconds = options.testSeconds ?? TEST_SECONDS;
  const previewSeconds = options.previewSeconds ?? PREVIEW_SECONDS;

  async function child(command: readonly string[], args: readonly string[], seconds: number, stdin = ''): Promise<RunResult> {
    const timeout = seconds + MARGIN;
    const words = ['-c', BOUNDED, String(Math.ceil(timeout * THREADS)), ...command, ...args];
    return await runner.run({ command: '/bin/sh', args: words, stdin, timeout, maxOutput: MOST_OUTPUT });
  }

  async function test(request: FilterTestRequest, word: string, more: readonly string[]): Promise<FilterTest> {
    const { source, confdir, limit } = request;
    const lines = Math.min(MOST_LINES, Math.max(1, Math.floor(limit)));
    const log = 'log' in source ? logOf(source.log, logFolders) : '-';
    const input = 'log' in source ? '' : bounded(source.lines, MOST_INPUT, 'the lines');
    const words = ['--json', '-c', confdir, '--lines', String(lines), '--seconds', String(testSeconds), ...more, '--', log, word];
    return filterTestOf(await child(regexCommand, words, testSeconds, input), testSeconds);
  }

  return {
    async testFilter(request) {
      const { filter } = request;
      if ('name' in filter) return await test(request, filterWord(filter.name), []);
      checkName(FILE, filter.file, 'a file of filter.d');
      const text = bounded(filter.text, MOST_TEXT, 'the filter');
      const suffix = filter.options === undefined || filter.options === '' ? '' : `[${withoutBrackets(filter.options)}]`;
      return await inTemporaryFolder({ 'filter.txt': text }, (folder) =>
        test(request, path.join(folder, 'filter.txt') + suffix, ['--stands-for', filter.file]),
      );
    },

    async previewJail({ confdir, jail, since }: JailPreviewRequest) {
      checkName(JAIL, jail, 'a jail');
      if (!Number.isFinite(since) || since <= 0) throw new AppError('BAD_ARGUMENT', 'the time to look back must be above 0');
      const words = ['-c', confdir, '--preview', jail, '--since', String(Math.ceil(since)), '--limit', String(previewSeconds), '--json'];
      return previewOf(await child(serverCommand, words, previewSeconds), previewSeconds);
    },

    async dryRunAction({ confdir, action, options: given, address }) {
      checkName(FILTER, action, 'an action');
      const word = given === '' ? action : `${action}[${withoutBrackets(given)}]`;
      const words = ['-c', confdir, '--try-action', word, '--address', address, '--json'];
      return actionTrialOf(await child(serverCommand, words, testSeconds));
    },

    checkFilterText({ confdir, file, text }) {
      checkName(FILE, file, 'a file of filter.d');
      const began = clock.monotonic();
      return checkFilter({
        dir: confdir,
        filter: file.replace(/\.(?:conf|local)$/, ''),
        texts: new Map([[`filter.d/${file}`, bounded(text, MOST_TEXT, 'the filter')]]),
        longest: CHECKED_REGEX,
        goOn: () => clock.monotonic() - began < CHECK_SECONDS,
      });
    },
  };
}

function checkName(form: RegExp, name: string, what: string): void {
  if (!form.test(name)) throw new AppError('BAD_ARGUMENT', `'${name.slice(0, 80)}' is no name of ${what}`);
}

/** `sshd`, or `sshd[mode=aggressive]`. */
function filterWord(name: string): string {
  const [, filter = name, options] = /^([^[]*)\[(.*)\]\s*$/s.exec(name) ?? [];
  checkName(FILTER, filter, 'a filter');
  return options === undefined ? filter : `${filter}[${withoutBrackets(options)}]`;
}

function withoutBrackets(options: string): string {
  if (/[[\]\n\r]/.test(options)) throw new AppError('BAD_ARGUMENT', 'options of a filter are written as name=value, name=value');
  return options;
}

function bounded(text: string, most: number, what: string): string {
  if (text.length > most) throw new AppError('BAD_ARGUMENT', `${what} may have ${most} characters at most`);
  return text;
}

function logOf(log: string, folders: readonly string[]): string {
  const checked = checkLogPath(log, folders);
  if (!checked.ok) throw new AppError('BAD_ARGUMENT', `the log cannot be read: ${REFUSALS[checked.reason]}`);
  return checked.path;
}

function filterTestOf(result: RunResult, seconds: number): FilterTest {
  const records = readRecords(result.stdout);
  const told: TestedLines = {
    lines: records.filter((record) => record.record === 'line'),
    slow: records.filter((record) => record.record === 'slow'),
  };
  const summary = records.find((record) => record.record === 'summary');
  if (summary !== undefined) return { ...told, kind: 'done', summary };
  const refused = records.find((record) => record.record === 'error');
  if (refused !== undefined) return { ...told, kind: 'unfinished', reason: 'refused', message: refused.message };
  return { ...told, ...unfinished(result, `the filter took longer than ${seconds} s${placeOf(told.slow.at(-1))}`) };
}

function placeOf(slow: SlowTry | undefined): string {
  return slow === undefined ? '' : `; ${slow.option} ${slow.index + 1} alone took ${slow.seconds.toFixed(1)} s for line ${slow.line}`;
}

function previewOf(result: RunResult, seconds: number): PreviewResult {
  const preview = readPreview(result.stdout);
  if (preview !== null) return { kind: 'done', preview };
  return unfinished(result, `the preview took longer than ${seconds} s`);
}

function actionTrialOf(result: RunResult): ActionTrial {
  const trial = readActionTrial(result.stdout);
  if (trial !== null) return trial;
  const { message } = unfinished(result, 'the action could not be read in time');
  return { commands: [], problems: [{ severity: 'error', message }] };
}

function unfinished({ timedOut, code, signal, stderr }: RunResult, late: string): Unfinished {
  if (timedOut) return { kind: 'unfinished', reason: 'time', message: late };
  const said = stderr.replace(/[\p{C}\s]+/gu, ' ').trim();
  if (code === 255 && said !== '') return { kind: 'unfinished', reason: 'refused', message: said.replace(/^ERROR /, '').slice(0, 500) };
  const how = signal === null ? `ended with code ${code ?? 0}` : `was ended by ${signal}`;
  return { kind: 'unfinished', reason: 'crash', message: `the program ${how}${said === '' ? '' : `: ${said.slice(-300)}`}` };
}
