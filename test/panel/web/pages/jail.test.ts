import type { JailPreview } from '../../../../src/model/jail-preview';
import type { PreviewResult } from '../../../../src/panel/control/tester/tester';
import { TinyControl } from '../../../support/control';
import { deeds, hiddenFields, HOSTILE, HOSTILE_SHOWN, problemOf, textOf } from '../../../support/page-text';
import { tinyTester } from '../../../support/panel';
import { logIn, NOW, testWeb, type TestWeb } from '../../../support/web';

const web = (): TestWeb => {
  const jails = [{ name: 'sshd', files: ['/var/log/auth.log'], failed: 2 }];
  return testWeb({ control: new TinyControl(jails, [{ jail: 'sshd', id: '198.51.100.7', time: NOW - 60, bantime: 600 }]) });
};

describe('the page of one jail', () => {
  it('shows its counts, whom it bans, its logs, and of each setting what it inherits and from where', async () => {
    const page = await (await logIn(web().app)).get('/jails/sshd');
    expect(page.status).toBe(200);
    const text = textOf(page.text);
    expect(text).toContain('Banned now 1 Banned in total 2 Failed now 2 Failed in total 6');
    expect(text).toContain('198.51.100.7 Germany');
    expect(text).toContain('/var/log/auth.log finds 1 files');
    expect(text).toContain('maxretry · inherits 5 from jail.conf:10');
    expect(page.text).toMatch(/name="maxretry" value=""[^>]* placeholder="5"/);
  });

  it.each(['/jails/nowhere', '/jails/nowhere/raw', `/jails/${encodeURIComponent('../sshd')}`])('%s is not there', async (path) => {
    const visitor = await logIn(web().app);
    expect((await visitor.get(path)).status).toBe(404);
    expect((await visitor.post(path, { bantime: '1h', text: 'x', confirmed: 'yes' })).status).toBe(404);
  });

  it('saves only what differs, takes an emptied field back, and says so', async () => {
    const room = web();
    const visitor = await logIn(room.app);
    const form = { bantime: ' 2h ', findtime: '', logpath: '/a\r\n/b\r\n' };
    expect((await visitor.post('/jails/sshd', form)).get('Location')).toBe('/jails/sshd');
    expect(room.config.applied).toEqual([{ kind: 'jail', jail: 'sshd', options: { bantime: '2h', logpath: '/a\n/b' } }]);
    expect(textOf((await visitor.get('/jails/sshd')).text)).toContain('sshd was saved and loaded.');
    await visitor.post('/jails/sshd', { bantime: '' });
    expect(room.config.applied[1]).toEqual({ kind: 'jail', jail: 'sshd', options: { bantime: null } });
    await visitor.post('/jails/sshd', { findtime: '', nonsense: 'x' });
    expect(textOf((await visitor.get('/jails/sshd')).text)).toContain('Nothing was changed.');
    expect(await deeds(room)).toEqual([
      ['jail.edit', 'sshd', true],
      ['jail.edit', 'sshd', true],
    ]);
  });

  it('switches off and lets only observe, and leaves both alone when its boxes were not sent', async () => {
    const room = web();
    const visitor = await logIn(room.app);
    await visitor.post('/jails/sshd', { maxretry: '3' });
    await visitor.post('/jails/sshd', { switches: 'yes', observing: 'yes' });
    expect(room.config.applied).toEqual([
      { kind: 'jail', jail: 'sshd', options: { maxretry: '3' } },
      { kind: 'jail', jail: 'sshd', options: { enabled: 'false' } },
      { kind: 'jail', jail: 'sshd', options: { observing: 'true' } },
    ]);
  });

  it('puts the chosen action under what was typed, and saves nothing by that', async () => {
    const room = web();
    const form = { 'add-action': 'yes', template: 'iptables-multiport', action: 'mine', bantime: HOSTILE };
    const page = await (await logIn(room.app)).post('/jails/sshd', form);
    expect(page.status).toBe(200);
    expect(page.text).toContain('mine\niptables-multiport[name&#x3D;&quot;x&quot;, port&#x3D;&quot;ssh&quot;]</textarea>');
    expect(page.text).toContain(`name="bantime" value="${HOSTILE_SHOWN}"`);
    expect(room.config.applied).toEqual([]);
  });

  it('tells refused values beside their fields, as text, with what was typed', async () => {
    const room = web();
    room.config.refusal = {
      message: HOSTILE,
      problems: [
        { severity: 'error', message: `no span: ${HOSTILE}`, option: 'bantime', file: 'jail.local', line: 2 },
        { severity: 'error', message: 'no such thing', option: 'strange' },
      ],
    };
    const page = await (await logIn(room.app)).post('/jails/sshd', { bantime: HOSTILE, maxretry: '7' });
    expect(page.status).toBe(422);
    expect(problemOf(page.text, 'bantime')).toBe(`no span: ${HOSTILE_SHOWN} (jail.local:2)`);
    expect(problemOf(page.text, 'maxretry')).toBe('');
    expect(page.text).toContain(`name="bantime" value="${HOSTILE_SHOWN}"`);
    expect(page.text).toContain('name="maxretry" value="7"');
    expect(textOf(page.text)).toContain('no such thing');
    expect(page.text).not.toContain('<script>alert');
    expect(await deeds(room)).toEqual([['jail.edit', 'sshd', false]]);
  });

  it('keeps the switches that were typed when something else is refused', async () => {
    const room = web();
    room.config.refusal = { message: 'no' };
    const page = await (await logIn(room.app)).post('/jails/sshd', { switches: 'yes', observing: 'yes' });
    expect(page.status).toBe(422);
    expect(page.text).toMatch(/name="enabled" value="yes">/);
    expect(page.text).toMatch(/name="observing" value="yes" checked>/);
  });
});

