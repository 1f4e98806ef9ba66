/** One jail: a form with every setting that a person uses and what it inherits, whom it bans, its chart, its raw text, and whom an edit would have banned. */
import { AppError } from '../../../base/errors';
import { formatProblem } from '../../../model/problem';
import type { JailStatus } from '../../../model/status';
import type { JailView } from '../../control/editor/configuration';
import type { Edit } from '../../control/editor/editor';
import { applyEdits } from '../acts/edits';
import { isConfirmed } from '../confirm';
import { complaintsOf, editedNotice, problemsByField, showPlan, STAMP } from '../edit-flow';
import { HttpError } from '../error-page';
import type { Form } from '../form';
import { editsOf, fieldData, JAIL_FIELD_NAMES, newOptions, typed } from '../jail-form';
import type { MessageKey } from '../messages';
import { NEW_NAME } from '../new-name';
import type { HtmlAnswer, PageAnswer, PageRequest, PageWorld } from '../page';
import { PERIODS, periodOf } from '../periods';
import { get, post, type Route } from '../route';
import { drawStack } from '../stack';

const BANNED_SHOWN = 10;
/** Of the form, and the marker that says that they were sent. */
const BOXES = ['switches', 'enabled', 'observing'];

function pathOf(name: string): string {
  return `/jails/${encodeURIComponent(name)}`;
}

async function jailOf(request: PageRequest, world: PageWorld): Promise<JailView> {
  const jail = await world.configuration.jail(request.params['name'] ?? '');
  if (jail === null) throw new HttpError(404, 'error.404');
  return jail;
}

