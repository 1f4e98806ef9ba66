import { deeds, hiddenFields, HOSTILE, HOSTILE_SHOWN, textOf } from '../../../support/page-text';
import { logIn, testWeb, type TestWeb, type Visitor } from '../../../support/web';

const exported = (files: Readonly<Record<string, string>>): string => JSON.stringify({ bailiff: 'configuration', version: 1, files });

async function withState(): Promise<{ readonly web: TestWeb; readonly visitor: Visitor }> {
  const web = testWeb();
  await web.config.editor.apply([{ kind: 'defaults', options: { bantime: '1h' } }], { who: HOSTILE, client: '' });
  web.config.applied.length = 0;
  return { web, visitor: await logIn(web.app) };
}

describe('earlier states', () => {
  it('are listed with who made them; none is said in words', async () => {
    expect(textOf((await (await logIn(testWeb().app)).get('/settings/states')).text)).toContain('No state was kept yet');
    const page = await (await withState()).visitor.get('/settings/states');
    expect(page.text).toContain(`<td data-label="Who">${HOSTILE_SHOWN}</td>`);
    expect(page.text).not.toContain('<script>alert');
    expect(page.text).toContain('href="/settings/states/state-1"');
  });

  it('are compared with what is there now', async () => {
    const page = await (await withState()).visitor.get('/settings/states/state-1');
    expect(page.status).toBe(200);
    expect(textOf(page.text)).toContain('jail.local');
    expect(page.text).toContain('bailiff-diff__line--removed');
  });

  it('that are not there are not found', async () => {
    const { visitor, web } = await withState();
    expect((await visitor.get('/settings/states/state-9')).status).toBe(404);
    expect((await visitor.get(`/settings/states/${encodeURIComponent('../state-1')}`)).status).toBe(404);
    expect((await visitor.post('/settings/states/state-9/restore', { confirmed: 'yes' })).status).toBe(404);
    expect(web.config.applied).toEqual([]);
  });

  it('are restored after what changes was shown', async () => {
    const { web, visitor } = await withState();
    const asked = await visitor.post('/settings/states/state-1/restore', {});
    expect(asked.status).toBe(200);
    expect(textOf(asked.text)).toContain('Go back? This will change:');
    expect(hiddenFields(asked.text)).toMatchObject({ stamp: ['stamp-1'] });
    expect(web.config.applied).toEqual([]);
    const answer = await visitor.post('/settings/states/state-1/restore', { ...hiddenFields(asked.text), confirmed: 'yes' });
    expect([answer.status, answer.get('Location')]).toEqual([303, '/settings/states']);
    expect(web.config.applied).toEqual([{ kind: 'restore', state: 'state-1' }]);
    expect(textOf((await visitor.get('/settings/states')).text)).toContain('The earlier state was restored and loaded.');
    expect(await deeds(web)).toEqual([['settings.restore', 'defaults', true]]);
  });

  it('that the server refuses are said to be, as text', async () => {
    const { web, visitor } = await withState();
    web.config.refusal = { message: HOSTILE };
    await visitor.post('/settings/states/state-1/restore', { confirmed: 'yes', stamp: 'stamp-1' });
    const page = await visitor.get('/settings/states/state-1');
    expect(textOf(page.text)).toContain('The state was not restored; all is as it was.');
    expect(page.text).toContain(HOSTILE_SHOWN);
    expect(await deeds(web)).toEqual([['settings.restore', 'defaults', false]]);
  });
});

describe('export and import', () => {
  it('give all away as one file that can be brought back', async () => {
    const web = testWeb();
    const visitor = await logIn(web.app);
    const file = await visitor.get('/settings/export');
    expect(file.get('Content-Disposition')).toBe('attachment; filename=bailiff-configuration.json');
    const asked = await visitor.post('/settings/import', { text: file.text });
    expect(textOf(asked.text)).toContain('Import this?');
    expect(web.config.applied).toEqual([]);
    const answer = await visitor.post('/settings/import', { ...hiddenFields(asked.text), confirmed: 'yes' });
    expect([answer.status, answer.get('Location')]).toEqual([303, '/settings']);
    expect(web.config.applied).toEqual([{ kind: 'import', files: { 'jail.local': '[sshd]\n' } }]);
    expect(textOf((await visitor.get('/settings')).text)).toContain('The configuration was imported and loaded.');
    expect(await deeds(web)).toEqual([['settings.import', 'configuration', true]]);
  });

  it('take a text as large as the form allows', async () => {
    const web = testWeb();
    const files = { 'jail.local': `# ${'x'.repeat(900_000)}\n`, 'fail2ban.local': `# ${'y'.repeat(900_000)}\n` };
    const answer = await (await logIn(web.app)).post('/settings/import', { text: exported(files), confirmed: 'yes' });
    expect(answer.status).toBe(303);
    expect(web.config.applied).toEqual([{ kind: 'import', files }]);
  });

  it.each([
    '',
    'no JSON',
    '{}',
    '[]',
    'null',
    JSON.stringify({ bailiff: 'configuration', version: 2, files: {} }),
    JSON.stringify({ bailiff: 'other', version: 1, files: {} }),
    JSON.stringify({ bailiff: 'configuration', version: 1, files: { 'jail.local': 5 } }),
    exported({ ['x'.repeat(201)]: '' }),
    HOSTILE,
  ])('refuse what was not exported, and keep it: %#', async (text) => {
    const web = testWeb();
    const page = await (await logIn(web.app)).post('/settings/import', { text, confirmed: 'yes' });
    expect(page.status).toBe(422);
    expect(textOf(page.text)).toContain('This is no exported configuration of Bailiff.');
    if (text === HOSTILE) expect(page.text).toContain(`${HOSTILE_SHOWN}</textarea>`);
    expect(page.text).not.toContain('<script>alert');
    expect(web.config.applied).toEqual([]);
  });

  it('say what is wrong with the files before anything is asked, and what the server refuses', async () => {
    const web = testWeb();
    const visitor = await logIn(web.app);
    web.config.problems = [{ severity: 'error', message: `no filter ${HOSTILE}`, file: 'jail.local', line: 4 }];
    const planned = await visitor.post('/settings/import', { text: exported({ 'jail.local': '[x]' }) });
    expect(planned.status).toBe(422);
    expect(planned.text).toContain(`no filter ${HOSTILE_SHOWN}`);
    expect(planned.text).not.toContain('name="confirmed"');
    web.config.refusal = { message: `the server said ${HOSTILE}` };
    const refused = await visitor.post('/settings/import', { text: exported({ 'jail.local': '[x]' }), confirmed: 'yes' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain(`the server said ${HOSTILE_SHOWN}`);
    expect(await deeds(web)).toEqual([['settings.import', 'configuration', false]]);
  });
});