describe('the preview of an edit', () => {
  const preview: JailPreview = {
    ...{ jail: 'sshd', from: NOW - 3600, to: NOW, first: NOW - 3000, last: NOW - 5, stopped: 'end', lines: 1234, bytes: 99, files: [] },
    ...{ failures: 8, ignored: 1, ignoredBy: {}, names: 0, banned: 1, addresses: 1, leftOut: [], problems: [], messages: [] },
    bans: [{ id: HOSTILE, time: NOW - 100, bantime: -1, bancount: 1, failures: 8, users: [HOSTILE], matches: [HOSTILE] }],
  };
  const withResult = (result: PreviewResult): { readonly room: TestWeb; readonly asked: object[] } => {
    const asked: object[] = [];
    const previewJail = (request: object): Promise<PreviewResult> => {
      asked.push(request);
      return Promise.resolve(result);
    };
    return { room: testWeb({ tester: { ...tinyTester(), previewJail } }), asked };
  };

  it('lists whom it would have banned, as text, and saves nothing', async () => {
    const { room, asked } = withResult({ kind: 'done', preview });
    const page = await (await logIn(room.app)).post('/jails/sshd', { preview: 'yes', hours: '6', maxretry: '1' });
    expect(page.status).toBe(200);
    expect(asked).toEqual([{ confdir: '/nowhere', jail: 'sshd', since: 6 * 3600 }]);
    expect(textOf(page.text)).toContain('In the last 6 hours it would have banned 1 times:');
    expect(page.text.split(HOSTILE_SHOWN)).toHaveLength(4);
    expect(page.text).not.toContain('<script>alert');
    expect(room.config.applied).toEqual([]);
  });

  it('can be saved: all that was typed, the switches too', async () => {
    const { room } = withResult({ kind: 'done', preview: { ...preview, bans: [], banned: 0 } });
    const visitor = await logIn(room.app);
    const page = await visitor.post('/jails/sshd', { preview: 'yes', maxretry: '1', switches: 'yes', observing: 'yes' });
    expect(textOf(page.text)).toContain('In the last 24 hours it would have banned nobody.');
    await visitor.post('/jails/sshd', hiddenFields(page.text));
    expect(room.config.applied).toEqual([
      { kind: 'jail', jail: 'sshd', options: { maxretry: '1' } },
      { kind: 'jail', jail: 'sshd', options: { enabled: 'false' } },
      { kind: 'jail', jail: 'sshd', options: { observing: 'true' } },
    ]);
  });

  it.each([
    ['', 24],
    ['x', 24],
    ['0.2', 1],
    ['-5', 1],
    ['99999', 168],
  ])('looks back for bounded hours: «%s» are %d', async (hours, real) => {
    const { room, asked } = withResult({ kind: 'unfinished', reason: 'time', message: 'it took longer' });
    const page = await (await logIn(room.app)).post('/jails/sshd', { preview: 'yes', hours });
    expect(asked).toMatchObject([{ since: real * 3600 }]);
    expect(textOf(page.text)).toContain('it took longer');
  });

  it('is not made of an edit with errors: they stand beside the fields', async () => {
    const { room, asked } = withResult({ kind: 'done', preview });
    room.config.problems = [{ severity: 'error', message: 'no number', option: 'maxretry' }];
    const page = await (await logIn(room.app)).post('/jails/sshd', { preview: 'yes', maxretry: 'x' });
    expect(page.status).toBe(422);
    expect(problemOf(page.text, 'maxretry')).toBe('no number');
    expect(page.text).toContain('name="maxretry" value="x"');
    expect(asked).toEqual([]);
  });
});

