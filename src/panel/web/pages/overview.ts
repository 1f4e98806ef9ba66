/** The first page: how many are banned, what happened in the last 24 hours, and what happened just now. It shows the history even when the engine is silent. */
import { AppError } from '../../../base/errors';
import type { JailStatus } from '../../../model/status';
import type { HistoryEvent } from '../../history/history';
import { type AllJails, allJails, countBroken } from '../../control/all-jails';
import { drawChart } from '../chart';
import type { PageAnswer, PageRequest, PageWorld } from '../page';
import { get, type Route } from '../route';

const HOUR = 3600;
const RECENT = 20;
const TOP = 6;

const EVENT_TONES: Readonly<Record<HistoryEvent['kind'], string>> = {
  found: 'warning',
  ban: 'danger',
  'restore-ban': 'danger',
  unban: 'success',
  ignore: 'inactive',
  'already-banned': 'inactive',
};

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

/** The jails that hold most, with the share of the largest in steps of 5 per cent (widths are classes: no inline style). */
function topOf(jails: readonly JailStatus[]): readonly object[] {
  const busy = jails
    .filter((jail) => jail.currentlyBanned > 0)
    .sort((a, b) => b.currentlyBanned - a.currentlyBanned || (a.name < b.name ? -1 : 1));
  const most = busy[0]?.currentlyBanned ?? 1;
  return busy.slice(0, TOP).map((jail) => ({
    name: jail.name,
    banned: jail.currentlyBanned,
    width: Math.max(1, Math.round((jail.currentlyBanned / most) * 20)) * 5,
  }));
}

export async function showOverview(_request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const now = world.clock.now();
  const from = Math.floor(now / HOUR) * HOUR - 23 * HOUR;
  const [all, hours, events] = await Promise.all([jailsOf(world), world.history.perHour(from, now), world.history.recent(RECENT)]);
  const failures = drawChart(hours.map((hour) => ({ hour: hour.hour, count: hour.failures })));
  const bans = drawChart(hours.map((hour) => ({ hour: hour.hour, count: hour.bans })));
  const data = {
    summary: summaryOf(all),
    top: topOf(all?.jails ?? []),
    charts: [
      { name: 'failures', label: 'overview.chart.failures', ...failures },
      { name: 'bans', label: 'overview.chart.bans', ...bans },
    ],
    failures,
    bans,
    hours: hours.filter((hour) => hour.failures > 0 || hour.bans > 0),
    events: events.map((event) => ({ ...event, ago: Math.max(0, now - event.time), tone: EVENT_TONES[event.kind] })),
  };
  return { kind: 'page', view: 'overview', title: 'overview.title', data };
}

export const routes: readonly Route[] = [get('/', 'overview', showOverview)];
