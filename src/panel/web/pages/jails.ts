/** The page of jails: which are on, which run, what they watch, how much they caught; switched on and off one by one or many, added and removed. */
import { AppError } from '../../../base/errors';
import { formatProblem } from '../../../model/problem';
import type { JailHealth } from '../../../model/health';
import type { JailStatus } from '../../../model/status';
import type { JailView } from '../../control/editor/configuration';
import { allJails } from '../../control/all-jails';
import type { HealthNotice } from '../../control/health/health';
import { applyEdits, switchJails } from '../acts/edits';
import { askFirst, isConfirmed } from '../confirm';
import { complaintsOf, editedNotice } from '../edit-flow';
import type { HtmlAnswer, PageAnswer, PageRequest, PageWorld } from '../page';
import { get, post, type Route } from '../route';

const LOGS_SHOWN = 2;

interface Running {
  readonly statuses: ReadonlyMap<string, JailStatus>;
  readonly health: ReadonlyMap<string, JailHealth>;
  /** Mistakes that no jail tells. */
  readonly problems: readonly string[];
}

/** When jails last found a failure, as the history knows it. */
async function lastMatches(world: PageWorld): Promise<ReadonlyMap<string, number>> {
  try {
    return await world.history.lastMatches();
  } catch (error) {
    // Jails are steered without it.
    if (error instanceof AppError) return new Map();
    throw error;
  }
}

/** Null while the server does not answer: the configuration is shown all the same. */
async function runningOf(world: PageWorld): Promise<Running | null> {
  try {
    const [all, health] = await Promise.all([allJails(world.control), world.control.health(null)]);
    return {
      statuses: new Map(all.jails.map((jail) => [jail.name, jail])),
      health: new Map(health.available ? health.value.map((one) => [one.jail, one]) : []),
      problems: all.otherProblems.map(formatProblem),
    };
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

function stateOf(jail: JailView, running: Running | null): { readonly tone: string; readonly text: string } {
  const status = running?.statuses.get(jail.name);
  const problems = [...jail.problems, ...(status?.problems ?? [])];
  if (status === undefined) {
    if (!jail.enabled) return { tone: 'inactive', text: 'jails.off' };
    return running === null ? { tone: 'inactive', text: 'jails.unknown' } : { tone: 'danger', text: 'jails.broken' };
  }
  if (problems.some(({ severity }) => severity === 'error')) return { tone: 'danger', text: 'jails.broken' };
  if (jail.observing) return { tone: 'warning', text: 'jails.observing' };
  return problems.length > 0 ? { tone: 'warning', text: 'jails.warned' } : { tone: 'success', text: 'jails.active' };
}

interface Seen {
  readonly lastMatch: number | null;
  readonly notices: readonly HealthNotice[];
}

function rowOf(jail: JailView, running: Running | null, seen: Seen): object {
  const status = running?.statuses.get(jail.name);
  const problems = [...new Set([...jail.problems, ...(status?.problems ?? [])].map(formatProblem))];
  return {
    name: jail.name,
    enabled: jail.enabled,
    own: jail.origin === 'own',
    edited: jail.edited,
    state: stateOf(jail, running),
    problems: jail.enabled ? problems : [],
    filter: jail.filter,
    actions: jail.actions,
    logs: jail.logs.slice(0, LOGS_SHOWN),
    logsMore: Math.max(0, jail.logs.length - LOGS_SHOWN),
    status: status ?? null,
    lastLine: running?.health.get(jail.name)?.lastLine ?? null,
    lastMatch: seen.lastMatch,
    notices: seen.notices,
  };
}

export async function showJails(request: PageRequest, world: PageWorld): Promise<HtmlAnswer> {
  const show = request.query.get('show');
  const [jails, running, notices, matches] = await Promise.all([
    world.configuration.jails(),
    runningOf(world),
    world.health(),
    lastMatches(world),
  ]);
  const shown =
    show === 'all' ? jails : jails.filter((jail) => jail.enabled || jail.origin === 'own' || jail.logs.some((log) => log.files > 0));
  const rows = shown.map((jail) => {
    const seen = { lastMatch: matches.get(jail.name) ?? null, notices: notices.filter((notice) => notice.jail === jail.name) };
    return rowOf(jail, running, seen);
  });
  const data = {
    rows,
    hidden: jails.length - shown.length,
    all: show === 'all',
    silent: running === null,
    problems: running?.problems ?? [],
  };
  return { kind: 'page', view: 'jails', title: 'jails.title', data };
}

/** Switches marked jails, or one, on or off. */
export async function switchOver(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const { form } = request;
  const on = form.has('on');
  const one = form.get(on ? 'on' : 'off');
  const names = one === 'marked' ? form.all('jail') : [one];
  if (names.length === 0 || names[0] === '') return { kind: 'redirect', to: '/jails', notice: { tone: 'info', text: 'jails.noneMarked' } };
  const results = await switchJails(world, { who: request.user, client: request.client }, names.slice(0, 1000), on);
  const failed = results.filter(({ ok }) => !ok);
  const done = results.length - failed.length;
  const lines = failed.map(({ jail, message, problems }) => [`${jail}: ${message ?? ''}`, ...problems.map(formatProblem)].join(' '));
  const tone = failed.length === 0 ? 'success' : done === 0 ? 'danger' : 'warning';
  const params = { count: done, failed: failed.length };
  return { kind: 'redirect', to: '/jails', notice: { tone, text: on ? 'jails.switchedOn' : 'jails.switchedOff', params, lines } };
}

/** Removes an own jail, or takes all our changes of a shipped one away. */
export async function remove(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const { form } = request;
  const jail = await world.configuration.jail(form.get('jail'));
  if (jail === null) return { kind: 'redirect', to: '/jails', notice: { tone: 'info', text: 'jails.gone' } };
  const own = jail.origin === 'own';
  if (!isConfirmed(form)) {
    const question = own ? 'jails.removeAsk' : 'jails.resetAsk';
    return askFirst({
      action: '/jails/remove',
      form,
      question,
      params: { jail: jail.name },
      back: `/jails/${encodeURIComponent(jail.name)}`,
      danger: own,
    });
  }
  const edit = own ? ({ kind: 'remove-jail', jail: jail.name } as const) : ({ kind: 'reset-jail', jail: jail.name } as const);
  const deed = { action: own ? 'jail.remove' : 'jail.reset', subject: jail.name };
  const applied = await applyEdits(world, { who: request.user, client: request.client }, [edit], deed);
  if (!applied.ok)
    return {
      kind: 'redirect',
      to: '/jails',
      notice: { tone: 'danger', text: 'jails.notRemoved', params: { jail: jail.name }, lines: complaintsOf(applied) },
    };
  return { kind: 'redirect', to: '/jails', notice: editedNotice(applied, own ? 'jails.removed' : 'jails.wasReset', { jail: jail.name }) };
}

export const routes: readonly Route[] = [
  get('/jails', 'jails', showJails),
  post('/jails/switch', 'jails', switchOver),
  post('/jails/remove', 'jails', remove),
];
