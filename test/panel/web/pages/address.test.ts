import { AppError } from '../../../../src/base/errors';
import { neighbourhoodOf } from '../../../../src/panel/web/pages/address';
import { TinyControl } from '../../../support/control';
import type { TestEvent } from '../../../support/history';
import { tinyTrusted } from '../../../support/panel';
import { deeds, HOSTILE, HOSTILE_SHOWN, problemOf, textOf } from '../../../support/page-text';
import { logIn, NOW, testWeb, type TestWeb } from '../../../support/web';

const ID = '198.51.100.7';
const events: readonly TestEvent[] = [
  { time: NOW - 300, jail: 'sshd', kind: 'found', id: ID },
  { time: NOW - 200, jail: 'plesk-panel', kind: 'found', id: ID },
  { time: NOW - 100, jail: 'sshd', kind: 'ban', id: ID },
  { time: NOW - 50, jail: 'sshd', kind: 'found', id: '198.51.100.99' },
  { time: NOW - 40, jail: 'sshd', kind: 'found', id: '203.0.113.9' },
];
const web = (): TestWeb => {
  const bans = [{ jail: 'sshd', id: ID, time: NOW - 100, bantime: 3600 }];
  return testWeb({ control: new TinyControl([{ name: 'sshd' }, { name: 'plesk-panel' }], bans), events });
};

describe('the page of one address', () => {
  it('tells where it is from, what it did, in which jails, and that it is banned and for how long', async () => {
    const page = await (await logIn(web().app)).get(`/address/${ID}`);
    expect(page.status).toBe(200);
    const text = textOf(page.text);
    expect(text).toContain('Now Banned');
    expect(text).toContain('Country Germany Network Example Net AS64500');
    expect(text).toContain('Failures 2 Times banned 1');
    expect(text).toContain('58 min');
    expect(text).toContain('Neighbours in 198.51.100.0/24 IP address Failures Bans 198.51.100.99 1 0');
    expect(text).not.toContain('203.0.113.9');
    expect(page.text).toContain(`href="/bans/new?ids&#x3D;198.51.100.0%2F24"`);
  });

  it('offers to ban or to trust an address that is free', async () => {
    const page = await (await logIn(web().app)).get('/address/192.0.2.55');
    const text = textOf(page.text);
    expect(text).toContain('Now not banned');
    expect(text).toContain('Nothing is known of this address.');
    expect(text).toContain('Ban this address Trust this address');
  });

  it('marks the visitor’s own address', async () => {
    expect(textOf((await (await logIn(web().app)).get('/address/127.0.0.1')).text)).toContain('your address');
    expect(textOf((await (await logIn(web().app)).get('/address/192.0.2.1')).text)).not.toContain('your address');
  });

  it('shows the history while the engine is silent', async () => {
    const room = web();
    const visitor = await logIn(room.app);
    room.control.failure = new AppError('SERVER_NOT_RUNNING', 'gone');
    const page = await visitor.get(`/address/${ID}`);
    expect(page.status).toBe(200);
    expect(textOf(page.text)).toContain('Failures 2 Times banned 1');
  });

  it('is not there for names that are too long', async () => {
    const visitor = await logIn(web().app);
    expect((await visitor.get(`/address/${'x'.repeat(256)}`)).status).toBe(404);
    expect((await visitor.get(`/address/${'x'.repeat(255)}`)).status).toBe(200);
    expect((await visitor.get('/address/%E0%A4%A')).status).toBe(400);
  });

  it('asks for the host name before it asks for anything else', async () => {
    const asked: string[] = [];
    const hostName = (id: string): Promise<string> => {
      asked.push(`name of ${id}`);
      return Promise.resolve('slow.example');
    };
    const isTrusted = (id: string): Promise<boolean> => {
      asked.push(`trust in ${id}`);
      return Promise.resolve(false);
    };
    const room = testWeb({ rooms: { hostName, trusted: { ...tinyTrusted(), isTrusted } } });
    const page = await (await logIn(room.app)).get('/address/192.0.2.1');
    expect(page.text).toContain('<dt>Host name</dt><dd>slow.example</dd>');
    expect(asked).toEqual(['name of 192.0.2.1', 'trust in 192.0.2.1']);
  });

  it('shows a hostile address, host name and jail as text', async () => {
    const hostile = [{ time: NOW - 5, jail: HOSTILE, kind: 'ban' as const, id: HOSTILE }];
    const room = testWeb({ events: hostile, rooms: { hostName: () => Promise.resolve(HOSTILE) } });
    const page = await (await logIn(room.app)).get(`/address/${encodeURIComponent(HOSTILE)}`);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('<script>alert');
    expect(page.text).toContain(`<dt>Host name</dt><dd>${HOSTILE_SHOWN}</dd>`);
    expect(page.text).toContain(`<th scope="row">${HOSTILE_SHOWN}</th>`);
  });
});

describe('notes of an address', () => {
  it('are added, shown as text, and removed; each is written down', async () => {
    const room = web();
    const visitor = await logIn(room.app);
    const answer = await visitor.post(`/address/${ID}/notes`, { text: ` ${HOSTILE} ` });
    expect([answer.status, answer.get('Location')]).toEqual([303, `/address/${ID}`]);
    const page = await visitor.get(`/address/${ID}`);
    expect(textOf(page.text)).toContain('The note was added.');
    expect(page.text).not.toContain('<script>alert');
    expect(page.text).toContain(`<p>${HOSTILE_SHOWN}</p>`);
    const [note] = await room.notebook.notes(ID);
    expect(note).toMatchObject({ text: HOSTILE, who: 'admin', time: NOW });
    expect((await visitor.post(`/address/${ID}/notes/remove`, { note: String(note?.id) })).status).toBe(303);
    expect(textOf((await visitor.get(`/address/${ID}`)).text)).toContain('The note was removed.');
    expect(await room.notebook.notes(ID)).toEqual([]);
    expect(await deeds(room)).toEqual([
      ['notes.remove', ID, true],
      ['notes.add', ID, true],
    ]);
  });

  it.each(['', ' \r\n ', 'x'.repeat(1001)])('are refused beside the field, and kept there: %#', async (text) => {
    const room = web();
    const page = await (await logIn(room.app)).post(`/address/${ID}/notes`, { text });
    expect(page.status).toBe(422);
    expect(problemOf(page.text, 'text')).toBe('A note has 1 to 1000 characters.');
    expect(page.text).toContain(`${text}</textarea>`);
    expect(await room.notebook.notes(ID)).toEqual([]);
    expect(await deeds(room)).toEqual([]);
  });

  it('of another address are not removed', async () => {
    const room = web();
    const visitor = await logIn(room.app);
    await visitor.post(`/address/${ID}/notes`, { text: 'ours' });
    const [note] = await room.notebook.notes(ID);
    for (const id of [String(note?.id), '999', 'x', '']) {
      await visitor.post('/address/192.0.2.1/notes/remove', { note: id });
      expect(textOf((await visitor.get('/address/192.0.2.1')).text)).toContain('There was no such note any more.');
    }
    expect(await room.notebook.notes(ID)).toHaveLength(1);
  });
});

describe('the neighbourhood', () => {
  it.each([
    ['192.0.2.77', '192.0.2.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['192.0.2.0/24', null],
    ['nonsense', null],
  ])('of %s is %s', (id, range) => {
    expect(neighbourhoodOf(id)).toBe(range);
  });
});
