/** The first page: what runs, how many are banned, what happened over time, who is at the top, and what is not well. It shows the history even when the engine is silent. */
import { AppError } from '../../../base/errors';
import { formatProblem } from '../../../model/problem';
import { type AllJails, allJails, countBroken } from '../../control/all-jails';
import type { CountRow, TopRow } from '../../history/questions';
import { eventTone } from '../event-tone';
import type { PageAnswer, PageRequest, PageWorld } from '../page';
import { type Period, PERIODS, periodOf } from '../periods';
import { get, type Route } from '../route';
import { drawStack } from '../stack';

const HOUR = 3600;
const DAY = 24 * HOUR;
const RECENT = 15;
const TOP = 6;
/** Colours of a chart. */
const SERIES = 7;

/** Null while the engine does not answer. */
async function jailsOf(world: PageWorld): Promise<AllJails | null> {
  try {
    return await allJails(world.control);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

function summaryOf(all: AllJails | null): object {
  if (all === null) return { known: false };
  return {
    known: true,
    jails: all.jails.length,
    broken: countBroken(all),
    banned: all.jails.reduce((sum, jail) => sum + jail.currentlyBanned, 0),
    banning: all.jails.filter((jail) => jail.currentlyBanned > 0).length,
  };
}

/** Rows with the share of the largest in steps of 5 per cent (widths are classes: no inline style). */
function ranksOf(rows: readonly TopRow[]): readonly (TopRow & { readonly width: number })[] {
  const most = rows[0]?.bans ?? 0;
  return rows
    .filter((row) => row.bans > 0)
    .map((row) => ({ ...row, width: Math.max(1, Math.round((row.bans / Math.max(1, most)) * 20)) * 5 }));
}

function chartOf(rows: readonly CountRow[], what: 'bans' | 'failures', period: Period): object {
  const inputs = rows.map((row) => ({ start: row.start, key: row.key, count: row[what] }));
  return {
    name: what,
    stack: drawStack({ rows: inputs, starts: period.starts, series: SERIES }),
    daily: period.step === 'day',
    marks: period.marks,
  };
}

function sumsOf(rows: readonly CountRow[], from: number): { readonly bans: number; readonly failures: number } {
  const late = rows.filter((row) => row.start >= from);
  return { bans: late.reduce((sum, row) => sum + row.bans, 0), failures: late.reduce((sum, row) => sum + row.failures, 0) };
}

/** The columns that are not empty, newest first. */
function numbersOf(rows: readonly CountRow[], period: Period): readonly object[] {
  const columns = new Map(period.starts.map((start) => [start, { start, bans: 0, failures: 0 }]));
  for (const { start, bans, failures } of rows) {
    const column = columns.get(start);
    if (column === undefined) continue;
    column.bans += bans;
    column.failures += failures;
  }
  return [...columns.values()].reverse().filter(({ bans, failures }) => bans + failures > 0);
}

export async function showOverview(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const now = world.clock.now();
  const period = periodOf(request.query, now);
  const { from, to, step } = period;
  const { history, geo } = world;
  const top = (of: 'address' | 'jail' | 'country' | 'network'): Promise<readonly TopRow[]> =>
    history.top({ from, to, of, by: 'bans', limit: TOP });
  const dayAgo = Math.floor(now / HOUR) * HOUR - DAY + HOUR;
  const [all, rows, lastDay, jails, addresses, countries, networks, events, health, daemon, trusted] = await Promise.all([
    jailsOf(world),
    history.counts({ from, to, step, by: 'jail' }),
    history.counts({ from: dayAgo, to: now, step: 'hour', by: null }),
    top('jail'),
    top('address'),
    top('country'),
    top('network'),
    history.recent(RECENT),
    world.health(),
    world.daemon.state(),
    world.trusted.isTrusted(request.client),
  ]);
  const thisHour = Math.floor(now / HOUR) * HOUR;
  const data = {
    summary: summaryOf(all),
    hour: sumsOf(lastDay, thisHour),
    day: sumsOf(lastDay, dayAgo),
    period: period.name,
    periods: PERIODS,
    charts: [chartOf(rows, 'bans', period), chartOf(rows, 'failures', period)],
    numbers: numbersOf(rows, period),
    daily: period.step === 'day',
    ranks: [
      { of: 'jail', rows: ranksOf(jails) },
      { of: 'address', rows: ranksOf(addresses) },
      { of: 'country', rows: ranksOf(countries) },
      { of: 'network', rows: ranksOf(networks).map((row) => ({ ...row, name: row.key === '' ? null : geo.networkName(Number(row.key)) })) },
    ],
    health,
    daemon,
    client: trusted ? null : request.client,
    problems: all?.otherProblems.map(formatProblem) ?? [],
    events: events.map((event) => ({ ...event, ago: Math.max(0, now - event.time), tone: eventTone(event.kind) })),
    attribution: geo.attribution,
  };
  return { kind: 'page', view: 'overview', title: 'overview.title', data };
}

export const routes: readonly Route[] = [get('/', 'overview', showOverview)];
