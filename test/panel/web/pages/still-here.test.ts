import path from 'node:path';
import { send as call, tokenOf } from '../../../support/api';
import { TinyControl } from '../../../support/control';
import { temporaryFolder } from '../../../support/folder';
import { deeds, hiddenFields, textOf } from '../../../support/page-text';
import { formToken, SECRET, send } from '../../../support/signed';
import { logIn, NOW, testWeb, type TestWeb } from '../../../support/web';

const folder = temporaryFolder('bailiff-still-here-');
afterAll(() => folder.remove());
let count = 0;

function web(secret?: string): TestWeb {
  const held = path.join(folder.path, `${(count += 1)}.json`);
  return testWeb({ held, control: new TinyControl([{ name: 'sshd' }, { name: 'manual' }]), ...(secret === undefined ? {} : { secret }) });
}

const WAITS = 'could cut him off';

describe('an edit that could cut off its author', () => {
  it('is told on every page, and kept by a click some seconds later', async () => {
    const all = web();
    const { get, post } = await logIn(all.app);
    expect((await post('/jails/sshd', { maxretry: '3' })).status).toBe(303);
    const page = (await get('/bans?jail=sshd')).text;
    expect(textOf(page)).toContain(
      'A change of admin could cut him off (jail.edit sshd). Unless it is kept, it is taken back in 90 seconds.',
    );
    expect(page).toContain('data-still-here="10"');
    expect(hiddenFields(page)['to']).toEqual(['/bans?jail=sshd']);
    const early = await post('/still-here', { answer: 'keep', to: '/bans' });
    expect([early.status, early.get('Location')]).toEqual([303, '/bans']);
    expect(textOf((await get('/')).text)).toContain('It is too early to tell');
    all.now += 10;
    await post('/still-here', { answer: 'keep', to: '/' });
    const after = textOf((await get('/')).text);
    expect(after).toContain('The change is kept.');
    expect(after).not.toContain(WAITS);
    expect(await deeds(all)).toEqual([
      ['edit.kept', 'jail.edit sshd', true],
      ['jail.edit', 'sshd', true],
    ]);
  });

  it('is taken back at once by a click, and told until that is read', async () => {
    const all = web();
    const { get, post } = await logIn(all.app);
    const before = await all.config.editor.exportAll();
    await post('/jails/switch', { on: 'sshd' });
    await post('/bans/new', { ids: '198.51.0.0/16', jail: 'manual', duration: '1h' });
    expect(await all.control.banned()).toHaveLength(1);
    await post('/still-here', { answer: 'back', to: '/jails' });
    expect([await all.config.editor.exportAll(), await all.control.banned()]).toEqual([before, []]);
    expect(textOf((await get('/')).text)).toContain('Your change was taken back');
    await post('/still-here', { answer: 'seen', to: '/' });
    expect(textOf((await get('/')).text)).not.toContain('Your change was taken back');
    expect(await deeds(all)).toContainEqual(['edit.taken-back', expect.stringContaining('bans.ban 198.51.0.0/16') as string, true]);
  });

  it.each([
    ['a longer ban', '/jails/sshd', { bantime: '1h' }],
    ['a ban of one address', '/bans/new', { ids: '198.51.100.7', jail: 'manual', duration: '1h' }],
    ['a trusted address more', '/trusted/new', { entries: '192.0.2.1' }],
    ['days of the history', '/settings/retention', { days: '7' }],
  ] as const)('is not %s', async (_what, to, form) => {
    const { get, post } = await logIn(web().app);
    expect((await post(to, form)).status).toBe(303);
    expect((await get('/')).text).not.toContain(WAITS);
  });

  it('leads back to no other host', async () => {
    const { post } = await logIn(web().app);
    for (const to of ['//evil.example', 'http://evil.example', '/\\evil.example', '/a\nb', ''])
      expect((await post('/still-here', { answer: 'keep', to })).get('Location')).toBe('/');
  });

  it('has programs and others wait', async () => {
    const all = web();
    const { post } = await logIn(all.app);
    await post('/jails/sshd', { maxretry: '3' });
    const edit = { params: { name: 'sshd' }, body: { options: { maxretry: '4' } } };
    const patch = { method: 'patch', path: '/jails/{name}' } as const;
    const secret = await tokenOf(all, false);
    const refused = await call(all, patch, edit, secret);
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('waits to be confirmed')]);
    all.now += 10;
    await post('/still-here', { answer: 'keep', to: '/' });
    expect((await call(all, patch, edit, secret)).status).toBe(200);
    expect(all.rooms.handle?.waiting()).toBeNull();
  });
});

describe('inside the panel', () => {
  async function write(all: TestWeb, to: string, form: Readonly<Record<string, string>>): Promise<void> {
    const _csrf = formToken((await send(all.app, '/trusted')).text);
    expect((await send(all.app, to, new URLSearchParams({ ...form, _csrf }).toString())).status).toBe(303);
  }

  it('who is trusted need not fear a jail, but his own address that is taken out', async () => {
    const all = web(SECRET);
    await all.rooms.trusted.add([{ entry: '192.0.2.10', note: '', end: null, jail: null }], 'admin', NOW);
    await write(all, '/jails/sshd', { maxretry: '3' });
    expect(all.rooms.handle?.waiting()).toBeNull();
    await write(all, '/jails/sshd', { action: 'iptables' });
    expect(all.rooms.handle?.waiting()).toMatchObject({ who: 'admin', client: '192.0.2.10' });
    const page = (await send(all.app, '/jails')).text;
    expect(page).toContain('data-still-here="10"');
    const elsewhere = (await send(all.app, '/jails', null, { signed: { client: '198.51.100.1' } })).text;
    expect(textOf(elsewhere)).toContain(WAITS);
    // Another address of his proves nothing by itself.
    expect(elsewhere).not.toContain('data-still-here="');
  });
});
