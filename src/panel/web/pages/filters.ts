/** Filters: the list, the editor, and the tester that shows on a real log what each failregex takes. */
import { formatProblem } from '../../../model/problem';
import type { TestedLine } from '../../../model/filter-test';
import type { FilterTest } from '../../control/tester/tester';
import { FILTER, ownFile } from '../definition-kind';
import { HttpError } from '../error-page';
import type { HtmlAnswer, Page, PageRequest, PageWorld } from '../page';
import { get, post, type Route } from '../route';
import { add, editorData, remove, save, showList, showNew, showOne } from './definitions';
import { piecesOf } from './reason';

/** Lines that a test looks at. */
const LIMIT = 20_000;
const SHOWN = 300;
const MAX_PASTED = 200_000;
const MOST_CHOICES = 200;

function lineData(line: TestedLine): object {
  const spans = [
    ...(line.date === null ? [] : [{ from: line.date[0], length: line.date[1], what: 'date' as const }]),
    ...(line.user === null ? [] : [{ from: line.user[0], length: line.user[1], what: 'user' as const }]),
    ...(line.address === null ? [] : [{ from: line.address[0], length: line.address[1], what: 'address' as const }]),
  ];
  return { ...line, pieces: piecesOf({ text: line.text, spans }), rule: line.failure === null ? null : line.failure.failregex + 1 };
}

function resultData(test: FilterTest, show: string): object {
  const shown =
    show === 'all' ? test.lines : test.lines.filter(({ verdict }) => (show === 'missed' ? verdict === 'missed' : verdict !== 'missed'));
  return {
    done: test.kind === 'done',
    message: test.kind === 'done' ? null : test.message,
    summary: test.kind === 'done' ? { ...test.summary, problems: test.summary.problems.map(formatProblem) } : null,
    regexes:
      test.kind === 'done'
        ? test.summary.regexes.map((regex, index) => ({
            ...regex,
            number: index + 1,
            unused: regex.option === 'failregex' && regex.hits === 0,
          }))
        : [],
    lines: shown.slice(0, SHOWN).map(lineData),
    more: Math.max(0, shown.length - SHOWN),
    slow: test.slow,
  };
}

/** Tries the text of the editor, saved or not, on a log of the server or on pasted lines. */
export async function tryFilter(request: PageRequest, world: PageWorld): Promise<HtmlAnswer> {
  const { form } = request;
  const name = request.params['name'] ?? form.get('name');
  const view = await FILTER.one(world.configuration, name);
  if (view === null && request.params['name'] !== undefined) throw new HttpError(404, 'error.404');
  const text = form.get('text').replace(/\r\n?/g, '\n');
  const log = form.get('log').trim();
  const lines = form.get('lines').slice(0, MAX_PASTED);
  const show = form.get('show') || 'matched';
  const options = form.get('options').trim().slice(0, 500);
  const base = { name, text, problems: [] as string[], view };
  const page = (data: object, status = 200): HtmlAnswer => {
    const heading = view === null ? {} : { heading: view.name };
    const tested = { log, lines, show, options };
    return {
      kind: 'page',
      status,
      view: 'filter',
      title: 'filters.new',
      ...heading,
      data: { ...editorData(FILTER, base), tested, ...data },
    };
  };
  if (log === '' && lines.trim() === '') return page({ testProblem: 'filters.nothingToTest' }, 422);
  const changed = view === null || text !== ownFile(view);
  const given = options === '' ? {} : { options };
  const filter = changed
    ? { text, file: `${name === '' ? 'new' : name}.local`, ...given }
    : { name: options === '' ? name : `${name}[${options}]` };
  const source = lines.trim() === '' ? { log } : { lines };
  const result = await world.tester.testFilter({ filter, source, confdir: world.confdir, limit: LIMIT });
  return page({ result: resultData(result, show) });
}

/** Logs that jails follow, to be chosen from. */
async function logsOfJails(world: PageWorld): Promise<readonly string[]> {
  const logs = (await world.configuration.jails()).flatMap((jail) => jail.logs);
  const single = logs.filter(({ path, files }) => files > 0 && !/[*?[]/.test(path)).map(({ path }) => path);
  return [...new Set(single)].sort().slice(0, MOST_CHOICES);
}

/** A page with the tester on it. */
function withTester(page: Page): Page {
  return async (request, world) => {
    const answer = await page(request, world);
    return answer.kind === 'page' ? { ...answer, data: { ...answer.data, logs: await logsOfJails(world) } } : answer;
  };
}

export const routes: readonly Route[] = [
  get('/filters', 'filters', showList(FILTER)),
  get('/filters/new', 'filters', withTester(showNew(FILTER))),
  post('/filters/new', 'filters', withTester(add(FILTER))),
  post('/filters/new/test', 'filters', withTester(tryFilter)),
  get('/filters/:name', 'filters', withTester(showOne(FILTER))),
  post('/filters/:name', 'filters', withTester(save(FILTER))),
  post('/filters/:name/test', 'filters', withTester(tryFilter)),
  post('/filters/:name/remove', 'filters', remove(FILTER)),
];
