import { TinyControl } from '../../../support/control';
import { tinyTrusted } from '../../../support/panel';
import { deeds, hiddenFields, HOSTILE, HOSTILE_SHOWN, problemOf, textOf } from '../../../support/page-text';
import { logIn, NOW, testWeb, type TestWeb } from '../../../support/web';

const web = (): TestWeb => testWeb({ control: new TinyControl([{ name: 'sshd' }]) });
const good = { entries: '192.0.2.1 # office', note: '', end: '', jail: '' };
const key = (entry: string): string => JSON.stringify([entry, null]);

describe('the page of trusted addresses', () => {
  it('names jails that can ban even who is trusted everywhere', async () => {
    const visitor = await logIn(testWeb({ rooms: { trusted: { ...tinyTrusted(), apart: () => Promise.resolve(['web', HOSTILE]) } } }).app);
    const page = await visitor.get('/trusted');
    expect(textOf(page.text)).toContain('Jails with a list of their own');
    expect(page.text).toContain('href="/jails/web">web</a>');
    expect(page.text).toContain(HOSTILE_SHOWN);
    expect(page.text).not.toContain(HOSTILE);
  });

  it('says in words that nobody is trusted, and offers to trust oneself with one click', async () => {
    const room = web();
    const visitor = await logIn(room.app);
    const page = await visitor.get('/trusted');
    expect(textOf(page.text)).toContain('Nobody is trusted yet');
    expect(textOf(page.text)).toContain('Your own address 127.0.0.1 is not trusted');
    const { entries = [], note = [] } = hiddenFields(page.text);
    expect((await visitor.post('/trusted/new', { entries, note })).status).toBe(303);
    const after = textOf((await visitor.get('/trusted')).text);
    expect(after).toContain('127.0.0.1 is trusted.');
    expect(after).toContain('127.0.0.1 your address Own address of admin all admin');
    expect(after).not.toContain('is not trusted');
    expect(await deeds(room)).toEqual([['trusted.add', '127.0.0.1', true]]);
  });

  it('adds many with their notes, for a jail and with an end, and exports them as they were pasted', async () => {
    const room = web();
    const visitor = await logIn(room.app);
    const entries = '192.0.2.1, 198.51.100.0/24 # office\r\n# nothing\r\n2001:db8::1\r\n192.0.2.1 # office';
    const answer = await visitor.post('/trusted/new', { entries, note: 'home', end: '1d', jail: 'sshd' });
    expect([answer.status, answer.get('Location')]).toEqual([303, '/trusted']);
    const page = await visitor.get('/trusted');
    expect(textOf(page.text)).toContain('Trusted: 3. Not done: 0.');
    expect(page.text.split(`datetime="${new Date((NOW + 86_400) * 1000).toISOString()}"`)).toHaveLength(4);
    const file = await visitor.get('/trusted/export.txt');
    expect(file.get('Content-Disposition')).toBe('attachment; filename=trusted.txt');
    expect(file.text).toBe('192.0.2.1 # office\n198.51.100.0/24 # office\n2001:db8::1 # home\n');
    expect(await deeds(room)).toHaveLength(3);
  });

  it('finds entries by address and by note', async () => {
    const visitor = await logIn(web().app);
    await visitor.post('/trusted/new', { ...good, entries: '192.0.2.1 # office\n192.0.2.2 # home' });
    const found = (await visitor.get('/trusted?search=OFFICE')).text;
    expect(found).toContain('192.0.2.1</code>');
    expect(found).not.toContain('192.0.2.2</code>');
  });

  it.each([
    ['entries', { entries: ' # only a note' }, 'Name at least one address, range or host name.'],
    ['entries', { entries: Array.from({ length: 1001 }, (_, i) => `10.0.${i >> 8}.${i & 255}`).join('\n') }, 'At most 1000 at a time.'],
    ['end', { end: 'soon' }, 'This is no span of time: write seconds, 12h, 30d, or nothing.'],
    ['end', { end: '-1' }, 'This is no span of time: write seconds, 12h, 30d, or nothing.'],
    ['jail', { jail: 'nowhere' }, 'There is no such jail.'],
    ['note', { note: 'x'.repeat(1001) }, 'At most 1000 characters.'],
  ])('says beside %s what is wrong, keeps what was typed and trusts nobody', async (field, change, reason) => {
    const room = web();
    const visitor = await logIn(room.app);
    const form = { ...good, entries: '192.0.2.77', note: 'kept', ...change };
    const page = await visitor.post('/trusted/new', form);
    expect(page.status).toBe(422);
    expect(problemOf(page.text, field)).toBe(reason);
    if (field !== 'entries') expect(page.text).toContain('192.0.2.77</textarea>');
    if (field !== 'note') expect(page.text).toContain('value="kept"');
    expect((await visitor.get('/trusted/export.txt')).text).toBe('');
    expect(await deeds(room)).toEqual([]);
  });

  it('tells of each entry why it was not taken, as text', async () => {
    const room = web();
    const visitor = await logIn(room.app);
    const all = await visitor.post('/trusted/new', { ...good, entries: HOSTILE });
    expect(all.status).toBe(422);
    expect(all.text).toContain(`${HOSTILE_SHOWN}</textarea>`);
    expect(all.text).not.toContain('<script>alert');
    expect(textOf(all.text)).toContain('Nothing was added:');
    await visitor.post('/trusted/new', { ...good, entries: `192.0.2.1 # ${HOSTILE}\nbad!` });
    const page = await visitor.get('/trusted');
    expect(textOf(page.text)).toContain('Trusted: 1. Not done: 1.');
    expect(page.text).toContain(`<td data-label="Note">${HOSTILE_SHOWN}</td>`);
    expect(page.text).not.toContain('<script>alert');
  });

  it('asks before it trusts somebody no longer, says whom, and then does it', async () => {
    const room = web();
    const visitor = await logIn(room.app);
    await visitor.post('/trusted/new', { ...good, entries: '192.0.2.1 192.0.2.2 192.0.2.3' });
    const asked = await visitor.post('/trusted/remove', { remove: 'marked', item: [key('192.0.2.1'), key('192.0.2.3')] });
    expect(asked.status).toBe(200);
    expect(textOf(asked.text)).toContain('Trust these 2 no longer?');
    expect((await visitor.get('/trusted/export.txt')).text.split('\n')).toHaveLength(4);
    const answer = await visitor.post('/trusted/remove', { ...hiddenFields(asked.text), confirmed: 'yes' });
    expect([answer.status, answer.get('Location')]).toEqual([303, '/trusted']);
    expect((await visitor.get('/trusted/export.txt')).text).toBe('192.0.2.2\n');
    expect(textOf((await visitor.get('/trusted')).text)).toContain('No longer trusted: 2. Not done: 0.');
    expect((await deeds(room)).slice(0, 2)).toEqual([
      ['trusted.remove', '192.0.2.3', true],
      ['trusted.remove', '192.0.2.1', true],
    ]);
  });

  it.each([{ remove: 'marked' }, { remove: '' }, { remove: '{}' }, { remove: '[1,2]' }, { remove: '["a"]' }])(
    'removes nothing for %j',
    async (form) => {
      const room = web();
      const visitor = await logIn(room.app);
      expect((await visitor.post('/trusted/remove', { ...form, confirmed: 'yes' })).status).toBe(303);
      expect(textOf((await visitor.get('/trusted')).text)).toContain('No entry is marked. Nothing was changed.');
      expect(await deeds(room)).toEqual([]);
    },
  );

  it('says when an entry is not there any more', async () => {
    const room = web();
    const visitor = await logIn(room.app);
    await visitor.post('/trusted/remove', { remove: key('192.0.2.9'), confirmed: 'yes' });
    expect(textOf((await visitor.get('/trusted')).text)).toContain('192.0.2.9 (): is not there');
    expect(await deeds(room)).toEqual([['trusted.remove', '192.0.2.9', false]]);
  });
});
