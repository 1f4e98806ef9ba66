/** Settings: detection on and off, what holds for all jails, how long history is kept, which engine runs; and the way to states, tokens, import and export. */
import { AppError, messageOf } from '../../../base/errors';
import { applyEdits } from '../acts/edits';
import { MAX_RETENTION } from '../../history/retention';
import { keepHistory, keptDays, setRunning, switchEngine } from '../acts/settings';
import { askFirst, isConfirmed } from '../confirm';
import { editedNotice, problemsByField } from '../edit-flow';
import { HttpError } from '../error-page';
import type { HtmlAnswer, PageAnswer, PageRequest, PageWorld } from '../page';
import { get, post, type Route } from '../route';
import { SETTING_NAMES, settingData, settingEdits } from '../settings-form';

interface Complaints {
  /** The days of the history are none. */
  readonly days?: true;
  readonly fields: Readonly<Record<string, string>>;
  readonly others: readonly string[];
}

async function views(world: PageWorld): Promise<Parameters<typeof settingEdits>[0]> {
  const [defaults, server] = await Promise.all([world.configuration.defaults(), world.configuration.server()]);
  return { defaults, server };
}

async function settingsPage(request: PageRequest, world: PageWorld, wrong: Complaints): Promise<HtmlAnswer> {
  const [found, daemon, days, extent] = await Promise.all([views(world), world.daemon.state(), keptDays(world), world.history.extent()]);
  const badSettings = Object.keys(wrong.fields).length + wrong.others.length > 0;
  const bad = badSettings || wrong.days === true;
  const data = {
    fields: settingData(found, request.form, wrong.fields),
    problems: wrong.others,
    wrong: badSettings,
    forever: found.defaults.some(({ name, value }) => name === 'bantime' && value === '-1'),
    daemon,
    other: daemon.engine === 'bailiff' ? 'fail2ban' : 'bailiff',
    days: wrong.days === true ? request.form.get('days') : days,
    daysWrong: wrong.days === true,
    mostDays: MAX_RETENTION,
    extent,
  };
  return { kind: 'page', status: bad ? 422 : 200, view: 'settings', title: 'settings.title', data };
}

export function showSettings(request: PageRequest, world: PageWorld): Promise<HtmlAnswer> {
  return settingsPage(request, world, { fields: {}, others: [] });
}

/** Saves what holds for all jails. A ban for ever asks first. */
export async function saveSettings(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const { form } = request;
  const edits = settingEdits(await views(world), form);
  if (edits.length === 0) return { kind: 'redirect', to: '/settings', notice: { tone: 'info', text: 'jail.unchanged' } };
  const forever = edits.some((edit) => edit.kind === 'defaults' && edit.options['bantime']?.trim() === '-1');
  if (forever && !isConfirmed(form))
    return askFirst({ action: '/settings', form, question: 'settings.foreverAsk', back: '/settings', danger: true });
  const applied = await applyEdits(world, { who: request.user, client: request.client }, edits, {
    action: 'settings.edit',
    subject: 'settings',
  });
  if (!applied.ok) {
    const { fields, others } = problemsByField(applied.problems, SETTING_NAMES);
    return settingsPage(request, world, { fields, others: [...(applied.message === null ? [] : [applied.message]), ...others] });
  }
  return { kind: 'redirect', to: '/settings', notice: editedNotice(applied, 'settings.saved', {}) };
}

export async function saveRetention(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const days = Number(request.form.get('days'));
  if (!Number.isInteger(days) || days < 1 || days > MAX_RETENTION)
    return settingsPage(request, world, { fields: {}, others: [], days: true });
  await keepHistory(world, { who: request.user, client: request.client }, days);
  return { kind: 'redirect', to: '/settings', notice: { tone: 'success', text: 'settings.daysSaved', params: { days } } };
}

/** Switches intrusion detection on or off. */
export async function setDetection(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const wanted = request.form.get('detection');
  if (wanted !== 'on' && wanted !== 'off') throw new HttpError(422, 'error.400');
  const on = wanted === 'on';
  if (!on && !isConfirmed(request.form))
    return askFirst({ action: '/settings/detection', form: request.form, question: 'settings.stopAsk', back: '/settings', danger: true });
  try {
    await setRunning(world, { who: request.user, client: request.client }, on);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return {
      kind: 'redirect',
      to: '/settings',
      notice: { tone: 'danger', text: on ? 'settings.notStarted' : 'settings.notStopped', lines: [messageOf(error)] },
    };
  }
  return { kind: 'redirect', to: '/settings', notice: { tone: 'success', text: on ? 'settings.started' : 'settings.stopped' } };
}

/** Hands the server over to the other engine, with its bans. */
export async function changeEngine(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const wanted = request.form.get('engine');
  if (wanted !== 'bailiff' && wanted !== 'fail2ban') throw new HttpError(422, 'error.400');
  if (!isConfirmed(request.form)) {
    const question = wanted === 'bailiff' ? 'settings.toBailiffAsk' : 'settings.toStockAsk';
    return askFirst({ action: '/settings/engine', form: request.form, question, back: '/settings' });
  }
  const outcome = await switchEngine(world, { who: request.user, client: request.client }, wanted);
  const lines = outcome.message === '' ? [] : [outcome.message];
  const notice = outcome.ok
    ? ({ tone: 'success', text: 'settings.switched', params: { count: outcome.bans }, lines } as const)
    : ({ tone: 'danger', text: 'settings.notSwitched', lines } as const);
  return { kind: 'redirect', to: '/settings', notice };
}

export const routes: readonly Route[] = [
  get('/settings', 'settings', showSettings),
  post('/settings', 'settings', saveSettings),
  post('/settings/retention', 'settings', saveRetention),
  post('/settings/detection', 'settings', setDetection),
  post('/settings/engine', 'settings', changeEngine),
];
