import { HOSTILE, HOSTILE_SHOWN, textOf } from '../../../support/page-text';
import { logIn, NOW, testWeb, type TestWeb } from '../../../support/web';

async function filled(count: number): Promise<TestWeb> {
  const web = testWeb();
  const deed = { client: '192.0.2.9', before: null, after: null, ok: true, message: null };
  for (let index = 1; index <= count; index++)
    await web.notebook.audit({
      ...deed,
      time: NOW + index,
      who: index % 2 === 0 ? 'eve' : 'adam',
      action: 'jail.edit',
      subject: `jail-${index}.`,
    });
  return web;
}

describe('the audit log', () => {
  it('says in words that nothing was changed', async () => {
    expect(textOf((await (await logIn(testWeb().app)).get('/audit')).text)).toContain('Nothing was changed yet');
  });

  it('tells who did what to what, from where, what was there before and after, and what failed', async () => {
    const web = testWeb();
    await web.notebook.audit({
      ...{ time: NOW, who: 'eve', client: '192.0.2.9', action: 'jail.edit', subject: 'sshd' },
      ...{ before: 'bantime = 1', after: 'bantime = 2', ok: false, message: 'the server refused' },
    });
    const text = textOf((await (await logIn(web.app)).get('/audit')).text);
    expect(text).toContain('eve 192.0.2.9 jail.edit sshd failed the server refused bantime = 1 bantime = 2'.replaceAll('=', '&#x3D;'));
  });

  it('shows 100 entries at a time, the newest first, and leads to older ones and back', async () => {
    const visitor = await logIn((await filled(150)).app);
    const first = (await visitor.get('/audit')).text;
    const subjects = [...first.matchAll(/jail-(\d+)\./g)].map(([, number]) => Number(number));
    expect([subjects.length, subjects[0], subjects.at(-1)]).toEqual([100, 150, 51]);
    const older = /href="([^"]+)" rel="next"/.exec(first)?.[1]?.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&') ?? '';
    const second = (await visitor.get(older)).text;
    expect([...second.matchAll(/jail-(\d+)\./g)].map(([, number]) => Number(number))).toEqual(Array.from({ length: 50 }, (_, i) => 50 - i));
    expect(textOf(second)).toContain('Newest');
    expect(second).not.toContain('rel="next"');
  });

  it('finds by text and by person, keeps what was searched, and bounds it', async () => {
    const visitor = await logIn((await filled(9)).app);
    const bySubject = (await visitor.get('/audit?search=jail-7.')).text;
    expect([...bySubject.matchAll(/ jail-(\d)\./g)].map(([, number]) => number)).toEqual(['7']);
    const byPerson = (await visitor.get('/audit?who=eve')).text;
    expect([...byPerson.matchAll(/ jail-(\d)\./g)].map(([, number]) => number)).toEqual(['8', '6', '4', '2']);
    expect(byPerson).toContain('value="eve"');
    const long = await visitor.get(`/audit?search=${'x'.repeat(3000)}`);
    expect(long.status).toBe(200);
    expect(long.text).toContain(`value="${'x'.repeat(200)}"`);
  });

  it.each(['x', '-1', '1e99', '0', 'NaN'])('shows the newest for a place that is none: %s', async (before) => {
    const page = await (await logIn((await filled(3)).app)).get(`/audit?before=${before}`);
    expect(page.status).toBe(200);
    expect(page.text).toContain('jail-3.');
  });

  it('shows hostile words as text', async () => {
    const web = testWeb();
    const hostile = { who: HOSTILE, client: HOSTILE, action: HOSTILE, subject: HOSTILE, before: HOSTILE, after: HOSTILE, message: HOSTILE };
    await web.notebook.audit({ time: NOW, ok: false, ...hostile });
    const page = await (await logIn(web.app)).get(`/audit?${new URLSearchParams({ search: HOSTILE, who: HOSTILE }).toString()}`);
    expect(page.text).not.toContain('<script>alert');
    expect(page.text.split(HOSTILE_SHOWN)).toHaveLength(10);
  });
});
