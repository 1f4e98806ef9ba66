import { AppError } from '../../../../src/base/errors';
import type { Daemon } from '../../../../src/panel/control/daemon/daemon';
import { deeds, hiddenFields, HOSTILE, HOSTILE_SHOWN, problemOf, textOf } from '../../../support/page-text';
import { tinyDaemon } from '../../../support/panel';
import { logIn, testWeb, type TestWeb } from '../../../support/web';

/** A web whose daemon can be looked at. */
function withDaemon(change: Partial<Daemon> = {}): { readonly web: TestWeb; readonly daemon: Daemon } {
  const daemon = { ...tinyDaemon(), ...change };
  return { web: testWeb({ rooms: { daemon } }), daemon };
}

describe('the settings for all jails', () => {
  it('show what is own, and what is inherited as a hint', async () => {
    const page = await (await logIn(testWeb().app)).get('/settings');
    expect(page.status).toBe(200);
    expect(page.text).toMatch(/id="field-bantime" name="bantime" value="" placeholder="600"/);
    expect(page.text).toMatch(/id="field-dbpurgeage" name="dbpurgeage" value="" placeholder="1d"/);
    expect(textOf(page.text)).toContain('Fail2Ban 1.0.2');
  });

  it('are saved: only what was changed, each where it belongs', async () => {
    const web = testWeb();
    const visitor = await logIn(web.app);
    const form = { bantime: ' 2h ', findtime: '', maxretry: '', loglevel: 'DEBUG', dbpurgeage: '' };
    const answer = await visitor.post('/settings', form);
    expect([answer.status, answer.get('Location')]).toEqual([303, '/settings']);
    expect(web.config.applied).toEqual([
      { kind: 'defaults', options: { bantime: '2h' } },
      { kind: 'server', options: { loglevel: 'DEBUG' } },
    ]);
    expect(textOf((await visitor.get('/settings')).text)).toContain('The settings were saved and loaded.');
    expect(await deeds(web)).toEqual([['settings.edit', 'settings', true]]);
  });

  it('are left alone when nothing differs, and fields that are none of theirs do nothing', async () => {
    const web = testWeb();
    const visitor = await logIn(web.app);
    expect((await visitor.post('/settings', { bantime: '', action: 'rm', banaction: 'x' })).status).toBe(303);
    expect(textOf((await visitor.get('/settings')).text)).toContain('Nothing was changed.');
    expect(web.config.applied).toEqual([]);
  });

  it('ask before bans are for ever', async () => {
    const web = testWeb();
    const visitor = await logIn(web.app);
    const asked = await visitor.post('/settings', { bantime: '-1', findtime: '5m' });
    expect(textOf(asked.text)).toContain('Ban for ever? Such bans stay until somebody lifts them.');
    expect(web.config.applied).toEqual([]);
    await visitor.post('/settings', { ...hiddenFields(asked.text), confirmed: 'yes' });
    expect(web.config.applied).toEqual([{ kind: 'defaults', options: { bantime: '-1', findtime: '5m' } }]);
  });

  it('that are refused stand beside their fields with what was typed', async () => {
    const web = testWeb();
    const visitor = await logIn(web.app);
    web.config.refusal = {
      message: `the server said ${HOSTILE}`,
      problems: [
        { severity: 'error', message: `no time: ${HOSTILE}`, option: 'bantime', file: 'jail.local', line: 3 },
        { severity: 'error', message: 'something else', option: 'unknown' },
        { severity: 'warning', message: 'only doubtful', option: 'findtime' },
      ],
    };
    const page = await visitor.post('/settings', { bantime: HOSTILE, findtime: '5m' });
    expect(page.status).toBe(422);
    expect(problemOf(page.text, 'bantime')).toBe(`no time: ${HOSTILE_SHOWN} (jail.local:3)`);
    expect(problemOf(page.text, 'findtime')).toBe('');
    expect(page.text).toContain(`name="bantime" value="${HOSTILE_SHOWN}"`);
    expect(page.text).toContain('name="findtime" value="5m"');
    expect(page.text).toContain(`the server said ${HOSTILE_SHOWN}`);
    expect(textOf(page.text)).toContain('something else');
    expect(page.text).not.toContain('<script>alert');
    expect(await deeds(web)).toEqual([['settings.edit', 'settings', false]]);
  });
});

