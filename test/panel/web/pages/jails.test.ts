import { TinyControl } from '../../../support/control';
import { logIn, testWeb } from '../../../support/web';

const textOf = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('the page of jails', () => {
  it('tells of each jail its state, its counts, and what it watches', async () => {
    const control = new TinyControl([
      { name: 'ssh', files: ['/var/log/auth.log'], failed: 2 },
      { name: 'web', files: ['/a', '/b', '/c', '/d', '/e'] },
      { name: 'hand' },
    ]);
    const text = textOf((await (await logIn(testWeb({ control }).app)).get('/jails')).text);
    expect(text).toContain('ssh Active Filter ssh · Action nftables /var/log/auth.log (1) 0 0 2 6');
    expect(text).toContain('/a (1) /b (1) and 3 more');
    expect(text).toContain('hand Active Filter hand · Action nftables 0 0 0 0');
  });

  it('tells when a jail found something last, whatever came after it', async () => {
    const control = new TinyControl([{ name: 'ssh' }, { name: 'web' }]);
    const event = (time: number, kind: 'found' | 'restore-ban') => ({ time, kind, jail: 'ssh', id: '192.0.2.1' });
    const web = testWeb({ control, events: [event(1_700_000_000, 'found'), event(1_700_000_100, 'restore-ban')] });
    const page = await (await logIn(web.app)).get('/jails');
    expect(page.text.match(/Last match <time[^>]* datetime="[^"]*"/g)?.map((text) => /datetime="(.*)"/.exec(text)?.[1])).toEqual([
      '2023-11-14T22:13:20.000Z',
    ]);
  });

  it('tells what is wrong, and whether the jail runs nevertheless', async () => {
    const at = { file: '/etc/fail2ban/jail.local', line: 7, jail: 'ssh', option: 'failregex' };
    const control = new TinyControl([
      { name: 'ssh', problems: [{ severity: 'error', message: 'missing )', ...at }] },
      { name: 'web', problems: [{ severity: 'warning', message: 'no files yet', jail: 'web' }] },
    ]);
    const text = textOf((await (await logIn(testWeb({ control }).app)).get('/jails')).text);
    expect(text).toContain('ssh Not running /etc/fail2ban/jail.local:7: [ssh] failregex: missing )');
    expect(text).toContain('web Active, with a warning [web] no files yet');
  });

  it('tells why a jail is not there at all', async () => {
    const web = testWeb();
    web.control.strayProblems = [{ severity: 'error', message: "Unable to read the filter 'nothing'", jail: 'own' }];
    const visitor = await logIn(web.app);
    const text = textOf((await visitor.get('/jails')).text);
    expect(text).toContain('could not use everything it found in its configuration: [own] Unable to read the filter &#x27;nothing&#x27;');
    expect(textOf((await visitor.get('/')).text)).toContain('Jails 1 problems: 1');
  });

  it('says in words that no jail is on', async () => {
    const page = await (await logIn(testWeb({ control: new TinyControl([]) }).app)).get('/jails');
    expect(page.text).toContain('No jail is switched on');
  });
});
