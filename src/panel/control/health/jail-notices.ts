/** From how a jail of our engine fares, and the state of its files: what is not well with it. */
import { formatDuration } from '../../../base/duration';
import type { FileState } from '../../../base/file-state';
import type { JailHealth } from '../../../model/health';
import { formatProblem } from '../../../model/problem';
import type { HealthKind, HealthNotice } from './health';

/** Dates this far from the time of their handling are odd, seconds. */
const ODD = 60;
/** A jail that sees nothing of what was written for so long is blind, seconds. */
const BLIND = 600;
/** A failed action is told for an hour; so long a jail's lag counts after its last line, seconds. */
const ACTION_TOLD = 3600;
const LAG_TOLD = 600;
/** A log in another zone is off by half hours, 14 hours at most; so far from them it may be, seconds. */
const HALF_HOUR = 1800;
const WIDEST_ZONE = 14 * 3600;
const NEAR_ZONE = 15;
/** A jail without files is behind when it has this much to do, lines per minute. */
const BUSY = 60;
const MOST_TEXT = 300;

/** Of which options of a jail a problem is told. */
const KINDS: Readonly<Record<string, HealthKind | undefined>> = { logpath: 'unreadable-log', dbfile: 'database' };

type Fields = Pick<HealthNotice, 'kind' | 'severity' | 'detail' | 'since'>;

/** Files of one jail that cannot be read, in one notice for each kind of reason: the first path, and how many more. */
export function fileNotices(jail: string, files: readonly FileState[]): readonly HealthNotice[] {
  return (['unreadable', 'gone'] as const).flatMap((access): readonly HealthNotice[] => {
    const [first, ...others] = files.filter((file) => file.access === access);
    if (first === undefined) return [];
    const detail = `${first.path}${access === 'gone' ? ' is gone' : ''}${others.length === 0 ? '' : ` (+${others.length})`}`;
    return [{ kind: 'unreadable-log', severity: access === 'gone' ? 'warning' : 'error', jail, detail, since: null }];
  });
}

/**
 * @param now seconds since the epoch
 * @param started when the server came up, null when that is not known: a jail without any line is then not judged
 */
export function jailNotices(health: JailHealth, files: readonly FileState[], now: number, started: number | null): readonly HealthNotice[] {
  const found = [actionNotice(health, now), lineNotice(health, files, now, started), clockNotice(health, files, now)];
  const problems = health.problems.flatMap(({ option, severity, message }): readonly Fields[] => {
    const kind = KINDS[option ?? ''];
    const detail = formatProblem({ severity, message }).slice(0, MOST_TEXT);
    return kind === undefined ? [] : [{ kind, severity, detail, since: null }];
  });
  return [
    ...[...found, ...problems].flatMap((fields) => (fields === null ? [] : [{ jail: health.jail, ...fields }])),
    ...fileNotices(health.jail, files),
  ];
}

function actionNotice({ lastActionError: error }: JailHealth, now: number): Fields | null {
  if (error === null || error.time < now - ACTION_TOLD) return null;
  const what = [error.action, error.operation, ...(error.id === null ? [] : [error.id])].join(' ');
  return { kind: 'action-error', severity: 'error', detail: `${what}: ${error.message}`.slice(0, MOST_TEXT), since: error.time };
}

/** When the jail's files were written last, with the file; null when there is nothing in them. */
function lastWritten(files: readonly FileState[]): { readonly path: string; readonly modified: number } | null {
  let last: { readonly path: string; readonly modified: number } | null = null;
  for (const { path, size, modified } of files) {
    // A new, empty file was made by who rotates the logs.
    if (size > 0 && modified !== null && modified > (last?.modified ?? 0)) last = { path, modified };
  }
  return last;
}

function lineNotice({ lastLine }: JailHealth, files: readonly FileState[], now: number, started: number | null): Fields | null {
  const written = lastWritten(files);
  const seen = lastLine ?? started;
  // A file may bear a date that is still to come.
  if (written === null || seen === null || Math.min(written.modified, now) < seen + (lastLine === null ? ODD : BLIND)) return null;
  return { kind: 'no-lines', severity: 'error', detail: written.path, since: seen };
}

/** Dates ahead of our clock, dates of another zone, and lines that are handled late. */
function clockNotice(health: JailHealth, files: readonly FileState[], now: number): Fields | null {
  const { lastLine, lag } = health;
  if (lastLine === null || lag === null) return null;
  const detail = formatDuration(Math.round(Math.abs(lag)));
  if (lag < -ODD) return { kind: 'wrong-clock', severity: 'error', detail: `+${detail}`, since: lastLine };
  if (lag <= ODD || lastLine < now - LAG_TOLD) return null;
  const written = lastWritten(files);
  if (written === null) {
    return health.linesPerMinute < BUSY ? null : { kind: 'lag', severity: 'warning', detail, since: lastLine };
  }
  // A quiet log whose old lines were read after a start is not late: nothing was written after them.
  const late = Math.min(written.modified, lastLine) - (lastLine - lag);
  if (late <= ODD) return null;
  const offZone = Math.abs(late - Math.round(late / HALF_HOUR) * HALF_HOUR);
  const zone = late >= HALF_HOUR - NEAR_ZONE && late <= WIDEST_ZONE + NEAR_ZONE && offZone <= NEAR_ZONE;
  if (zone) return { kind: 'wrong-clock', severity: 'error', detail: `-${detail}`, since: lastLine };
  return { kind: 'lag', severity: 'warning', detail, since: lastLine };
}
