import type { ActionTrial } from '../../../../src/model/action-trial';
import type { ActionDryRunRequest } from '../../../../src/panel/control/tester/tester';
import { deeds, hiddenFields, HOSTILE, HOSTILE_SHOWN, problemOf, textOf } from '../../../support/page-text';
import { tinyTester } from '../../../support/panel';
import { logIn, testWeb, type TestWeb } from '../../../support/web';

const TEXT = '[Definition]\nactionban = nft add <ip>\n';

async function withOwn(web: TestWeb = testWeb()): Promise<TestWeb> {
  await web.config.editor.apply([{ kind: 'action', name: 'mine', text: TEXT }], { who: 'admin', client: '' });
  web.config.applied.length = 0;
  return web;
}

describe('actions', () => {
  it('are listed with origin and use', async () => {
    expect(textOf((await (await logIn((await withOwn()).app)).get('/actions')).text)).toContain('mine own no jail');
    expect(textOf((await (await logIn(testWeb().app)).get('/actions')).text)).toContain('Nothing fits the search');
  });

  it.each(['nowhere', '../mine', HOSTILE])('%s is not there', async (name) => {
    const web = await withOwn();
    const visitor = await logIn(web.app);
    const path = `/actions/${encodeURIComponent(name)}`;
    expect((await visitor.get(path)).status).toBe(404);
    for (const to of [path, `${path}/test`, `${path}/remove`])
      expect((await visitor.post(to, { text: 'x', confirmed: 'yes' })).status).toBe(404);
    expect(web.config.applied).toEqual([]);
  });

  it('are added and edited after their changes were shown, and written down', async () => {
    const web = testWeb();
    const visitor = await logIn(web.app);
    expect((await visitor.get('/actions/new')).text).toContain('actionban &#x3D;');
    const asked = await visitor.post('/actions/new', { name: 'mine', text: TEXT });
    expect(textOf(asked.text)).toContain('Save these changes of mine?');
    expect(web.config.applied).toEqual([]);
    expect((await visitor.post('/actions/new', { ...hiddenFields(asked.text), confirmed: 'yes' })).get('Location')).toBe('/actions/mine');
    await visitor.post('/actions/mine', { text: `${TEXT}# ${HOSTILE}`, confirmed: 'yes', stamp: 'stamp-1' });
    expect(web.config.applied).toEqual([
      { kind: 'action', name: 'mine', text: TEXT },
      { kind: 'action', name: 'mine', text: `${TEXT}# ${HOSTILE}\n` },
    ]);
    const page = await visitor.get('/actions/mine');
    expect(page.text).toContain(`# ${HOSTILE_SHOWN}\n</textarea>`);
    expect(page.text).not.toContain('<script>alert');
    const types = [...page.text.matchAll(/<input class="pul-input__input" type="([^"]*)"/g)].map(([, type]) => type);
    expect(new Set(types)).toEqual(new Set(['text']));
    expect(await deeds(web)).toEqual([
      ['action.edit', 'mine', true],
      ['action.add', 'mine', true],
    ]);
  });

  it.each(['', '../x', 'x'.repeat(65), 'mine', HOSTILE])('with a name that cannot be are refused beside it, and kept: %#', async (name) => {
    const web = await withOwn();
    const page = await (await logIn(web.app)).post('/actions/new', { name, text: HOSTILE, confirmed: 'yes' });
    expect(page.status).toBe(422);
    expect(problemOf(page.text, 'name')).toMatch(name === 'mine' ? /already/ : /up to 64 letters/);
    expect(page.text).toContain(`${HOSTILE_SHOWN}\n</textarea>`);
    expect(page.text).not.toContain('<script>alert');
    expect(web.config.applied).toEqual([]);
  });

  it('that are refused say why and keep what was typed', async () => {
    const web = await withOwn();
    const visitor = await logIn(web.app);
    web.config.problems = [{ severity: 'error', message: `no action ${HOSTILE}`, line: 2 }];
    const planned = await visitor.post('/actions/mine', { text: HOSTILE });
    expect([planned.status, planned.text.includes(`no action ${HOSTILE_SHOWN}`)]).toEqual([422, true]);
    web.config.refusal = { message: `the server said ${HOSTILE}` };
    const refused = await visitor.post('/actions/mine', { text: HOSTILE, confirmed: 'yes' });
    expect([refused.status, refused.text.includes(`the server said ${HOSTILE_SHOWN}`)]).toEqual([422, true]);
    expect(refused.text).toContain(`${HOSTILE_SHOWN}\n</textarea>`);
    expect(await deeds(web)).toEqual([['action.edit', 'mine', false]]);
  });

  it('are removed after a question', async () => {
    const web = await withOwn();
    const visitor = await logIn(web.app);
    expect(textOf((await visitor.post('/actions/mine/remove', {})).text)).toContain('Remove mine?');
    expect(web.config.applied).toEqual([]);
    expect((await visitor.post('/actions/mine/remove', { confirmed: 'yes' })).get('Location')).toBe('/actions');
    expect(web.config.applied).toEqual([{ kind: 'remove-action', name: 'mine' }]);
    expect(await deeds(web)).toEqual([['action.remove', 'mine', true]]);
  });
});

describe('the dry run of an action', () => {
  async function dry(
    form: Readonly<Record<string, string>>,
    trial?: ActionTrial,
  ): Promise<{ readonly html: string; readonly asked: ActionDryRunRequest[] }> {
    const asked: ActionDryRunRequest[] = [];
    const dryRunAction = (request: ActionDryRunRequest): Promise<ActionTrial> => {
      asked.push(request);
      return trial === undefined ? tinyTester().dryRunAction(request) : Promise.resolve(trial);
    };
    const web = await withOwn(testWeb({ tester: { ...tinyTester(), dryRunAction } }));
    const page = await (await logIn(web.app)).post('/actions/mine/test', form);
    expect(page.status).toBe(200);
    expect(web.config.applied).toEqual([]);
    return { html: page.text, asked };
  }

  it('shows the commands for an address that nobody has, and keeps what was typed', async () => {
    const { html, asked } = await dry({ text: HOSTILE, options: ' name=ssh ', address: '2001:db8::1' });
    expect(asked).toEqual([{ confdir: '/etc/fail2ban', action: 'mine', options: 'name=ssh', address: '2001:db8::1' }]);
    expect(textOf(html)).toContain('ban nft add element x');
    expect(html).toContain('name="options" value="name&#x3D;ssh"');
    expect(html).toContain(`${HOSTILE_SHOWN}</textarea>`);
    expect(html).toContain('<option selected>2001:db8::1</option>');
  });

  it.each(['', '198.51.100.7', '127.0.0.1', HOSTILE])('takes no other address: %s', async (address) => {
    expect((await dry({ text: '', address })).asked).toMatchObject([{ address: '192.0.2.1' }]);
  });

  it('bounds the parameters', async () => {
    expect((await dry({ text: '', options: 'x'.repeat(3000) })).asked).toMatchObject([{ options: 'x'.repeat(2000) }]);
  });

  it('shows hostile commands, arguments and problems as text, and says when there are no commands', async () => {
    const trial: ActionTrial = {
      commands: [{ operation: 'ban', command: HOSTILE, arguments: [HOSTILE] }],
      problems: [{ severity: 'error', message: HOSTILE }],
    };
    const { html } = await dry({ text: '' }, trial);
    expect(html).not.toContain('<script>alert');
    expect(html.split(HOSTILE_SHOWN)).toHaveLength(4);
    expect(textOf((await dry({ text: '' }, { commands: [], problems: [] })).html)).toContain('The action has no commands.');
  });
});
