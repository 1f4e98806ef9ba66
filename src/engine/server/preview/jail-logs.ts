/** Finds the logs of a jail, rotated ones and the journal too, and reads their lines since a time. */
import { realpathOr } from '../../../base/real-file';
import { fileStamp } from '../../../base/file-keeping';
import { rotatedNames } from '../../../base/file-rotated';
import { findLogFiles, type LogGlob } from '../../../contracts/files/logpath';
import { OptionListError, parseOptionList } from '../../../contracts/files/option-list';
import type { JailConfig } from '../../../model/jail-config';
import type { PreviewedFile } from '../../../model/jail-preview';
import { readJournal } from '../../source/journal-read';
import { type DatedLines, FileStream, merged } from './log-streams';

/** Lines of a jail in the order of their time. */
export interface LogLinesSource {
  lines(): Iterable<DatedLines> | AsyncIterable<DatedLines>;
  /** Bytes read so far. */
  bytes(): number;
  files(): readonly PreviewedFile[];
}

/** Files that are read at once. */
const MOST_FILES = 500;
export const JOURNAL = 'systemd-journal';

/**
 * The logs of a jail.
 * @param globs lines of its logpath
 * @param since seconds since the epoch
 * @param now seconds since the epoch
 */
export function jailLogs(config: JailConfig, globs: readonly LogGlob[], since: number, now: number): LogLinesSource {
  return config.backend.startsWith('systemd') ? journalLogs(config, since) : fileLogs(config, globs, since, now);
}

function fileLogs(config: JailConfig, globs: readonly LogGlob[], since: number, now: number): LogLinesSource {
  const { logencoding: encoding, datepattern, logtimezone } = config;
  const paths = pathsOf(globs, since);
  const options = { encoding, dates: { datepattern, logtimezone }, since, now };
  const streams = paths.slice(0, MOST_FILES).map((path) => new FileStream(path, options));
  const left = paths.slice(MOST_FILES).map((path) => ({ path, lines: 0, problem: `more than ${MOST_FILES} files: this one was not read` }));
  return {
    *lines() {
      try {
        yield* merged(streams);
      } finally {
        for (const stream of streams) stream.close();
      }
    },
    bytes: () => streams.reduce((sum, { bytes }) => sum + bytes, 0),
    files: () => [...streams.map(({ path, lines, problem }) => ({ path, lines, problem })), ...left],
  };
}

/** The files that the logpath names now, and those that were there within the time; each file once. */
function pathsOf(globs: readonly LogGlob[], since: number): readonly string[] {
  const named = globs.flatMap((glob) => findLogFiles(glob).files.map(({ path }) => path));
  const rotated = named.flatMap((path) => rotatedNames(path)).filter((path) => (fileStamp(path)?.modified ?? 0) / 1000 >= since);
  const found = new Map<string, string>();
  for (const path of [...named, ...rotated]) {
    const real = realpathOr(path);
    if (!found.has(real)) found.set(real, path);
  }
  return [...found.values()];
}

function journalLogs(config: JailConfig, since: number): LogLinesSource {
  let lines = 0;
  let bytes = 0;
  return {
    async *lines() {
      for await (const entries of readJournal(journalOptions(config.backend), config.journalmatch, 'journalctl', since)) {
        for (const { line, time } of entries) {
          lines += 1;
          bytes += line.length;
          const date = { before: '', date: '', after: line, time, dated: true, zoned: false };
          yield { source: JOURNAL, time, lines: [line], dates: [date] };
        }
      }
    },
    bytes: () => bytes,
    files: () => [{ path: JOURNAL, lines, problem: null }],
  };
}

function journalOptions(backend: string): Readonly<Record<string, string>> {
  try {
    return Object.fromEntries(parseOptionList(backend).options);
  } catch (error) {
    if (error instanceof OptionListError) return {};
    throw error;
  }
}