describe('how long history is kept', () => {
  it.each(['1', '3650', ' 90 '])('is saved: %s days', async (days) => {
    const web = testWeb();
    const visitor = await logIn(web.app);
    expect((await visitor.post('/settings/retention', { days })).status).toBe(303);
    expect(await web.notebook.setting('retention.days')).toBe(days.trim());
    expect(textOf((await visitor.get('/settings')).text)).toContain('The history is kept for');
    expect(await deeds(web)).toEqual([['settings.retention', 'history', true]]);
  });

  it.each(['', '0', '-1', '1.5', '3651', '1e3000', 'x', HOSTILE])('is refused beside the field, with what was typed: %s', async (days) => {
    const web = testWeb();
    const page = await (await logIn(web.app)).post('/settings/retention', { days });
    expect(page.status).toBe(422);
    expect(problemOf(page.text, 'days')).toBe('A number of days from 1 to 3,650.');
    expect(page.text).toContain(`name="days" value="${days === HOSTILE ? HOSTILE_SHOWN : days}"`);
    expect(await web.notebook.setting('retention.days')).toBeNull();
    expect(await deeds(web)).toEqual([]);
  });
});

describe('intrusion detection', () => {
  it('asks before it is switched off; then it is off, and can be switched on', async () => {
    const { web, daemon } = withDaemon();
    const visitor = await logIn(web.app);
    const asked = await visitor.post('/settings/detection', { detection: 'off' });
    expect(textOf(asked.text)).toContain('Switch intrusion detection off?');
    expect((await daemon.state()).running).toBe(true);
    await visitor.post('/settings/detection', { ...hiddenFields(asked.text), confirmed: 'yes' });
    expect((await daemon.state()).running).toBe(false);
    expect(textOf((await visitor.get('/settings')).text)).toContain('Intrusion detection is off.');
    expect((await visitor.post('/settings/detection', { detection: 'on' })).status).toBe(303);
    expect((await daemon.state()).running).toBe(true);
    expect(await deeds(web)).toEqual([
      ['server.start', 'server', true],
      ['server.stop', 'server', true],
    ]);
  });

  it.each([{}, { detection: '' }, { detection: 'ON' }, { detection: HOSTILE }])(
    'is not switched off by a form that does not say so: %j',
    async (form) => {
      const { web, daemon } = withDaemon();
      const answer = await (await logIn(web.app)).post('/settings/detection', { ...form, confirmed: 'yes' });
      expect(answer.status).toBe(422);
      expect((await daemon.state()).running).toBe(true);
      expect(await deeds(web)).toEqual([]);
    },
  );

  it('says why it could not be switched', async () => {
    const { web } = withDaemon({ stop: () => Promise.reject(new AppError('SERVER_REFUSED', `unit is ${HOSTILE}`)) });
    const visitor = await logIn(web.app);
    expect((await visitor.post('/settings/detection', { detection: 'off', confirmed: 'yes' })).status).toBe(303);
    const page = await visitor.get('/settings');
    expect(textOf(page.text)).toContain('It could not be switched off:');
    expect(page.text).toContain(`unit is ${HOSTILE_SHOWN}`);
    expect(await deeds(web)).toEqual([['server.stop', 'server', false]]);
  });
});

describe('the engine', () => {
  it('is switched after a question, and the bans that went with it are told', async () => {
    const { web, daemon } = withDaemon();
    const visitor = await logIn(web.app);
    const asked = await visitor.post('/settings/engine', { engine: 'bailiff' });
    expect(textOf(asked.text)).toContain('Switch to the Bailiff engine? The bans go with it.');
    expect((await daemon.state()).engine).toBe('fail2ban');
    await visitor.post('/settings/engine', { ...hiddenFields(asked.text), confirmed: 'yes' });
    expect((await daemon.state()).engine).toBe('bailiff');
    expect(textOf((await visitor.get('/settings')).text)).toContain('The engine was switched; bans in force: 2.');
    expect(await deeds(web)).toEqual([['server.engine', 'bailiff', true]]);
  });

  it('stays when the other refuses, and says why', async () => {
    const { web } = withDaemon({ switchTo: () => Promise.resolve({ ok: false, message: HOSTILE, bans: 0 }) });
    const visitor = await logIn(web.app);
    await visitor.post('/settings/engine', { engine: 'bailiff', confirmed: 'yes' });
    const page = await visitor.get('/settings');
    expect(textOf(page.text)).toContain('The engine was not switched.');
    expect(page.text).toContain(HOSTILE_SHOWN);
    expect(await deeds(web)).toEqual([['server.engine', 'bailiff', false]]);
  });

  it.each(['', 'nftables', HOSTILE])('is not switched to what is none: %s', async (engine) => {
    const { web, daemon } = withDaemon();
    expect((await (await logIn(web.app)).post('/settings/engine', { engine, confirmed: 'yes' })).status).toBe(422);
    expect((await daemon.state()).engine).toBe('fail2ban');
    expect(await deeds(web)).toEqual([]);
  });
});
