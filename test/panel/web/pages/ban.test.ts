import { TinyControl } from '../../../support/control';
import { deeds, HOSTILE, HOSTILE_SHOWN, problemOf, textOf } from '../../../support/page-text';
import { logIn, testWeb, type TestWeb } from '../../../support/web';

const web = (): TestWeb => testWeb({ control: new TinyControl([{ name: 'manual' }, { name: 'sshd' }]) });
const good = { ids: '192.0.2.1', jail: 'sshd', duration: '1w', reason: 'scans' };

describe('the page that bans by hand', () => {
  it('offers all jails and a week, and takes the address from a link', async () => {
    const page = await (await logIn(web().app)).get('/bans/new?ids=192.0.2.1');
    expect(page.status).toBe(200);
    expect(page.text).toContain('192.0.2.1</textarea>');
    expect(page.text).toMatch(/name="duration" value="1w"/);
    expect(textOf(page.text)).toContain('All services manual sshd');
  });

  it('bans one address in one jail, says so and writes it down with its reason', async () => {
    const room = web();
    const visitor = await logIn(room.app);
    const answer = await visitor.post('/bans/new', good);
    expect([answer.status, answer.get('Location')]).toEqual([303, '/bans']);
    expect(textOf((await visitor.get('/bans')).text)).toContain('192.0.2.1 is banned in sshd.');
    expect((await room.control.banned()).map(({ jail, id }) => [jail, id])).toEqual([['sshd', '192.0.2.1']]);
    const [entry] = (await room.notebook.auditList({ limit: 1 })).entries;
    expect(entry).toMatchObject({ who: 'admin', action: 'bans.ban', subject: '192.0.2.1 in sshd', ok: true });
    expect(JSON.parse(entry?.after ?? '')).toEqual({ duration: 604_800, reason: 'scans' });
  });

  it('bans many in all services, each once, and says which it could not', async () => {
    const room = web();
    const visitor = await logIn(room.app);
    const ids = '192.0.2.1, 192.0.2.1\n198.51.100.0/24;nonsense';
    expect((await visitor.post('/bans/new', { ...good, ids, jail: '' })).status).toBe(303);
    const text = textOf((await visitor.get('/bans')).text);
    expect(text).toContain('Banned: 2. Not done: 1.');
    expect(text).toContain('nonsense (manual): is no address');
    expect((await room.control.banned()).map(({ id }) => id)).toEqual(['192.0.2.1', '198.51.100.0/24']);
    expect(await deeds(room)).toHaveLength(3);
  });

  it.each([
    ['ids', { ids: ' \n,;' }, 'Name at least one address or range.'],
    ['ids', { ids: Array.from({ length: 1001 }, (_, index) => `10.0.${index >> 8}.${index & 255}`).join('\n') }, 'At most 1000 at a time.'],
    ['duration', { duration: 'soon' }, 'This is no span of time: write seconds, 30m, 12h, 1w, or -1.'],
    ['duration', { duration: '0' }, 'This is no span of time: write seconds, 30m, 12h, 1w, or -1.'],
    ['duration', { duration: '-5' }, 'This is no span of time: write seconds, 30m, 12h, 1w, or -1.'],
    ['duration', { duration: '99999d' }, 'This is no span of time: write seconds, 30m, 12h, 1w, or -1.'],
    ['jail', { jail: 'nowhere' }, 'There is no such jail.'],
    ['reason', { reason: 'x'.repeat(1001) }, 'At most 1000 characters.'],
  ])('says beside %s what is wrong with %j, and keeps the rest', async (field, change, reason) => {
    const room = web();
    const page = await (await logIn(room.app)).post('/bans/new', { ...good, ids: '192.0.2.77', ...change });
    expect(page.status).toBe(422);
    expect(problemOf(page.text, field)).toBe(reason);
    if (field !== 'ids') expect(page.text).toContain('192.0.2.77</textarea>');
    if (field !== 'reason') expect(page.text).toContain('value="scans"');
    expect(await room.control.banned()).toEqual([]);
    expect(await deeds(room)).toEqual([]);
  });

  it('never bans the address that asks, and says why', async () => {
    const room = web();
    const page = await (await logIn(room.app)).post('/bans/new', { ...good, ids: '127.0.0.0/8' });
    expect(page.status).toBe(422);
    expect(textOf(page.text)).toContain('Nothing was banned: 127.0.0.0/8: is your own address');
    expect(page.text).toContain('127.0.0.0/8</textarea>');
    expect(await room.control.banned()).toEqual([]);
    expect(await deeds(room)).toEqual([['bans.ban', '127.0.0.0/8 in sshd', false]]);
  });

  it('shows hostile words as text in every field', async () => {
    const room = web();
    const page = await (await logIn(room.app)).post('/bans/new', { ids: HOSTILE, jail: HOSTILE, duration: HOSTILE, reason: HOSTILE });
    expect(page.status).toBe(422);
    expect(page.text).not.toContain('<script>alert');
    expect(page.text.split(HOSTILE_SHOWN)).toHaveLength(4);
  });

  it('leaves the ban period to the jail when none is given', async () => {
    const room = web();
    await (await logIn(room.app)).post('/bans/new', { ...good, duration: ' ' });
    const [entry] = (await room.notebook.auditList({ limit: 1 })).entries;
    expect(JSON.parse(entry?.after ?? '')).toMatchObject({ duration: null });
  });
});
