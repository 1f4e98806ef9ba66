/** Actions: the list, the editor, and a dry run that shows what would be executed for a documentation address. */
import { formatProblem } from '../../../model/problem';
import { ACTION, DOCUMENTATION_ADDRESSES } from '../definition-kind';
import { HttpError } from '../error-page';
import type { HtmlAnswer, PageRequest, PageWorld } from '../page';
import { get, post, type Route } from '../route';
import { add, editorData, remove, save, showList, showNew, showOne } from './definitions';

/** Shows the commands that the saved action would run to ban and unban a documentation address; none is run. */
export async function dryRun(request: PageRequest, world: PageWorld): Promise<HtmlAnswer> {
  const view = await ACTION.one(world.configuration, request.params['name'] ?? '');
  if (view === null) throw new HttpError(404, 'error.404');
  const address = DOCUMENTATION_ADDRESSES.find((candidate) => candidate === request.form.get('address')) ?? DOCUMENTATION_ADDRESSES[0];
  const options = request.form.get('options').trim().slice(0, 2000);
  const result = await world.tester.dryRunAction({ confdir: world.confdir, action: view.name, options, address });
  const text = request.form.get('text').replace(/\r\n?/g, '\n');
  const data = {
    ...editorData(ACTION, { name: view.name, text, problems: [], view }),
    dry: { ...result, address, options, problems: result.problems.map(formatProblem) },
  };
  return { kind: 'page', view: 'action', title: 'actions.new', heading: view.name, data };
}

export const routes: readonly Route[] = [
  get('/actions', 'actions', showList(ACTION)),
  get('/actions/new', 'actions', showNew(ACTION)),
  post('/actions/new', 'actions', add(ACTION)),
  get('/actions/:name', 'actions', showOne(ACTION)),
  post('/actions/:name', 'actions', save(ACTION)),
  post('/actions/:name/test', 'actions', dryRun),
  post('/actions/:name/remove', 'actions', remove(ACTION)),
];
