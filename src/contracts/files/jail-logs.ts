/** A jail's `logpath` and `backend` into the commands for its logs, or the journal, or the decision to leave the jail out. */
import type { Command } from '../../model/command';
import { parseLogpath, type LogFiles, type LogGlob } from './logpath';
import { toBool } from './option-value';

export interface JailLogs {
  readonly commands: readonly Command[];
  readonly globs: readonly LogGlob[];
  readonly backend: string;
  /** There is no log, and the jail is not wanted without. */
  readonly skipped: boolean;
}

/**
 * Looks for the logs of a jail. Without any, the jail waits for them: a file that comes later is picked up.
 * @param find the files that are there for a line of `logpath`
 */
export function readLogs(
  jail: string,
  options: ReadonlyMap<string, string>,
  find: (line: LogGlob) => LogFiles,
  warn: (message: string) => void,
): JailLogs {
  const backend = options.get('backend') ?? 'auto';
  const globs = backend.startsWith('systemd') ? [] : parseLogpath(options.get('logpath') ?? '');
  const none: JailLogs = { commands: [], globs, backend, skipped: false };
  if (globs.length === 0) return none;
  const found = globs.map(find);
  for (const link of found.flatMap(({ dangling }) => dangling)) warn(`File ${link} is a dangling link, thus cannot be monitored`);
  const files = found.flatMap((one) => one.files);
  if (files.length > 0) return { ...none, commands: files.map(({ path, mode }) => ['set', jail, 'addlogpath', path, mode]) };
  warn(`Have not found any log file for ${jail} jail`);
  const toJournal = backend.startsWith('auto') && toBool(options.get('systemd_if_nologs') ?? '') && options.has('journalmatch');
  if (toJournal) return { ...none, globs: [], backend: 'systemd' };
  return { ...none, skipped: toBool(options.get('skip_if_nologs') ?? '') };
}
