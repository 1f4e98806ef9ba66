import { AppError } from '../../../../src/base/errors';
import type { LogQuery, Logs } from '../../../../src/panel/control/logs/logs';
import { HOSTILE, HOSTILE_SHOWN, textOf } from '../../../support/page-text';
import { TINY_LOGS } from '../../../support/panel';
import { logIn, NOW, testWeb, type TestWeb } from '../../../support/web';

interface Read {
  readonly web: TestWeb;
  readonly asked: LogQuery[];
}

/** A log of two files that notes what it is asked. */
function logWith(change: Partial<Logs> = {}, text = 'a line'): Read {
  const asked: LogQuery[] = [];
  const file = (name: string): { name: string; path: string; bytes: number; modified: number } => ({
    ...{ name, path: `/var/log/${name}`, bytes: 2048, modified: NOW },
  });
  const logs: Logs = {
    ...TINY_LOGS,
    files: () => Promise.resolve([file('fail2ban.log'), file('fail2ban.log.1')]),
    read(query) {
      asked.push(query);
      const levels = ['ERROR', 'WARNING', 'NOTICE', 'INFO', null];
      const lines = levels.map((level, offset) => ({ offset, time: NOW, level, jail: 'sshd', text: `${level ?? 'none'} ${text}` }));
      return Promise.resolve({ lines, older: 100, newer: 500 });
    },
    ...change,
  };
  return { web: testWeb({ rooms: { logs } }), asked };
}

describe('the page of logs', () => {
  it('shows the end of the present file with its levels, and leads to older lines', async () => {
    const { web, asked } = logWith();
    const page = await (await logIn(web.app)).get('/logs');
    expect(asked).toEqual([
      { file: 'fail2ban.log', level: null, jail: null, address: null, text: null, from: null, limit: 200, direction: 'older' },
    ]);
    const tones = [...page.text.matchAll(/<li(?: class="bailiff-lines__(\w+)")?><code>(\w+) a line/g)].map(([, tone, level]) => [
      tone,
      level,
    ]);
    expect(tones).toEqual([
      ['danger', 'ERROR'],
      ['warning', 'WARNING'],
      ['info', 'NOTICE'],
      [undefined, 'INFO'],
      [undefined, 'none'],
    ]);
    expect(page.text).toContain('data-live="logs"');
    expect(page.text).toContain('href="/logs?from&#x3D;100&amp;direction&#x3D;older"');
    expect(textOf(page.text)).not.toContain('Newest');
  });

  it('passes filters, file and place on, keeps them in its form and its links, and is not live then', async () => {
    const { web, asked } = logWith();
    const query = 'file=fail2ban.log.1&level=ERROR&jail=sshd&address=192.0.2.0%2F24&text=+Ban+&from=300&direction=newer';
    const page = await (await logIn(web.app)).get(`/logs?${query}`);
    expect(asked).toEqual([
      {
        ...{ file: 'fail2ban.log.1', level: 'ERROR', jail: 'sshd', address: '192.0.2.0/24', text: 'Ban', from: 300 },
        ...{ limit: 200, direction: 'newer' },
      },
    ]);
    expect(page.text).toContain('value="192.0.2.0/24"');
    expect(page.text).toContain('<option selected>ERROR</option>');
    expect(page.text).not.toContain('data-live="logs"');
    expect(textOf(page.text)).toContain('Older Newer Newest');
    expect(page.text).toMatch(/href="\/logs\?[^"]*jail&#x3D;sshd[^"]*from&#x3D;500/);
  });

  it.each([
    ['from=-1', { from: null }],
    ['from=1.5', { from: null }],
    ['from=x', { from: null }],
    ['level=LOUD', { level: null }],
    ['direction=sideways', { direction: 'older' }],
    [`text=${'x'.repeat(999)}`, { text: 'x'.repeat(255) }],
  ] as const)('bounds what it is asked: %s', async (query, part) => {
    const { web, asked } = logWith();
    expect((await (await logIn(web.app)).get(`/logs?${query}`)).status).toBe(200);
    expect(asked).toMatchObject([part]);
  });

  it.each(['../../etc/passwd', '/etc/passwd', 'fail2ban.log%00', 'fail2ban.log/', 'nothing'])(
    'knows no file %s, neither to read nor to take away',
    async (name) => {
      const { web, asked } = logWith();
      const visitor = await logIn(web.app);
      for (const path of ['/logs', '/logs/download'])
        expect((await visitor.get(`${path}?file=${encodeURIComponent(name)}`)).status).toBe(404);
      expect((await visitor.get('/logs/download')).status).toBe(404);
      expect(asked).toEqual([]);
    },
  );

  it('gives a file away as it is', async () => {
    const answer = await (
      await logIn(logWith().web.app)
    )
      .get('/logs/download?file=fail2ban.log.1')
      .buffer(true)
      .parse((res, done) => {
        const parts: Buffer[] = [];
        res.on('data', (part: Buffer) => parts.push(part));
        res.on('end', () => done(null, Buffer.concat(parts)));
      });
    expect(String(answer.body)).toBe('a log\n');
    expect(answer.get('Content-Type')).toBe('application/octet-stream');
    expect(answer.get('Content-Disposition')).toBe('attachment; filename=fail2ban.log.1');
  });

  it('says where the log goes when it is no file, and that it is not known', async () => {
    const files = (): Promise<[]> => Promise.resolve([]);
    const journal = logWith({ files, place: () => Promise.resolve({ target: 'SYSTEMD-JOURNAL', isFile: false }) });
    expect(textOf((await (await logIn(journal.web.app)).get('/logs')).text)).toContain('The server writes to SYSTEMD-JOURNAL');
    const unknown = logWith({ files, place: () => Promise.resolve(null) });
    expect((await (await logIn(unknown.web.app)).get('/logs')).status).toBe(200);
  });

  it('says in words that no line fits', async () => {
    const none = logWith({ read: () => Promise.resolve({ lines: [], older: null, newer: 0 }) });
    expect(textOf((await (await logIn(none.web.app)).get('/logs?text=x')).text)).toContain('Nothing fits the search');
  });

  it('tells a log that cannot be read', async () => {
    const broken = logWith({ read: () => Promise.reject(new AppError('BAD_ARGUMENT', `no log '${HOSTILE}'`)) });
    const page = await (await logIn(broken.web.app)).get('/logs');
    expect(page.status).toBe(422);
    expect(page.text).not.toContain('<script>alert');
  });

  it('shows hostile lines, file names and filters as text', async () => {
    const named = { name: HOSTILE, path: `/var/log/${HOSTILE}`, bytes: 1, modified: NOW };
    const { web } = logWith({ files: () => Promise.resolve([named]) }, HOSTILE);
    const query = new URLSearchParams({ file: HOSTILE, jail: HOSTILE, address: HOSTILE, text: HOSTILE }).toString();
    const visitor = await logIn(web.app);
    const page = await visitor.get(`/logs?${query}`);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('<script>alert');
    expect(page.text.split(HOSTILE_SHOWN).length).toBeGreaterThanOrEqual(11);
    const file = await visitor.get(`/logs/download?file=${encodeURIComponent(HOSTILE)}`);
    expect(file.get('Content-Disposition')).toBe(`attachment; filename="script>{{x}}'&"`);
  });
});
