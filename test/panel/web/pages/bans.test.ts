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

  it('lifts a ban, goes back to the list, and says so once', async () => {
    const { app, control } = testWeb({ control: twoBans() });
    const visitor = await logIn(app);
    const answer = await visitor.post('/bans/unban', { jail: 'sshd', id: '198.51.100.7' });
    expect([answer.status, answer.get('Location')]).toEqual([303, '/bans']);
    expect((await control.banned()).map((ban) => ban.id)).toEqual(['2001:db8::5']);
    expect((await visitor.get('/bans')).text).toContain('198.51.100.7 is no longer banned in sshd.');
    expect((await visitor.get('/bans')).text).not.toContain('is no longer banned');
  });

  it('says so when the ban had ended meanwhile', async () => {
    const visitor = await logIn(testWeb({ control: twoBans() }).app);
    await visitor.post('/bans/unban', { jail: 'sshd', id: '192.0.2.1' });
    expect((await visitor.get('/bans')).text).toContain('192.0.2.1 was not banned in sshd any more.');
  });

  it('refuses a form without an address, and changes nothing', async () => {
    const { app, control } = testWeb({ control: twoBans() });
    const visitor = await logIn(app);
    await visitor.post('/bans/unban', { jail: 'sshd', id: '' });
    expect(await control.banned()).toHaveLength(2);
    expect((await visitor.get('/bans')).text).toContain('Nothing was changed');
  });

  it('shows what the engine says when it refuses', async () => {
    const visitor = await logIn(testWeb({ control: twoBans() }).app);
    const answer = await visitor.post('/bans/unban', { jail: 'nowhere', id: '192.0.2.1' });
    expect(answer.status).toBe(502);
    expect(answer.text).toContain('The engine refused');
    expect(answer.text).toContain('&#x27;nowhere&#x27; does not exist');
  });

  it('cuts long lists into pages and stays on the last one when asked for more', async () => {
    const many = Array.from({ length: 450 }, (_, index) => ({ jail: 'sshd', id: `198.51.100.${index}`, time: NOW - index, bantime: 3600 }));
    const visitor = await logIn(testWeb({ control: new TinyControl(jails, many) }).app);
    const first = await visitor.get('/bans');
    expect(first.text.match(/action="\/bans\/unban"/g)).toHaveLength(200);
    expect(first.text).toContain('Page 1 of 3');
    const last = await visitor.get('/bans?page=99');
    expect(last.text.match(/action="\/bans\/unban"/g)).toHaveLength(50);
    expect((await visitor.get('/bans?page=x')).text).toContain('Page 1 of 3');
  });
});
