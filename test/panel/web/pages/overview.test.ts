import { AppError } from '../../../../src/base/errors';
import { TinyControl } from '../../../support/control';
import type { TestEvent } from '../../../support/history';
import { logIn, NOW, testWeb } from '../../../support/web';

const events: readonly TestEvent[] = [
  { time: NOW - 30, jail: 'sshd', kind: 'found', id: '198.51.100.7' },
  { time: NOW - 20, jail: 'sshd', kind: 'found', id: '198.51.100.7' },
  { time: NOW - 10, jail: 'sshd', kind: 'ban', id: '198.51.100.7' },
  { time: NOW - 7200, jail: 'sshd', kind: 'unban', id: '203.0.113.9' },
];

const jails = [{ name: 'sshd' }, { name: 'plesk-panel', problems: [{ severity: 'error' as const, message: 'no log' }] }];
const control = (): TinyControl => new TinyControl(jails, [{ jail: 'sshd', id: '198.51.100.7', time: NOW - 10, bantime: 600 }]);
const textOf = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('the overview', () => {
  it('counts bans, failures and jails', async () => {
    const page = await (await logIn(testWeb({ control: control(), events }).app)).get('/');
    const text = textOf(page.text);
    expect(text).toContain('Banned now 1 in one jail');
    expect(text).toContain('Bans, last 24 hours 1 this hour: 1');
    expect(text).toContain('Failures, last 24 hours 2 this hour: 2');
    expect(text).toContain('Jails 2 problems: 1');
    expect(text).toContain('Bailiff engine 0.1.0 running');
  });

  it('draws 24 hours and says them to those who do not see them', async () => {
    const page = await (await logIn(testWeb({ control: control(), events }).app)).get('/');
    expect(page.text.match(/bailiff-chart__hit/g)).toHaveLength(48);
    expect(page.text.match(/bailiff-series bailiff-series--1"/g)).toHaveLength(2);
    expect(page.text).toContain('aria-label="Failures: 2 in all, at most 2 in one column."');
    expect(
      (await (await logIn(testWeb({ control: control(), events }).app)).get('/?period=7d')).text.match(/bailiff-chart__hit/g),
    ).toHaveLength(336);
  });

  it('lists what happened, the newest first', async () => {
    const page = await (await logIn(testWeb({ control: control(), events }).app)).get('/');
    const kinds = [...page.text.matchAll(/bailiff-tag--\w+">([^<]+)</g)].map((match) => match[1]);
    expect(kinds).toEqual(['Banned', 'Failure', 'Failure', 'Unbanned']);
    expect(textOf(page.text)).toContain('2 h ago');
  });

  it('still shows the history while the engine is silent', async () => {
    const web = testWeb({ control: control(), events });
    const visitor = await logIn(web.app);
    web.control.failure = new AppError('SERVER_TIMEOUT', 'no answer within 30 seconds');
    const page = await visitor.get('/');
    expect(page.status).toBe(200);
    expect(page.text).toContain('The engine does not answer');
    expect(textOf(page.text)).toContain('Bans, last 24 hours 1');
  });

  it('says which engine runs since when, and warns whoever could be banned himself', async () => {
    const visitor = await logIn(testWeb().app);
    const text = textOf((await visitor.get('/')).text);
    expect(text).toContain('Fail2Ban 1.0.2, running since');
    expect(text).toMatch(/Your own address \S+ is not trusted/);
    const own = /Your own address (\S+) is/.exec(text)?.[1] ?? '';
    await visitor.post('/trusted/new', { entries: own });
    expect(textOf((await visitor.get('/')).text)).not.toContain('is not trusted');
  });

  it('names the stock engine', async () => {
    const stock = new TinyControl(jails, [], { version: '1.0.2', engine: 'fail2ban' });
    const page = await (await logIn(testWeb({ control: stock }).app)).get('/');
    expect(textOf(page.text)).toContain('Fail2Ban 1.0.2 running');
    expect(page.text).toContain('Nothing has happened yet');
    expect(textOf(page.text)).toContain('Banned now 0 nobody is banned Bans, last 24 hours 0 this hour: 0');
  });

  it('ranks jails, addresses, countries and networks, and says what needs a look', async () => {
    const notice = { kind: 'unreadable-log', severity: 'error', jail: 'sshd', detail: '/var/log/<x>', since: null } as const;
    const placed = events.map((event) => ({ ...event, country: 'DE', asn: 64500 }));
    const text = textOf((await (await logIn(testWeb({ control: control(), events: placed, health: [notice] }).app)).get('/')).text);
    expect(text).toContain('sshd : cannot read its log /var/log/&lt;x&gt;');
    expect(text).toContain('Jails sshd 1 Addresses 198.51.100.7 1 Countries Germany 1 Networks Example Net 1');
  });
});
