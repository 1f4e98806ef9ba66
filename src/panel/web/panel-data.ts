/** What the panel's hooks ask for, as JSON: numbers for the home page, news for notifications, changes for its action log; and that new domains have logs. Reached through the panel's signed door only. */
import { Router } from 'express';
import { AppError } from '../../base/errors';
import { jailsOf, type Problem } from '../../model/problem';
import { allJails, countBroken } from '../control/all-jails';
import type { AuditEntry } from '../history/notebook';
import { HttpError } from './error-page';
import type { PageWorld } from './page';

const DAY = 86400;
/** So many of one kind of news are told; a flood is no news. */
const MOST_NEWS = 20;
/** Of one answer; the rest comes with the next. */
const MOST_CHANGES = 500;

export interface Summary {
  /** Null while no engine answers. */
  readonly engine: { readonly name: 'bailiff' | 'fail2ban'; readonly version: string } | null;
  readonly banned: number;
  /** Mistakes that keep something from running. */
  readonly broken: number;
  /** Of the last 24 hours, by hour, oldest first. */
  readonly hours: readonly { readonly hour: number; readonly bans: number }[];
}

export interface News {
  /** When this was asked, seconds since the epoch: `since` of the next time. */
  readonly now: number;
  readonly answers: boolean;
  /** Bans without an end that began since the last time. */
  readonly permanent: readonly { readonly jail: string; readonly id: string }[];
  /** `jail` is empty for what is wrong with the configuration as a whole. */
  readonly unhealthy: readonly { readonly jail: string; readonly reason: string }[];
}

export interface Changes {
  /** Id of the newest entry that the panel has now. */
  readonly last: number;
  /** Oldest first. */
  readonly entries: readonly AuditEntry[];
}

/** Null when no server answers; our own mistakes are thrown. */
async function unlessSilent<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

export async function summary(world: PageWorld): Promise<Summary> {
  const now = world.clock.now();
  const counts = await world.history.perHour(now - DAY, now);
  const hours = counts.slice(-24).map(({ hour, bans }) => ({ hour, bans }));
  const asked = await unlessSilent(() => Promise.all([world.control.info(), allJails(world.control)]));
  if (asked === null) return { engine: null, banned: 0, broken: 0, hours };
  const [info, all] = asked;
  const banned = all.jails.reduce((sum, jail) => sum + jail.currentlyBanned, 0);
  return { engine: { name: info.engine, version: info.version }, banned, broken: countBroken(all), hours };
}

function worstOf(problems: readonly Problem[]): Problem | undefined {
  return problems.find((problem) => problem.severity === 'error');
}

/** @param since seconds since the epoch */
export async function news(world: PageWorld, since: number): Promise<News> {
  const now = world.clock.now();
  const { control } = world;
  const asked = await unlessSilent(() => Promise.all([control.banned(), control.health(null), control.problems()]));
  if (asked === null) return { now, answers: false, permanent: [], unhealthy: [] };
  const [bans, health, problems] = asked;
  const permanent = bans
    .filter((ban) => ban.bantime === -1 && ban.time >= since && ban.time < now)
    .slice(0, MOST_NEWS)
    .map(({ jail, id }) => ({ jail, id }));
  const unhealthy = new Map<string, string>();
  for (const problem of problems.filter(({ severity }) => severity === 'error')) {
    const jails = jailsOf(problem);
    for (const jail of jails.length === 0 ? [''] : jails) unhealthy.set(jail, problem.message);
  }
  for (const jail of health.available ? health.value : []) {
    const error = jail.lastActionError !== null && jail.lastActionError.time >= since ? jail.lastActionError.message : undefined;
    const reason = worstOf(jail.problems)?.message ?? error;
    if (reason !== undefined) unhealthy.set(jail.jail, reason);
  }
  return { now, answers: true, permanent, unhealthy: [...unhealthy].slice(0, MOST_NEWS).map(([jail, reason]) => ({ jail, reason })) };
}

/** What was changed since an entry of the audit log that the panel has; without one, only where the log stands. */
export async function changes(world: PageWorld, after: number | null): Promise<Changes> {
  if (after === null) {
    const { entries } = await world.notebook.auditList({ limit: 1 });
    return { last: entries[0]?.id ?? 0, entries: [] };
  }
  const entries = await world.notebook.auditAfter(after, MOST_CHANGES);
  return { last: entries.at(-1)?.id ?? after, entries };
}

export function panelData(world: PageWorld): Router {
  const router = Router();
  router.get('/summary', async (_req, res) => void res.set('Cache-Control', 'no-store').json(await summary(world)));
  router.get('/news', async (req, res) => {
    const since = Number(req.query['since']);
    res.set('Cache-Control', 'no-store').json(await news(world, Number.isFinite(since) ? since : world.clock.now()));
  });
  router.get('/audit', async (req, res) => {
    const after = req.query['after'] === undefined ? null : Number(req.query['after']);
    if (after !== null && !Number.isSafeInteger(after)) throw new HttpError(400, 'error.400');
    res.set('Cache-Control', 'no-store').json(await changes(world, after));
  });
  // Changes nothing of the administrator's: the server looks once more for what its files name.
  router.post('/logs', (_req, res) => {
    world.newLogs.look();
    res.status(202).end();
  });
  return router;
}
