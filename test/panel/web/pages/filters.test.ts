import type { FilterTest, FilterTestRequest } from '../../../../src/panel/control/tester/tester';
import { deeds, hiddenFields, HOSTILE, HOSTILE_SHOWN, problemOf, textOf } from '../../../support/page-text';
import { tinyTester } from '../../../support/panel';
import { logIn, testWeb, type TestWeb } from '../../../support/web';

const TEXT = '[Definition]\nfailregex = ^x <ADDR>$\n';

async function withOwn(web: TestWeb = testWeb()): Promise<TestWeb> {
  await web.config.editor.apply([{ kind: 'filter', name: 'mine', text: TEXT }], { who: 'admin', client: '' });
  web.config.applied.length = 0;
  return web;
}

describe('the list of filters', () => {
  it('tells origin and use, and finds by name', async () => {
    const visitor = await logIn((await withOwn()).app);
    const text = textOf((await visitor.get('/filters')).text);
    expect(text).toContain('sshd shipped sshd');
    expect(text).toContain('mine own no jail');
    const found = textOf((await visitor.get('/filters?search=MIN')).text);
    expect(found).toContain('mine own');
    expect(found).not.toContain('sshd shipped');
    const hostile = await visitor.get(`/filters?search=${encodeURIComponent(HOSTILE)}`);
    expect(hostile.text).toContain(`value="${HOSTILE_SHOWN}"`);
    expect(textOf(hostile.text)).toContain('Nothing fits the search');
  });
});

