/** `--preview JAIL`: whom the jail would have banned in the last hours; reads the configuration and the logs, and touches nothing. */
import * as path from 'node:path';
import { systemClock } from '../../base/clock';
import { parseDuration } from '../../base/duration';
import { AppError, messageOf } from '../../base/errors';
import { isFolder } from '../../base/files';
import { createResolver } from '../../base/resolver';
import { jailLogs } from '../../engine/server/preview/jail-logs';
import { previewJail } from '../../engine/server/preview/preview';
import { reportPreview } from '../../engine/server/preview/report';
import { readJailAlone } from '../../engine/server/regex-test/read-jail';
import type { JailPreview } from '../../model/jail-preview';
import type { Problem } from '../../model/problem';
import type { CommandLine } from '../command-line';

/** How far back, when nothing is said. */
const USUAL_SINCE = '1d';
/** How long a preview may take, when nothing is said, and how much it may read. */
const USUAL_LIMIT = '60';
const MOST_BYTES = 1024 * 1024 * 1024;

/** Options of a jail that a preview does not want: it has no actions, and a jail without logs is one with nothing to read. */
const FORCED = { enabled: 'true', action: '', skip_if_nologs: 'false' };

/** Prints the preview; 255 for a jail that is wrong. Rejects with an AppError for a jail that there is not, and for a time that is none. */
export async function printPreview(line: CommandLine, jail: string): Promise<number> {
  const preview = await makePreview(line, jail);
  process.stdout.write(line.json ? `${JSON.stringify(preview)}\n` : reportPreview(preview));
  return preview.problems.some(({ severity }) => severity === 'error') ? 255 : 0;
}

/** The preview that a command line asks for; rejects as `printPreview` does. */
export async function makePreview(line: Pick<CommandLine, 'conf' | 'since' | 'limit' | 'dns'>, jail: string): Promise<JailPreview> {
  const to = systemClock.now();
  const seconds = parseDuration(line.since ?? USUAL_SINCE);
  if (!(seconds > 0)) throw new AppError('BAD_ARGUMENT', `--since must be a time above 0: '${line.since ?? ''}'`);
  const limit = parseDuration(line.limit ?? USUAL_LIMIT);
  const from = to - seconds;
  const dir = path.resolve(line.conf);
  if (!isFolder(dir)) throw new AppError('CONFIG_DIR_MISSING', `Base configuration directory ${dir} does not exist`);
  const alone = readJailAlone(dir, jail, FORCED);
  if (alone === null) throw new AppError('BAD_ARGUMENT', `there is no jail '${jail}' in ${dir}`);
  const problems = alone.reading.problems.filter(({ option }) => option !== 'action');
  if (alone.config === null) return nothing(jail, from, to, problems);
  const { config } = alone;
  try {
    return await previewJail(
      { config, problems, logs: jailLogs(config, alone.reading.globs, from, to), from, to, seconds: limit, bytes: MOST_BYTES },
      {
        clock: systemClock,
        resolver: line.dns ? createResolver({ clock: systemClock }) : null,
        progress: process.stderr.isTTY ? (percent) => void process.stderr.write(`\r${percent}%\x1b[K\r`) : null,
      },
    );
  } catch (error) {
    // A datepattern or a zone that is wrong, a journal that cannot be read: the jail's author has to know.
    return nothing(jail, from, to, [...problems, { severity: 'error', jail, message: messageOf(error) }]);
  }
}

function nothing(jail: string, from: number, to: number, problems: readonly Problem[]): JailPreview {
  const counts = { lines: 0, bytes: 0, failures: 0, ignored: 0, names: 0, banned: 0, addresses: 0 };
  const lists = { files: [], ignoredBy: {}, bans: [], leftOut: [], messages: [] };
  return { jail, from, to, first: null, last: null, stopped: 'end', ...counts, ...lists, problems };
}
