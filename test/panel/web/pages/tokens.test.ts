import request from 'supertest';
import { deeds, hiddenFields, HOSTILE, HOSTILE_SHOWN, problemOf, textOf } from '../../../support/page-text';
import { logIn, NOW, testWeb } from '../../../support/web';

const secretOf = (html: string): string => /data-secret>(bailiff_[\w-]{43})</.exec(html)?.[1] ?? '';

describe('the page of tokens', () => {
  it('makes a token that works, shows its secret once, and keeps only its name', async () => {
    const web = testWeb();
    const visitor = await logIn(web.app);
    const page = await visitor.post('/settings/tokens', { name: ' backup job ', readonly: 'yes' });
    expect(page.status).toBe(200);
    const secret = secretOf(page.text);
    expect(page.get('Cache-Control')).toBe('no-store');
    expect((await request(web.app).get('/api/v1/status').set('Authorization', `Bearer ${secret}`)).status).toBe(200);
    const later = (await visitor.get('/settings/tokens')).text;
    expect(later).not.toContain(secret);
    expect(textOf(later)).toContain('backup job read admin,');
    expect(JSON.stringify(await web.notebook.tokens())).not.toContain(secret);
    expect(JSON.stringify(await web.notebook.auditList({ limit: 9 }))).not.toContain(secret);
    expect(await web.notebook.tokens()).toMatchObject([{ name: 'backup job', readOnly: true, createdBy: 'admin', created: NOW }]);
    expect(await deeds(web)).toEqual([['tokens.add', 'backup job', true]]);
  });

  it('makes one that may write when the box is empty', async () => {
    const web = testWeb();
    const visitor = await logIn(web.app);
    await visitor.post('/settings/tokens', { name: 'deploy' });
    expect(textOf((await visitor.get('/settings/tokens')).text)).toContain('deploy read and change');
  });

  it.each(['', ' ', 'x'.repeat(65), 'a/b', HOSTILE])('says beside the field what is wrong with a name, and keeps it: %#', async (name) => {
    const web = testWeb();
    const page = await (await logIn(web.app)).post('/settings/tokens', { name });
    expect(page.status).toBe(422);
    expect(problemOf(page.text, 'name')).toContain('A name has 1 to 64 letters');
    expect(page.text).toContain(`name="name" value="${name === HOSTILE ? HOSTILE_SHOWN : name}"`);
    expect(page.text).not.toContain('<script>alert');
    expect(page.text).toMatch(/name="readonly" value="yes"(?! checked)/);
    expect(await web.notebook.tokens()).toEqual([]);
    expect(await deeds(web)).toEqual([]);
  });

  it('makes at most 100', async () => {
    const web = testWeb();
    const visitor = await logIn(web.app);
    for (let index = 0; index < 100; index++)
      await web.notebook.addToken({ name: `t${index}`, readOnly: true, createdBy: 'admin', created: NOW, hash: `hash-${index}` });
    const page = await visitor.post('/settings/tokens', { name: 'one more' });
    expect(page.status).toBe(422);
    expect(problemOf(page.text, 'name')).toContain('there can be 100 tokens');
    expect(await web.notebook.tokens()).toHaveLength(100);
  });

  it('asks before it revokes one, naming it; then the token is refused', async () => {
    const web = testWeb();
    const visitor = await logIn(web.app);
    const secret = secretOf((await visitor.post('/settings/tokens', { name: 'deploy' })).text);
    const [token] = await web.notebook.tokens();
    const asked = await visitor.post('/settings/tokens/revoke', { token: String(token?.id) });
    expect(textOf(asked.text)).toContain('Revoke this token?');
    expect(textOf(asked.text)).toContain('deploy');
    expect(await web.notebook.tokens()).toHaveLength(1);
    const answer = await visitor.post('/settings/tokens/revoke', { ...hiddenFields(asked.text), confirmed: 'yes' });
    expect([answer.status, answer.get('Location')]).toEqual([303, '/settings/tokens']);
    expect(textOf((await visitor.get('/settings/tokens')).text)).toContain('The token was revoked.');
    expect((await request(web.app).get('/api/v1/status').set('Authorization', `Bearer ${secret}`)).status).toBe(401);
    expect((await deeds(web))[0]).toEqual(['tokens.revoke', 'deploy', true]);
  });

  it.each(['', '0', '99', 'x', '1e400'])('says that there is no token %s, without asking', async (token) => {
    const web = testWeb();
    const visitor = await logIn(web.app);
    expect((await visitor.post('/settings/tokens/revoke', { token })).status).toBe(303);
    expect(textOf((await visitor.get('/settings/tokens')).text)).toContain('There is no such token any more.');
    expect(await deeds(web)).toEqual([]);
  });
});
