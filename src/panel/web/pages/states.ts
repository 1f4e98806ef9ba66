/** The last states of the configuration: compared with one another, restored; all of it taken away as a file and brought back. */
import { z } from 'zod';
import { applyEdits } from '../acts/edits';
import { isConfirmed } from '../confirm';
import { complaintsOf, editedNotice, shortDiff, showPlan, STAMP } from '../edit-flow';
import { HttpError } from '../error-page';
import type { MessageKey } from '../messages';
import type { DownloadAnswer, HtmlAnswer, PageAnswer, PageRequest, PageWorld } from '../page';
import { get, post, type Route } from '../route';

/** The form of an exported file. */
const Exported = z.object({
  bailiff: z.literal('configuration'),
  version: z.literal(1),
  files: z.record(z.string().max(200), z.string().max(1_000_000)),
});

export async function showStates(_request: PageRequest, world: PageWorld): Promise<HtmlAnswer> {
  return { kind: 'page', view: 'states', title: 'states.title', data: { states: await world.editor.states() } };
}

export async function showState(request: PageRequest, world: PageWorld): Promise<HtmlAnswer> {
  const states = await world.editor.states();
  const state = states.find(({ id }) => id === request.params['id']);
  if (state === undefined) throw new HttpError(404, 'error.404');
  const other = states.find(({ id }) => id === request.query.get('to')) ?? null;
  const changes = await world.editor.compare(state.id, other?.id ?? null);
  const data = { state, other, states, changes: changes.map(shortDiff) };
  return { kind: 'page', view: 'state', title: 'states.one', data };
}

/** Shows what going back changes, then goes back: an edit like any other, checked and loaded. */
export async function restore(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const { form } = request;
  const state = (await world.editor.states()).find(({ id }) => id === request.params['id']);
  if (state === undefined) throw new HttpError(404, 'error.404');
  const path = `/settings/states/${encodeURIComponent(state.id)}`;
  const edits = [{ kind: 'restore', state: state.id } as const];
  if (!isConfirmed(form)) {
    const plan = await world.editor.plan(edits);
    return showPlan({ plan, form, action: `${path}/restore`, back: path, question: 'states.restoreAsk' });
  }
  const deed = { action: 'settings.restore', subject: state.what, stamp: form.get(STAMP) };
  const applied = await applyEdits(world, { who: request.user, client: request.client }, edits, deed);
  if (!applied.ok)
    return { kind: 'redirect', to: path, notice: { tone: 'danger', text: 'states.notRestored', lines: complaintsOf(applied) } };
  return { kind: 'redirect', to: '/settings/states', notice: editedNotice(applied, 'states.restored', {}) };
}

/** All that we and the administrator wrote, as one file. */
export async function exportAll(_request: PageRequest, world: PageWorld): Promise<DownloadAnswer> {
  const files = await world.editor.exportAll();
  const text = `${JSON.stringify({ bailiff: 'configuration', version: 1, files }, null, 2)}\n`;
  async function* body(): AsyncGenerator<string> {
    yield await Promise.resolve(text);
  }
  return { kind: 'download', name: 'bailiff-configuration.json', type: 'application/json', body: body() };
}

function importPage(text: string, problems: readonly string[], textProblem: MessageKey | null = null): HtmlAnswer {
  const wrong = problems.length > 0 || textProblem !== null;
  return { kind: 'page', status: wrong ? 422 : 200, view: 'import', title: 'import.title', data: { text, problems, textProblem } };
}

export function showImport(): Promise<HtmlAnswer> {
  return Promise.resolve(importPage('', []));
}

/** The files of an exported text; null when it is none. */
export function importedFiles(text: string): Readonly<Record<string, string>> | null {
  try {
    const read = Exported.safeParse(JSON.parse(text));
    return read.success ? read.data.files : null;
  } catch {
    return null;
  }
}

export async function importAll(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const { form } = request;
  const text = form.get('text');
  const files = importedFiles(text);
  if (files === null) return importPage(text, [], 'import.noExport');
  const edits = [{ kind: 'import', files } as const];
  if (!isConfirmed(form)) {
    const plan = await world.editor.plan(edits);
    const errors = plan.problems.filter(({ severity }) => severity === 'error');
    if (errors.length > 0)
      return importPage(
        text,
        errors.map(({ file, line, message }) => [file, line, message].filter((part) => part !== undefined).join(': ')),
      );
    return showPlan({ plan, form, action: '/settings/import', back: '/settings', question: 'import.ask' });
  }
  const deed = { action: 'settings.import', subject: 'configuration', stamp: form.get(STAMP) };
  const applied = await applyEdits(world, { who: request.user, client: request.client }, edits, deed);
  if (!applied.ok) return importPage(text, complaintsOf(applied));
  return { kind: 'redirect', to: '/settings', notice: editedNotice(applied, 'import.done', {}) };
}

export const routes: readonly Route[] = [
  get('/settings/states', 'states', showStates),
  get('/settings/states/:id', 'states', showState),
  post('/settings/states/:id/restore', 'states', restore),
  get('/settings/export', 'states', exportAll),
  get('/settings/import', 'states', showImport),
  post('/settings/import', 'states', importAll),
];
