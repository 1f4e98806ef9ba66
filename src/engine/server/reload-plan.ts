/** Decides what a reload has to do, from what runs and what the files now say: which jails are broken, and a plan; nothing is done here. */
import type { JailConfig } from '../../model/jail-config';
import { jailsOf, type Problem } from '../../model/problem';

export interface ReloadOptions {
  /** Stop and start each jail instead of changing it in place. */
  readonly restart: boolean;
  /** Lift all bans of the reloaded jails. */
  readonly unban: boolean;
  /** A jail that is named but not there is no error. */
  readonly ifExists: boolean;
}

export interface ReloadPlan {
  readonly start: readonly JailConfig[];
  readonly change: readonly JailConfig[];
  /** Stopped, then started again: another backend, or asked for. */
  readonly restart: readonly JailConfig[];
  readonly stop: readonly string[];
  /** Jails that go on as they are, because what the files now say of them is wrong. */
  readonly keep: readonly string[];
}

export interface Wanted {
  readonly jails: ReadonlyMap<string, JailConfig>;
  /** Jails whose configuration is wrong: they are not started, and go on as they were when they run. */
  readonly broken: ReadonlySet<string>;
}

/**
 * @param running what runs now
 * @param only the one jail that is reloaded; null for all
 */
export function planReload(
  running: ReadonlyMap<string, JailConfig>,
  wanted: Wanted,
  only: string | null,
  options: ReloadOptions,
): ReloadPlan {
  const good = [...wanted.jails.values()].filter(({ name }) => !wanted.broken.has(name) && (only === null || name === only));
  const isNew = good.filter(({ name }) => !running.has(name));
  const known = good.filter(({ name }) => running.has(name));
  const mustRestart = (config: JailConfig): boolean => options.restart || running.get(config.name)?.backend !== config.backend;
  const gone = [...running.keys()].filter(
    (name) => !wanted.jails.has(name) && !wanted.broken.has(name) && (only === null || name === only),
  );
  return {
    start: isNew,
    change: known.filter((config) => !mustRestart(config)),
    restart: known.filter(mustRestart),
    stop: gone,
    keep: [...running.keys()].filter((name) => wanted.broken.has(name) && (only === null || name === only)),
  };
}

/**
 * Which jails are broken, and all that is wrong: what is known already, the mistakes in their configurations, and what a check finds.
 * @param known mistakes in the stream of commands
 */
export function judgeJails(
  jails: Iterable<JailConfig>,
  known: readonly Problem[],
  check: (config: JailConfig) => readonly Problem[],
): { readonly broken: ReadonlySet<string>; readonly problems: readonly Problem[] } {
  const broken = new Set(known.flatMap(jailsOf));
  const problems = [...known];
  for (const config of jails) {
    const errors = [...config.problems.filter(({ severity }) => severity === 'error'), ...check(config)];
    if (errors.length > 0) broken.add(config.name);
    problems.push(...errors);
  }
  return { broken, problems };
}