describe('the text of a jail', () => {
  it('is shown, its changes are shown before they are saved, with the stamp of what was planned', async () => {
    const room = web();
    const visitor = await logIn(room.app);
    await visitor.post('/jails/sshd', { bantime: HOSTILE });
    expect((await visitor.get('/jails/sshd/raw')).text).toContain(`bantime &#x3D; ${HOSTILE_SHOWN}`);
    const asked = await visitor.post('/jails/sshd/raw', { text: `maxretry = 3\r\n# ${HOSTILE}` });
    expect(textOf(asked.text)).toContain('Save these changes of sshd?');
    expect(asked.text).not.toContain('<script>alert');
    expect(room.config.applied).toHaveLength(1);
    const fields = hiddenFields(asked.text);
    expect(fields).toMatchObject({ stamp: ['stamp-1'], text: [`maxretry = 3\r\n# ${HOSTILE}`] });
    expect((await visitor.post('/jails/sshd/raw', { ...fields, confirmed: 'yes' })).get('Location')).toBe('/jails/sshd');
    expect(room.config.applied[1]).toEqual({ kind: 'raw-jail', jail: 'sshd', text: `maxretry = 3\n# ${HOSTILE}` });
    expect((await deeds(room))[0]).toEqual(['jail.edit', 'sshd', true]);
  });

  it('that is wrong is refused before and after the question, and kept', async () => {
    const room = web();
    const visitor = await logIn(room.app);
    room.config.problems = [{ severity: 'error', message: 'no section', line: 1 }];
    const planned = await visitor.post('/jails/sshd/raw', { text: HOSTILE });
    expect(planned.status).toBe(422);
    expect(textOf(planned.text)).toContain('no section');
    expect(planned.text).toContain(`${HOSTILE_SHOWN}</textarea>`);
    room.config.refusal = { message: 'changed by hand meanwhile' };
    const refused = await visitor.post('/jails/sshd/raw', { text: HOSTILE, confirmed: 'yes', stamp: 'old' });
    expect(refused.status).toBe(422);
    expect(textOf(refused.text)).toContain('changed by hand meanwhile');
    expect(refused.text).toContain(`${HOSTILE_SHOWN}</textarea>`);
    expect(room.config.applied).toEqual([]);
    expect(await deeds(room)).toEqual([['jail.edit', 'sshd', false]]);
  });
});

describe('a new jail', () => {
  it('is added with what was filled in, switched on when the box says so', async () => {
    const room = web();
    const visitor = await logIn(room.app);
    const form = { name: ' shop ', enabled: 'yes', filter: 'sshd', logpath: '/var/log/shop.log', bantime: '' };
    expect((await visitor.post('/jails/new', form)).get('Location')).toBe('/jails/shop');
    const options = { enabled: 'true', filter: 'sshd', logpath: '/var/log/shop.log' };
    expect(room.config.applied).toEqual([{ kind: 'add-jail', jail: 'shop', options }]);
    expect(textOf((await visitor.get('/jails/shop')).text)).toContain('shop was added.');
    await visitor.post('/jails/new', { name: 'off' });
    expect(room.config.applied[1]).toEqual({ kind: 'add-jail', jail: 'off', options: { enabled: 'false' } });
    expect(await deeds(room)).toEqual([
      ['jail.add', 'off', true],
      ['jail.add', 'shop', true],
    ]);
  });

  it('begins with what the copied one has', async () => {
    const page = await (await logIn(web().app)).get('/jails/new?copy=sshd');
    expect(page.text).toMatch(/name="filter" value="sshd"/);
    expect(page.text).toMatch(/name="name" value=""/);
  });

  it.each([
    ['', /A name has up to 64 letters/],
    ['x'.repeat(65), /A name has up to 64 letters/],
    ['a]\n[b', /A name has up to 64 letters/],
    ['../b', /A name has up to 64 letters/],
    [HOSTILE, /A name has up to 64 letters/],
    ['sshd', /This name is taken already/],
  ])('is refused beside its name, and all that was typed is kept: %#', async (name, reason) => {
    const room = web();
    const page = await (await logIn(room.app)).post('/jails/new', { name, filter: 'mine', logpath: HOSTILE });
    expect(page.status).toBe(422);
    expect(problemOf(page.text, 'name')).toMatch(reason);
    if (name === HOSTILE) expect(page.text).toContain(`name="name" value="${HOSTILE_SHOWN}"`);
    expect(page.text).toMatch(/name="enabled" value="yes"(?! checked)/);
    expect(page.text).toContain('name="filter" value="mine"');
    expect(page.text).toContain(`${HOSTILE_SHOWN}</textarea>`);
    expect(page.text).not.toContain('<script>alert');
    expect(room.config.applied).toEqual([]);
    expect(await deeds(room)).toEqual([]);
  });

  it('that is refused says why beside the field', async () => {
    const room = web();
    room.config.refusal = { problems: [{ severity: 'error', message: `no filter ${HOSTILE}`, option: 'filter' }] };
    const page = await (await logIn(room.app)).post('/jails/new', { name: 'shop', filter: HOSTILE });
    expect(page.status).toBe(422);
    expect(problemOf(page.text, 'filter')).toBe(`no filter ${HOSTILE_SHOWN}`);
    expect(page.text).toContain('name="name" value="shop"');
    expect(await deeds(room)).toEqual([['jail.add', 'shop', false]]);
  });
});
