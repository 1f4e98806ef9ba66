import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { switchEngine } from '../../../../src/panel/web/acts/settings';
import { isMessageKey } from '../../../../src/panel/web/messages';
import { createRenderer } from '../../../../src/panel/web/render';
import { readViews } from '../../../../src/panel/web/views';
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
      'A change of admin could cut him off (settings of the jail sshd). Unless it is kept, it is taken back in 90 seconds.',
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

  it.each([
    [['sshd'], true],
    [[], false],
  ])('a filter waits when a jail is changed by it: %j', async (jails, waits) => {
    const all = web();
    const { editor } = all.config;
    Object.assign(editor, { plan: () => Promise.resolve({ changes: [], problems: [], jails, stamp: 'stamp-1' }) });
    const { get, post } = await logIn(all.app);
    await post('/filters/new', { name: 'fresh', text: '[Definition]\n', confirmed: 'yes', stamp: 'stamp-1' });
    expect((await get('/')).text.includes(WAITS)).toBe(waits);
  });

  it('is told in the words of every language', async () => {
    const render = createRenderer(readViews(path.resolve(__dirname, '../../../../views')));
    const here = { waits: true, who: 'admin', left: 90, path: '/', what: 'jail.edit sshd; bans.ban 10.0.0.0/8; unknown.deed x' };
    const said = (language: string): string => textOf(render('partials/still-here', here, language));
    expect(said('en')).toContain('(settings of the jail sshd; banned: 10.0.0.0/8; unknown.deed x)');
    expect(said('de')).toContain('(Einstellungen des Jails sshd; gesperrt: 10.0.0.0/8; unknown.deed x)');
  });

  it('has words for everything that can wait', () => {
    const acts = path.resolve(__dirname, '../../../../src/panel/web');
    const words = new Set<string>();
    for (const file of readdirSync(acts, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))) {
      const text = readFileSync(path.join(acts, file), 'utf8');
      for (const [, word = ''] of text.matchAll(/'((?:jail|settings|trusted|bans)\.[a-z]+)'/g)) words.add(word);
    }
    const wanted = [...words].filter((word) => /^(jail\.(edit|add|remove|reset|on|off)|settings\.(edit|import|restore))$/.test(word));
    expect(wanted.length).toBeGreaterThanOrEqual(8);
    const kinds = ['filter', 'action'].flatMap((kind) => ['add', 'edit', 'remove'].map((what) => `${kind}.${what}`));
    for (const word of [...wanted, ...kinds, 'bans.ban', 'trusted.remove']) expect(isMessageKey(`deed.${word}`)).toBe(true);
  });

  it('keeps others from switching the engine meanwhile', async () => {
    const all = web();
    const { post } = await logIn(all.app);
    await post('/jails/sshd', { maxretry: '3' });
    const other = { who: 'other', client: '192.0.2.9' };
    await expect(switchEngine(all.rooms, other, 'fail2ban')).rejects.toThrow('waits to be confirmed');
    expect((await switchEngine(all.rooms, { ...other, who: 'admin' }, 'fail2ban')).ok).toBe(true);
  });
});
