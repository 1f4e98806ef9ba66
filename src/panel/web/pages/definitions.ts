/** The lists of filters and of actions, and the form of one of them: looked at, added, edited, copied, removed while nobody uses it. */
import { formatProblem } from '../../../model/problem';
import type { DefinitionView } from '../../control/editor/configuration';
import { applyEdits } from '../acts/edits';
import { askFirst, isConfirmed } from '../confirm';
import { type DefinitionKind, ownFile } from '../definition-kind';
import { complaintsOf, editedNotice, problemsByField, showPlan, STAMP } from '../edit-flow';
import { HttpError } from '../error-page';
import { NEW_NAME } from '../new-name';
import type { MessageKey } from '../messages';
import type { HtmlAnswer, Page, PageAnswer, PageRequest, PageWorld } from '../page';

const MAX_TEXT = 200_000;

function pathOf(kind: DefinitionKind, name: string): string {
  return `${kind.path}/${encodeURIComponent(name)}`;
}

async function viewOf(kind: DefinitionKind, request: PageRequest, world: PageWorld): Promise<DefinitionView> {
  const view = await kind.one(world.configuration, request.params['name'] ?? '');
  if (view === null) throw new HttpError(404, 'error.404');
  return view;
}

/** Makes the page of the list. */
export function showList(kind: DefinitionKind): Page {
  return async (request, world) => {
    const search = request.query.get('search').trim().slice(0, 100);
    const used = request.query.get('show') !== 'all';
    const all = await kind.all(world.configuration);
    const found = all.filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()));
    const shown = used && search === '' ? found.filter((view) => view.usedBy.length > 0 || view.origin !== 'shipped') : found;
    const rows = shown.map((view) => ({ ...view, problems: view.problems.map(formatProblem) }));
    const data = { kind: kind.name, path: kind.path, rows, search, all: !used, hidden: found.length - shown.length };
    return { kind: 'page', view: 'definitions', title: kind.title, data };
  };
}

export interface EditorState {
  readonly name: string;
  readonly text: string;
  readonly problems: readonly string[];
  readonly view: DefinitionView | null;
  /** What is wrong with the name of a new one. */
  readonly nameProblem?: MessageKey;
}

/** What the template of the editor shows. */
export function editorData(kind: DefinitionKind, state: EditorState): Readonly<Record<string, unknown>> {
  const { view, name } = state;
  return {
    ...state,
    kindName: kind.name,
    path: view === null ? `${kind.path}/new` : pathOf(kind, name),
    listPath: kind.path,
    shipped: view?.files.filter(({ file }) => !file.endsWith('.local')) ?? [],
    usedBy: view?.usedBy ?? [],
    removable: view !== null && view.origin !== 'shipped' && (view.origin === 'edited' || view.usedBy.length === 0),
    origin: view?.origin ?? null,
    told: view?.problems.map(formatProblem) ?? [],
  };
}

function editorPage(kind: DefinitionKind, state: EditorState): HtmlAnswer {
  const heading = state.view === null ? {} : { heading: state.name };
  return {
    kind: 'page',
    status: state.problems.length > 0 || state.nameProblem !== undefined ? 422 : 200,
    view: kind.name,
    title: kind.name === 'filter' ? 'filters.new' : 'actions.new',
    ...heading,
    data: editorData(kind, state),
  };
}

export function showOne(kind: DefinitionKind): Page {
  return async (request, world) => {
    const view = await viewOf(kind, request, world);
    return editorPage(kind, { name: view.name, text: ownFile(view), problems: [], view });
  };
}

export function showNew(kind: DefinitionKind): Page {
  return async (request, world) => {
    const copied = request.query.has('copy') ? await kind.one(world.configuration, request.query.get('copy')) : null;
    const text = copied?.files.map((file) => file.text).join('\n') ?? kind.skeleton;
    return editorPage(kind, { name: '', text, problems: [], view: null });
  };
}

function textOf(request: PageRequest): string {
  const text = request.form.get('text').replace(/\r\n?/g, '\n');
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** Shows what an edited text changes, then saves it. */
export function save(kind: DefinitionKind): Page {
  return async (request, world) => {
    const view = await viewOf(kind, request, world);
    return write(kind, request, world, view.name, view);
  };
}

export function add(kind: DefinitionKind): Page {
  return async (request, world) => {
    const name = request.form.get('name').trim();
    const text = textOf(request);
    const wrong = (nameProblem: MessageKey): HtmlAnswer => editorPage(kind, { name, text, problems: [], view: null, nameProblem });
    if (!NEW_NAME.test(name)) return wrong('definition.nameWrong');
    if ((await kind.one(world.configuration, name)) !== null) return wrong('definition.nameTaken');
    return write(kind, request, world, name, null);
  };
}

async function write(
  kind: DefinitionKind,
  request: PageRequest,
  world: PageWorld,
  name: string,
  view: DefinitionView | null,
): Promise<PageAnswer> {
  const { form } = request;
  const text = textOf(request);
  if (text.length > MAX_TEXT)
    return editorPage(kind, { name, text: text.slice(0, MAX_TEXT), problems: [`at most ${MAX_TEXT} characters`], view });
  const edits = [kind.write(name, text)];
  if (!isConfirmed(form)) {
    const plan = await world.editor.plan(edits);
    const { others } = problemsByField(plan.problems, []);
    if (others.length > 0) return editorPage(kind, { name, text, problems: others, view });
    const action = view === null ? `${kind.path}/new` : pathOf(kind, name);
    const back = view === null ? kind.path : action;
    return showPlan({ plan, form, action, back, question: 'definition.saveAsk', params: { name } });
  }
  const deed = { action: `${kind.name}.${view === null ? 'add' : 'edit'}`, subject: name, stamp: form.get(STAMP) };
  const applied = await applyEdits(world, { who: request.user, client: request.client }, edits, deed);
  if (!applied.ok) return editorPage(kind, { name, text, problems: complaintsOf(applied), view });
  return { kind: 'redirect', to: pathOf(kind, name), notice: editedNotice(applied, 'definition.saved', { name }) };
}

/** Removes an own one that nobody uses, or the changes of a shipped one. */
export function remove(kind: DefinitionKind): Page {
  return async (request, world) => {
    const view = await viewOf(kind, request, world);
    const back = pathOf(kind, view.name);
    if (view.origin === 'shipped')
      return { kind: 'redirect', to: back, notice: { tone: 'info', text: 'definition.shipped', params: { name: view.name } } };
    if (view.origin === 'own' && view.usedBy.length > 0)
      return {
        kind: 'redirect',
        to: back,
        notice: { tone: 'warning', text: 'definition.used', params: { name: view.name, jails: view.usedBy.join(', ') } },
      };
    if (!isConfirmed(request.form)) {
      const question = view.origin === 'own' ? 'definition.removeAsk' : 'definition.resetAsk';
      return askFirst({ action: `${back}/remove`, form: request.form, question, params: { name: view.name }, back, danger: true });
    }
    const deed = { action: `${kind.name}.remove`, subject: view.name };
    const applied = await applyEdits(world, { who: request.user, client: request.client }, [kind.remove(view.name)], deed);
    if (!applied.ok)
      return {
        kind: 'redirect',
        to: back,
        notice: { tone: 'danger', text: 'definition.kept', params: { name: view.name }, lines: complaintsOf(applied) },
      };
    return { kind: 'redirect', to: kind.path, notice: editedNotice(applied, 'definition.removed', { name: view.name }) };
  };
}
