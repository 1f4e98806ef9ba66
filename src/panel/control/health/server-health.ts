/** From a server, its files and its disks: all that is not well, the worst first, within a few seconds. */
import { type Clock, sleep } from '../../../base/clock';
import { AppError } from '../../../base/errors';
import { type FileState, fileState } from '../../../base/file-state';
import type { Control } from '../control';
import { lookAtDisks } from './disk-notices';
import type { HealthKind, HealthNotice } from './health';
import { fileNotices, jailNotices } from './jail-notices';

export interface ServerHealthDeps {
  readonly control: Control;
  readonly clock: Clock;
  /** When the server came up, in seconds since the epoch; null when that is not known. Without it a jail that never saw a line is not judged. */
  readonly started?: () => Promise<number | null>;
  /** Seconds that all of it may take, 4 unless told; what was found by then is told. */
  readonly seconds?: number;
}

const SECONDS = 4;
/** Files that are looked at at once, and in all: a server may follow the logs of thousands of domains. */
const AT_ONCE = 64;
const MOST_FILES = 5000;
/** Notices of a server on which everything is wrong. */
const MOST_NOTICES = 100;

const WORST_FIRST: readonly HealthKind[] = ['database', 'disk', 'action-error', 'no-lines', 'unreadable-log', 'wrong-clock', 'lag'];

/** Never rejects for an error of the world; a server that is silent has no notices. */
export async function serverHealth(deps: ServerHealthDeps): Promise<readonly HealthNotice[]> {
  const notices: HealthNotice[] = [];
  const tell = (notice: HealthNotice): void => void notices.push(notice);
  const looks = [lookAtJails(deps, tell), deps.control.serverSettings().then((settings) => lookAtDisks(settings, tell))];
  const all = Promise.all(looks.map((look) => look.catch(passOver)));
  await Promise.race([all, sleep(deps.clock, deps.seconds ?? SECONDS)]);
  // A copy: a look that comes too late finds nobody.
  return [...notices].sort(byWeight).slice(0, MOST_NOTICES);
}

function byWeight(one: HealthNotice, other: HealthNotice): number {
  if (one.severity !== other.severity) return one.severity === 'error' ? -1 : 1;
  const kind = WORST_FIRST.indexOf(one.kind) - WORST_FIRST.indexOf(other.kind);
  const names = [one, other].map((notice) => `${notice.jail ?? ''}\n${notice.detail}`);
  return kind !== 0 ? kind : (names[0] ?? '') < (names[1] ?? '') ? -1 : 1;
}

/** Our engine tells how its jails fare; of the stock server's jails only the files can be looked at. */
async function lookAtJails({ control, clock, started }: ServerHealthDeps, tell: (notice: HealthNotice) => void): Promise<void> {
  const files = new FileStates();
  const fares = await control.health(null);
  if (fares.available) {
    const since = (await started?.()) ?? null;
    for (const health of fares.value) {
      const states = await files.of(health.files);
      jailNotices(health, states, clock.now(), since).forEach(tell);
    }
    return;
  }
  for (const jail of await control.jails()) {
    try {
      fileNotices(jail, await files.of((await control.status(jail, 'counts')).files)).forEach(tell);
    } catch (error) {
      // It was stopped in between.
      passOver(error);
    }
  }
}

/** The states of files, each looked at once: jails share them. */
class FileStates {
  private readonly known = new Map<string, FileState>();

  async of(paths: readonly string[]): Promise<readonly FileState[]> {
    const fresh = paths.filter((path) => !this.known.has(path)).slice(0, MOST_FILES - this.known.size);
    for (let at = 0; at < fresh.length; at += AT_ONCE) {
      for (const state of await Promise.all(fresh.slice(at, at + AT_ONCE).map(fileState))) this.known.set(state.path, state);
    }
    return paths.flatMap((path) => this.known.get(path) ?? []);
  }
}

function passOver(error: unknown): void {
  if (!(error instanceof AppError)) throw error;
}
