import { itemValue } from '../../../../src/panel/web/items';
import { logIn, NOW, testWeb } from '../../../support/web';
import { TinyControl } from '../../../support/control';

const jails = [{ name: 'sshd' }, { name: 'plesk-wordpress' }];

function twoBans(): TinyControl {
  return new TinyControl(jails, [
    { jail: 'sshd', id: '198.51.100.7', time: NOW - 60, bantime: 3600 },
    { jail: 'plesk-wordpress', id: '2001:db8::5', time: NOW - 5, bantime: -1 },
  ]);
}

describe('the page of banned addresses', () => {
  it('lists address, jail, begin and time left, the newest first', async () => {
    const { app } = testWeb({ control: twoBans() });
    const page = await (await logIn(app)).get('/bans');
    expect(page.status).toBe(200);
    expect(page.text).toContain('2 bans in force');
    expect(page.text.indexOf('2001:db8::5')).toBeLessThan(page.text.indexOf('198.51.100.7'));
    expect(page.text).toContain('59 min');
    expect(page.text).toContain('permanent');
    expect(page.text).toContain(`datetime="${new Date((NOW - 60) * 1000).toISOString()}"`);
  });

  it('says in words that nobody is banned', async () => {
    const page = await (await logIn(testWeb().app)).get('/bans');
    expect(page.text).toContain('Nobody is banned');
    expect(page.text).not.toContain('<table');
  });

  it('lifts a ban, goes back to the list, says so once, and writes it down', async () => {
    const { app, control, notebook } = testWeb({ control: twoBans() });
    const visitor = await logIn(app);
    const answer = await visitor.post('/bans/unban', { unban: itemValue({ jail: 'sshd', id: '198.51.100.7' }), back: '/bans?sort=jail' });
    expect([answer.status, answer.get('Location')]).toEqual([303, '/bans?sort=jail']);
    expect((await control.banned()).map((ban) => ban.id)).toEqual(['2001:db8::5']);
    expect((await visitor.get('/bans')).text).toContain('198.51.100.7 is no longer banned in sshd.');
    expect((await visitor.get('/bans')).text).not.toContain('is no longer banned');
    const { entries } = await notebook.auditList({ limit: 10 });
    expect(entries).toMatchObject([{ who: 'admin', action: 'bans.unban', subject: '198.51.100.7 in sshd', ok: true }]);
  });

  it('says so when the ban had ended meanwhile', async () => {
    const visitor = await logIn(testWeb({ control: twoBans() }).app);
    await visitor.post('/bans/unban', { unban: itemValue({ jail: 'sshd', id: '192.0.2.1' }) });
    expect((await visitor.get('/bans')).text).toContain('192.0.2.1 (sshd): was not banned any more');
  });

  it('asks before it lifts many, with their number, and then does it', async () => {
    const { app, control } = testWeb({ control: twoBans() });
    const visitor = await logIn(app);
    const item = (await control.banned()).map(itemValue);
    const asked = await visitor.post('/bans/unban', { unban: 'marked', item });
    expect(asked.text).toContain('Unban 2 addresses?');
    expect(await control.banned()).toHaveLength(2);
    const done = await visitor.post('/bans/unban', { unban: 'marked', item, confirmed: 'yes' });
    expect(done.status).toBe(303);
    expect(await control.banned()).toHaveLength(0);
  });

  it.each(['', '{}', '["ssh"]', '["ssh",1]', '["",""]', 'marked-not'])('refuses the item %s, and changes nothing', async (unban) => {
    const { app, control } = testWeb({ control: twoBans() });
    const visitor = await logIn(app);
    await visitor.post('/bans/unban', { unban });
    expect(await control.banned()).toHaveLength(2);
    expect((await visitor.get('/bans')).text).toContain('Nothing was changed');
  });

  it.each(['//evil.example/', 'https://evil.example/bans', '/bans\\evil', '/settings'])('does not lead back to %s', async (back) => {
    const visitor = await logIn(testWeb({ control: twoBans() }).app);
    const answer = await visitor.post('/bans/unban', { unban: itemValue({ jail: 'sshd', id: '198.51.100.7' }), back });
    expect(answer.get('Location')).toBe('/bans');
  });

  it('moves to trusted with a note, after asking for it, and lifts the bans everywhere', async () => {
    const { app, control } = testWeb({ control: twoBans() });
    const visitor = await logIn(app);
    const trust = itemValue({ jail: 'sshd', id: '198.51.100.7' });
    const asked = await visitor.post('/bans/trust', { trust });
    expect(asked.text).toContain('never be banned again');
    await visitor.post('/bans/trust', { trust, note: 'office <Berlin>', confirmed: 'yes' });
    expect((await control.banned()).map((ban) => ban.id)).toEqual(['2001:db8::5']);
    const page = await visitor.get('/trusted');
    expect(page.text).toContain('198.51.100.7');
    expect(page.text).toContain('office &lt;Berlin&gt;');
  });

  it('finds, by what is searched, and keeps the search in its links', async () => {
    const visitor = await logIn(testWeb({ control: twoBans() }).app);
    const page = await visitor.get('/bans?search=2001&sort=jail&order=ascending');
    expect(page.text).toContain('1 ban in force');
    expect(page.text).not.toContain('198.51.100.7');
    expect(page.text).toContain('/bans?search&#x3D;2001&amp;sort&#x3D;jail&amp;order&#x3D;descending');
    expect((await visitor.get('/bans?search=nobody')).text).toContain('Nothing fits the search');
  });

  it('exports what is shown, without formulas', async () => {
    const control = new TinyControl(jails, [{ jail: 'sshd', id: '=cmd|x', time: NOW - 60, bantime: 3600 }]);
    const visitor = await logIn(testWeb({ control }).app);
    const csv = await visitor.get('/bans/export.csv');
    expect(csv.get('Content-Disposition')).toContain('banned.csv');
    expect(csv.text.split('\r\n')[1]).toMatch(/^"'=cmd\|x",sshd,/);
    const json = await visitor.get('/bans/export.json');
    expect(JSON.parse(json.text)).toMatchObject([{ id: '=cmd|x', jail: 'sshd', bantime: 3600 }]);
    expect(JSON.parse((await (await logIn(testWeb().app)).get('/bans/export.json')).text)).toEqual([]);
  });

  it('cuts long lists into pages and stays on the last one when asked for more', async () => {
    const many = Array.from({ length: 250 }, (_, index) => ({ jail: 'sshd', id: `198.51.100.${index}`, time: NOW - index, bantime: 3600 }));
    const visitor = await logIn(testWeb({ control: new TinyControl(jails, many) }).app);
    const first = await visitor.get('/bans');
    expect(first.text.match(/name="item"/g)).toHaveLength(100);
    expect(first.text).toContain('Page 1 of 3');
    const last = await visitor.get('/bans?page=99');
    expect(last.text.match(/name="item"/g)).toHaveLength(50);
    expect((await visitor.get('/bans?page=x')).text).toContain('Page 1 of 3');
  });
});
