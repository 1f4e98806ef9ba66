import type { BanReason } from '../../../../src/panel/control/bans/ban-board';
import { piecesOf } from '../../../../src/panel/web/pages/reason';
import { HOSTILE, HOSTILE_SHOWN, textOf } from '../../../support/page-text';
import { logIn, NOW, testWeb } from '../../../support/web';

const line = 'Nov 18 sshd: Failed password for root from 198.51.100.7 port 22';
const at = (word: string): { from: number; length: number } => ({ from: line.indexOf(word), length: word.length });

const reason: Partial<BanReason> = {
  time: NOW - 60,
  lines: [
    {
      text: line,
      spans: [
        { ...at('Failed password for root from 198.51.100.7'), what: 'match' },
        { ...at('198.51.100.7'), what: 'address' },
        { ...at('root'), what: 'user' },
      ],
      failregex: '^Failed password for <F-USER>',
      user: 'root',
    },
  ],
  users: ['root', 'admin'],
  files: ['/var/log/auth.log'],
  domain: 'shop.example',
  failures: 5,
  manual: { who: 'eve', reason: 'told by phone', until: null },
};

describe('the page that says why', () => {
  it('shows the lines with their marks, the users, the failregex, the log, the domain and who banned by hand', async () => {
    const { app } = testWeb({ reasons: { '198.51.100.7': reason } });
    const page = await (await logIn(app)).get('/bans/reason?jail=sshd&id=198.51.100.7');
    expect(page.status).toBe(200);
    const marks = [...page.text.matchAll(/bailiff-piece--(\w+)">([^<]+)</g)].map(([, what, text]) => [what, text]);
    expect(marks).toEqual([
      ['match', 'Failed password for '],
      ['user', 'root'],
      ['match', ' from '],
      ['address', '198.51.100.7'],
    ]);
    const text = textOf(page.text);
    expect(text).toContain('Failures 5 Users tried root admin Domain shop.example Log /var/log/auth.log Banned by hand eve: told by phone');
    expect(text).toContain('^Failed password for &lt;F-USER&gt;');
  });

  it('says in words that no lines are kept', async () => {
    const page = await (await logIn(testWeb().app)).get('/bans/reason?jail=sshd&id=192.0.2.1');
    expect(textOf(page.text)).toContain('No log lines are kept for this ban.');
  });

  it.each(['', '?jail=sshd', '?id=192.0.2.1', '?jail=&id=192.0.2.1', `?jail=sshd&id=${'1'.repeat(256)}`, `?jail=${'a'.repeat(256)}&id=1`])(
    'is not there for %s',
    async (query) => {
      expect((await (await logIn(testWeb().app)).get(`/bans/reason${query}`)).status).toBe(404);
    },
  );

  it('shows hostile lines, users, files, domains and jails as text', async () => {
    const marked = { text: `${HOSTILE}root`, spans: [{ from: 0, length: HOSTILE.length, what: 'user' as const }], user: HOSTILE };
    const hostile = { lines: [{ ...marked, failregex: HOSTILE }], users: [HOSTILE], files: [HOSTILE], domain: HOSTILE };
    const { app } = testWeb({ reasons: { [HOSTILE]: { ...hostile, manual: { who: HOSTILE, reason: HOSTILE, until: null } } } });
    const query = new URLSearchParams({ jail: HOSTILE, id: HOSTILE }).toString();
    const page = await (await logIn(app)).get(`/bans/reason?${query}`);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('<script>alert');
    expect(page.text.split(HOSTILE_SHOWN).length).toBeGreaterThanOrEqual(9);
  });
});

describe('the pieces of a line', () => {
  it.each([
    [
      'marks that reach beyond the line',
      'abc',
      [{ from: -5, length: 7, what: 'match' as const }],
      [
        ['ab', 'match'],
        ['c', null],
      ],
    ],
    ['marks that lie outside', 'abc', [{ from: 9, length: 2, what: 'match' as const }], [['abc', null]]],
    ['an empty line', '', [{ from: 0, length: 2, what: 'match' as const }], []],
  ])('are right for %s', (_name, text, spans, pieces) => {
    expect(piecesOf({ text, spans }).map((piece) => [piece.text, piece.what])).toEqual(pieces);
  });
});