async function statusOf(world: PageWorld, name: string): Promise<JailStatus | null> {
  try {
    return (await world.control.jails()).includes(name) ? await world.control.status(name, 'counts') : null;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

interface Complaints {
  readonly fields: Readonly<Record<string, string>>;
  readonly others: readonly string[];
}

const NO_COMPLAINTS: Complaints = { fields: {}, others: [] };

async function formPage(request: PageRequest, world: PageWorld, jail: JailView, complaints: Complaints): Promise<HtmlAnswer> {
  const period = periodOf(request.query, world.clock.now());
  const filter = { search: '', jail: jail.name, country: null, sort: 'since', descending: true, page: 1, pageSize: BANNED_SHOWN } as const;
  const [status, banned, counts, templates, filters] = await Promise.all([
    statusOf(world, jail.name),
    world.board.list(filter).catch(() => null),
    world.history.counts({ from: period.from, to: period.to, step: period.step, by: 'jail' }),
    world.configuration.actionTemplates(jail.name),
    world.configuration.filters(),
  ]);
  const rows = counts
    .filter(({ key }) => key === jail.name)
    .flatMap(({ start, failures, bans }) => [
      { start, key: 'failures', count: failures },
      { start, key: 'bans', count: bans },
    ]);
  const fields = fieldData(jail, request.form, complaints.fields);
  const wrong = Object.keys(complaints.fields).length + complaints.others.length > 0;
  const data = {
    jail: { ...jail, ...boxesOf(jail, request.form), filterName: jail.filter.replace(/\[.*$/s, '') },
    path: pathOf(jail.name),
    status,
    banned,
    groups: (['what', 'when', 'repeat', 'more'] as const).map((group) => ({
      group,
      open: group !== 'more',
      fields: fields.filter((field) => field.group === group),
    })),
    templates,
    filters: filters.map(({ name }) => name),
    problems: complaints.others,
    wrong,
    told: jail.problems.map(formatProblem),
    period: period.name,
    periods: PERIODS,
    chart: { stack: drawStack({ rows, starts: period.starts, series: 2 }), daily: period.step === 'day', marks: period.marks },
  };
  return { kind: 'page', status: wrong ? 422 : 200, view: 'jail', title: 'jail.title', heading: jail.name, data };
}

export async function showJail(request: PageRequest, world: PageWorld): Promise<HtmlAnswer> {
  return formPage(request, world, await jailOf(request, world), NO_COMPLAINTS);
}

/** The form with the text of a chosen action put under what stands in its area. */
async function withAction(request: PageRequest, world: PageWorld, jail: JailView): Promise<HtmlAnswer> {
  const template = (await world.configuration.actionTemplates(jail.name)).find(({ name }) => name === request.form.get('template'));
  const before = typed(request.form, 'action');
  const text = template === undefined ? before : [before, template.text].filter((line) => line !== '').join('\n');
  return formPage({ ...request, form: request.form.with('action', text) }, world, jail, NO_COMPLAINTS);
}

/** Saves the form: what was typed is checked, written and loaded; what is wrong stands beside its field. */
export async function saveJail(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const jail = await jailOf(request, world);
  const { form } = request;
  if (form.has('add-action')) return withAction(request, world, jail);
  const options = editsOf(jail, form);
  const edits: readonly Edit[] = [
    ...(Object.keys(options).length > 0 ? [{ kind: 'jail', jail: jail.name, options } as const] : []),
    ...switches(world, jail, form),
  ];
  if (form.has('preview')) return previewPage(request, world, jail, edits);
  if (edits.length === 0) return { kind: 'redirect', to: pathOf(jail.name), notice: { tone: 'info', text: 'jail.unchanged' } };
  const applied = await applyEdits(world, { who: request.user, client: request.client }, edits, {
    action: 'jail.edit',
    subject: jail.name,
  });
  if (!applied.ok) return formPage(request, world, jail, complaints(applied));
  return { kind: 'redirect', to: pathOf(jail.name), notice: editedNotice(applied, 'jail.saved', { jail: jail.name }) };
}

function complaints(applied: Parameters<typeof complaintsOf>[0]): Complaints {
  const { fields, others } = problemsByField(applied.problems, JAIL_FIELD_NAMES);
  return { fields, others: [...(applied.message === null ? [] : [applied.message]), ...others] };
}

/** The boxes as they were sent, or as the jail is. */
function boxesOf(jail: JailView, form: Form): { readonly enabled: boolean; readonly observing: boolean } {
  if (!form.has('switches')) return { enabled: jail.enabled, observing: jail.observing };
  return { enabled: form.get('enabled') === 'yes', observing: form.get('observing') === 'yes' };
}

/** On or off, and whether it only observes: check boxes that are sent with a marker, because an empty box is not sent. */
function switches(world: PageWorld, jail: JailView, form: Form): readonly Edit[] {
  const { enabled, observing } = boxesOf(jail, form);
  return [
    ...(enabled === jail.enabled ? [] : [{ kind: 'jail', jail: jail.name, options: { enabled: String(enabled) } } as const]),
    ...(observing === jail.observing ? [] : world.editor.observe(jail.name, observing)),
  ];
}

/** Whom the jail would have banned in the last hours, with what was typed and not saved. */
async function previewPage(request: PageRequest, world: PageWorld, jail: JailView, edits: readonly Edit[]): Promise<HtmlAnswer> {
  const plan = await world.editor.plan(edits);
  if (plan.problems.some(({ severity }) => severity === 'error'))
    return formPage(request, world, jail, problemsByField(plan.problems, JAIL_FIELD_NAMES));
  const hours = Math.min(168, Math.max(1, Math.round(Number(request.form.get('hours')) || 24)));
  const overlay = await world.editor.overlay(edits);
  try {
    const result = await world.tester.previewJail({ confdir: overlay.confdir, jail: jail.name, since: hours * 3600 });
    const fields = [...JAIL_FIELD_NAMES, ...BOXES]
      .filter((name) => request.form.has(name))
      .map((name) => ({ name, value: typed(request.form, name) }));
    return {
      kind: 'page',
      view: 'preview',
      title: 'preview.title',
      heading: jail.name,
      data: { jail: jail.name, path: pathOf(jail.name), hours, result, fields, edited: edits.length > 0 },
    };
  } finally {
    await overlay.done();
  }
}

export async function showRaw(request: PageRequest, world: PageWorld): Promise<HtmlAnswer> {
  return rawPage(await jailOf(request, world), null, []);
}

function rawPage(jail: JailView, text: string | null, problems: readonly string[]): HtmlAnswer {
  const status = problems.length > 0 ? 422 : 200;
  return {
    kind: 'page',
    status,
    view: 'jail-raw',
    title: 'jail.raw',
    heading: jail.name,
    data: { name: jail.name, path: pathOf(jail.name), text: text ?? jail.raw, problems },
  };
}

/** Shows what an edited text changes, then saves it. */
export async function saveRaw(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const jail = await jailOf(request, world);
  const { form } = request;
  const text = form.get('text').replace(/\r\n?/g, '\n');
  const edits = [{ kind: 'raw-jail', jail: jail.name, text } as const];
  const action = `${pathOf(jail.name)}/raw`;
  if (!isConfirmed(form)) {
    const plan = await world.editor.plan(edits);
    const { others } = problemsByField(plan.problems, []);
    if (others.length > 0) return rawPage(jail, text, others);
    return showPlan({ plan, form, action, back: pathOf(jail.name), question: 'plan.jail', params: { jail: jail.name } });
  }
  const deed = { action: 'jail.edit', subject: jail.name, stamp: form.get(STAMP) };
  const applied = await applyEdits(world, { who: request.user, client: request.client }, edits, deed);
  if (!applied.ok) return rawPage(jail, text, complaintsOf(applied));
  return { kind: 'redirect', to: pathOf(jail.name), notice: editedNotice(applied, 'jail.saved', { jail: jail.name }) };
}

async function newPage(
  request: PageRequest,
  world: PageWorld,
  wrong: Complaints,
  nameProblem: MessageKey | null = null,
): Promise<HtmlAnswer> {
  const { form, query } = request;
  const copied = query.has('copy') ? await world.configuration.jail(query.get('copy')) : null;
  const [templates, filters] = await Promise.all([
    world.configuration.actionTemplates(form.get('name') || 'NAME'),
    world.configuration.filters(),
  ]);
  const source =
    copied === null
      ? form
      : form.withAll(
          Object.fromEntries(
            copied.options
              .filter(({ value, name }) => value !== null && JAIL_FIELD_NAMES.includes(name))
              .map(({ name, value }) => [name, value ?? '']),
          ),
        );
  const fields = fieldData(null, source, wrong.fields);
  const bad = nameProblem !== null || Object.keys(wrong.fields).length + wrong.others.length > 0;
  const data = {
    name: form.get('name'),
    enabled: !form.has('name') || form.get('enabled') === 'yes',
    groups: (['what', 'when', 'repeat', 'more'] as const).map((group) => ({
      group,
      open: group === 'what' || group === 'when',
      fields: fields.filter((field) => field.group === group),
    })),
    templates,
    filters: filters.map(({ name }) => name),
    problems: wrong.others,
    nameProblem,
  };
  return { kind: 'page', status: bad ? 422 : 200, view: 'jail-new', title: 'jail.new', data };
}

export function showNew(request: PageRequest, world: PageWorld): Promise<HtmlAnswer> {
  return newPage(request, world, NO_COMPLAINTS);
}

export async function addJail(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const { form } = request;
  const name = form.get('name').trim();
  if (form.has('add-action')) {
    const template = (await world.configuration.actionTemplates(name || 'NAME')).find((one) => one.name === form.get('template'));
    const text = [typed(form, 'action'), template?.text ?? ''].filter((line) => line !== '').join('\n');
    return newPage({ ...request, form: form.with('action', text) }, world, NO_COMPLAINTS);
  }
  if (!NEW_NAME.test(name)) return newPage(request, world, NO_COMPLAINTS, 'definition.nameWrong');
  if ((await world.configuration.jail(name)) !== null) return newPage(request, world, NO_COMPLAINTS, 'definition.nameTaken');
  const options = { enabled: form.get('enabled') === 'yes' ? 'true' : 'false', ...newOptions(form) };
  const deed = { action: 'jail.add', subject: name };
  const applied = await applyEdits(world, { who: request.user, client: request.client }, [{ kind: 'add-jail', jail: name, options }], deed);
  if (!applied.ok) return newPage(request, world, complaints(applied));
  return { kind: 'redirect', to: pathOf(name), notice: editedNotice(applied, 'jail.added', { jail: name }) };
}

export const routes: readonly Route[] = [
  get('/jails/new', 'jail', showNew),
  post('/jails/new', 'jail', addJail),
  get('/jails/:name', 'jail', showJail),
  post('/jails/:name', 'jail', saveJail),
  get('/jails/:name/raw', 'jail', showRaw),
  post('/jails/:name/raw', 'jail', saveRaw),
];