describe('a filter', () => {
  it('is shown in an editor of valid fields', async () => {
    const page = await (await logIn((await withOwn()).app)).get('/filters/mine');
    expect(page.text).toContain('failregex &#x3D; ^x &lt;ADDR&gt;$\n</textarea>');
    const types = [...page.text.matchAll(/<input class="pul-input__input" type="([^"]*)"/g)].map(([, type]) => type);
    expect(new Set(types)).toEqual(new Set(['text']));
    for (const [, list] of page.text.matchAll(/<input [^>]*list="([^"]*)"/g)) expect(page.text).toContain(`<datalist id="${list ?? ''}"`);
  });

  it.each(['nowhere', '../sshd', HOSTILE])('%s is not there', async (name) => {
    const web = testWeb();
    const visitor = await logIn(web.app);
    const path = `/filters/${encodeURIComponent(name)}`;
    expect((await visitor.get(path)).status).toBe(404);
    for (const to of [path, `${path}/test`, `${path}/remove`])
      expect((await visitor.post(to, { text: 'x', lines: 'x', confirmed: 'yes' })).status).toBe(404);
    expect(web.config.applied).toEqual([]);
  });

  it('is saved after its changes were shown; every line ends', async () => {
    const web = await withOwn();
    const visitor = await logIn(web.app);
    const asked = await visitor.post('/filters/mine', { text: `[Definition]\r\n# ${HOSTILE}` });
    expect(textOf(asked.text)).toContain('Save these changes of mine?');
    expect(asked.text).not.toContain('<script>alert');
    expect(web.config.applied).toEqual([]);
    const answer = await visitor.post('/filters/mine', { ...hiddenFields(asked.text), confirmed: 'yes' });
    expect([answer.status, answer.get('Location')]).toEqual([303, '/filters/mine']);
    expect(web.config.applied).toEqual([{ kind: 'filter', name: 'mine', text: `[Definition]\n# ${HOSTILE}\n` }]);
    const page = await visitor.get('/filters/mine');
    expect(textOf(page.text)).toContain('mine was saved; the jails that use it have loaded it.');
    expect(page.text).toContain(`# ${HOSTILE_SHOWN}\n</textarea>`);
    expect(await deeds(web)).toEqual([['filter.edit', 'mine', true]]);
  });

  it('that is wrong, refused or too long is kept in the editor with the reason', async () => {
    const web = await withOwn();
    const visitor = await logIn(web.app);
    const long = await visitor.post('/filters/mine', { text: `${'y'.repeat(199_999)}zz`, confirmed: 'yes' });
    expect(long.status).toBe(422);
    expect(textOf(long.text)).toContain('at most 200000 characters');
    web.config.problems = [{ severity: 'error', message: `no regex ${HOSTILE}`, file: 'filter.d/mine.local', line: 2 }];
    const planned = await visitor.post('/filters/mine', { text: HOSTILE });
    expect(planned.status).toBe(422);
    expect(planned.text).toContain(`no regex ${HOSTILE_SHOWN}`);
    expect(planned.text).toContain(`${HOSTILE_SHOWN}\n</textarea>`);
    web.config.refusal = { message: `the server said ${HOSTILE}` };
    const refused = await visitor.post('/filters/mine', { text: HOSTILE, confirmed: 'yes' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain(`the server said ${HOSTILE_SHOWN}`);
    expect(refused.text).toContain(`${HOSTILE_SHOWN}\n</textarea>`);
    expect(refused.text).not.toContain('<script>alert');
    expect(web.config.applied).toEqual([]);
    expect(await deeds(web)).toEqual([['filter.edit', 'mine', false]]);
  });

  it('is removed when it is ours and nobody uses it, after a question', async () => {
    const web = await withOwn();
    const visitor = await logIn(web.app);
    const asked = await visitor.post('/filters/mine/remove', {});
    expect(textOf(asked.text)).toContain('Remove mine?');
    expect(web.config.applied).toEqual([]);
    expect((await visitor.post('/filters/mine/remove', { confirmed: 'yes' })).get('Location')).toBe('/filters');
    expect(web.config.applied).toEqual([{ kind: 'remove-filter', name: 'mine' }]);
    expect((await visitor.get('/filters/mine')).status).toBe(404);
    expect(await deeds(web)).toEqual([['filter.remove', 'mine', true]]);
  });

  it('that is shipped stays, and so does one whose removal is refused', async () => {
    const web = await withOwn();
    const visitor = await logIn(web.app);
    await visitor.post('/filters/sshd/remove', { confirmed: 'yes' });
    expect(textOf((await visitor.get('/filters/sshd')).text)).toContain('sshd is shipped and not changed: it stays.');
    web.config.refusal = { message: 'disk is full' };
    await visitor.post('/filters/mine/remove', { confirmed: 'yes' });
    expect(textOf((await visitor.get('/filters/mine')).text)).toContain('mine is as it was. disk is full');
    expect(web.config.applied).toEqual([]);
    expect(await deeds(web)).toEqual([['filter.remove', 'mine', false]]);
  });
});

describe('a new filter', () => {
  it('begins with a skeleton or with a copy, and is added', async () => {
    const web = await withOwn();
    const visitor = await logIn(web.app);
    expect((await visitor.get('/filters/new')).text).toContain('failregex &#x3D; ^ … from &lt;ADDR&gt;$');
    expect((await visitor.get('/filters/new?copy=mine')).text).toContain('failregex &#x3D; ^x &lt;ADDR&gt;$');
    const asked = await visitor.post('/filters/new', { name: ' shop ', text: TEXT });
    const answer = await visitor.post('/filters/new', { ...hiddenFields(asked.text), confirmed: 'yes' });
    expect([answer.status, answer.get('Location')]).toEqual([303, '/filters/shop']);
    expect(web.config.applied).toEqual([{ kind: 'filter', name: 'shop', text: TEXT }]);
    expect(await deeds(web)).toEqual([['filter.add', 'shop', true]]);
  });

  it.each(['', '.hidden', '../x', 'a/b', 'a b', 'x'.repeat(65), 'sshd', HOSTILE])(
    'is refused beside its name, and kept: %#',
    async (name) => {
      const web = testWeb();
      const page = await (await logIn(web.app)).post('/filters/new', { name, text: TEXT, confirmed: 'yes' });
      expect(page.status).toBe(422);
      expect(problemOf(page.text, 'name')).toMatch(name === 'sshd' ? /already/ : /up to 64 letters/);
      expect(page.text).toContain(`name="name" value="${name === HOSTILE ? HOSTILE_SHOWN : name}"`);
      expect(page.text).toContain('failregex &#x3D; ^x &lt;ADDR&gt;$\n</textarea>');
      expect(page.text).not.toContain('<script>alert');
      expect(web.config.applied).toEqual([]);
    },
  );
});

describe('the tester of a filter', () => {
  const line = { cut: false, time: null, ignoreregex: null, problem: null };
  const failure = { failregex: 0, id: '192.0.2.1', address: null, dns: null, user: 'root', session: null, time: null };
  const test: FilterTest = {
    kind: 'done',
    slow: [],
    summary: {
      ...{ subject: { kind: 'filter', name: 'mine' }, lines: 3, matched: 1, ignored: 1, missed: 1, verdicts: {}, shown: 3, skipped: 0 },
      ...{ stopped: 'end', seconds: 0.1, dates: [{ name: HOSTILE, hits: 2 }], problems: [] },
      regexes: [
        {
          ...{ option: 'failregex', regex: HOSTILE, hits: 0, tries: 3, microseconds: 2.4, longest: 3, longestLine: 1, givenUp: 0 },
          ...{ slow: true, danger: { kind: 'explosive', message: `explodes ${HOSTILE}`, line: HOSTILE, column: 1, length: 2 } },
        },
      ],
    },
    lines: [
      { ...line, number: 1, text: 'root from 192.0.2.1', verdict: 'counted', failure, date: null, user: [0, 4], address: [10, 9] },
      { ...line, number: 2, text: HOSTILE, verdict: 'ignored', failure: null, date: null, user: null, address: null },
      { ...line, number: 3, text: 'a missed line', verdict: 'missed', failure: null, date: null, user: null, address: null },
    ],
  };
  const asking = async (): Promise<{ readonly web: TestWeb; readonly asked: FilterTestRequest[] }> => {
    const asked: FilterTestRequest[] = [];
    const testFilter = (request: FilterTestRequest): Promise<FilterTest> => {
      asked.push(request);
      return Promise.resolve(test);
    };
    return { web: await withOwn(testWeb({ tester: { ...tinyTester(), testFilter } })), asked };
  };

  it('marks address and user, names the failregex that took a line, and shows hostile text as text', async () => {
    const { web } = await asking();
    const page = await (await logIn(web.app)).post('/filters/mine/test', { text: TEXT, lines: 'x' });
    expect(page.status).toBe(200);
    const text = textOf(page.text);
    expect(text).toContain('Lines 3 Failures 1 Ignored 1 Missed 1');
    expect(text).toContain('line 1 · failure · failregex 1');
    expect(page.text).toContain('bailiff-piece--user">root</mark>');
    expect(page.text).toContain('bailiff-piece--address">192.0.2.1</mark>');
    expect(text).toContain('took no line');
    expect(page.text.split(HOSTILE_SHOWN).length).toBeGreaterThanOrEqual(6);
    expect(page.text).not.toContain('<script>alert');
    expect(text).not.toContain('a missed line');
    expect(web.config.applied).toEqual([]);
    expect(await deeds(web)).toEqual([]);
  });

  it.each([
    ['missed', ['a missed line'], ['root from']],
    ['all', ['a missed line', 'line 1 ·'], []],
  ])('shows %s lines when asked', async (show, there, absent) => {
    const { web } = await asking();
    const text = textOf((await (await logIn(web.app)).post('/filters/mine/test', { text: TEXT, lines: 'x', show })).text);
    for (const word of there) expect(text).toContain(word);
    for (const word of absent) expect(text).not.toContain(`${word} 192`);
  });

  it('tries the saved filter by its name, and a changed text by itself; pasted lines win over a log and are bounded', async () => {
    const { web, asked } = await asking();
    const visitor = await logIn(web.app);
    await visitor.post('/filters/mine/test', { text: TEXT, log: ' /var/log/auth.log ', options: 'mode=x' });
    await visitor.post('/filters/mine/test', { text: 'other', log: '/var/log/auth.log', lines: 'y'.repeat(200_005) });
    await visitor.post('/filters/new/test', { name: '', text: 'fresh', lines: 'l' });
    expect(asked).toEqual([
      { filter: { name: 'mine[mode=x]' }, source: { log: '/var/log/auth.log' }, confdir: '/etc/fail2ban', limit: 20_000 },
      { filter: { text: 'other', file: 'mine.local' }, source: { lines: 'y'.repeat(200_000) }, confdir: '/etc/fail2ban', limit: 20_000 },
      { filter: { text: 'fresh', file: 'new.local' }, source: { lines: 'l' }, confdir: '/etc/fail2ban', limit: 20_000 },
    ]);
  });

  it('keeps what was typed when there is nothing to look at', async () => {
    const { web, asked } = await asking();
    const page = await (await logIn(web.app)).post('/filters/mine/test', { text: HOSTILE, lines: ' ', log: '', options: HOSTILE });
    expect(page.status).toBe(422);
    expect(textOf(page.text)).toContain('Name a log, or paste lines.');
    expect(page.text).toContain(`name="options" value="${HOSTILE_SHOWN}"`);
    expect(page.text).toContain(`${HOSTILE_SHOWN}</textarea>`);
    expect(asked).toEqual([]);
  });

  it('says why it did not finish', async () => {
    const page = await (await logIn((await withOwn()).app)).post('/filters/mine/test', { text: TEXT, lines: 'x' });
    expect(textOf(page.text)).toContain('it took longer than 10 s');
  });
});
