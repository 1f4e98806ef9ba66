import { FailregexError, compileFailregex, expandTags } from '../../src/regex/tags';
import type { StockServer } from '../support/stock-server';
import { runProgram, startStockServer } from '../support/stock-server';

const REGEXES = [
  '^<HOST> a$',
  '<ADDR> b',
  '<IP4>-<IP6> c',
  '<F-IP4/>-<F-IP6/> c',
  '<F-ADDR/> d',
  '<SUBNET> e',
  '<F-SUBNET/> e',
  '<IP4>/<CIDR> f',
  '<IP4>/<F-CIDR/> f',
  '<DNS> g',
  '<F-DNS/> g',
  '<F-ID/>:<F-PORT/> h',
  '<F-ID>\\d+</F-ID> <F-PORT>\\d+</F-PORT>',
  '<F-USER>\\S+</F-USER> <HOST>',
  '<F-ALT_USER1>x</F-ALT_USER1> <F-MLFID>y</F-MLFID></F-NONE> <HOST>',
  '<HOST><SKIPLINES>x<SKIPLINES>y',
  '<HOST> <unknown> <F-x> <CID> <HOST/>',
  '((?i)abc) <ADDR>',
  '(?:(?i)abc) \\((?:x) <ADDR>',
  '(?i)x <ADDR> (?P<user>y)',
  '<F-NOFAIL>z</F-NOFAIL> <HOST> </F-NOFAIL',
];

const WRONG = [
  '<HOST> <HOST>',
  '<F-USER>x</F-USER>',
  '(<HOST>',
  'a <HOST> (?i)b',
  '<F-TUPLE_ID>x</F-TUPLE_ID>',
  '<HOST>[b-a]',
  '(?i)x <ADDR> (?P<user>(?i)y)',
];

function refusal(regex: string): string {
  try {
    compileFailregex(regex, { needId: true });
    return 'compiles';
  } catch (error) {
    if (!(error instanceof FailregexError)) throw error;
    return error.message;
  }
}

describe('tags in a filter’s regex, compared with the stock server', () => {
  let server: StockServer;
  const client = (...args: string[]) => runProgram('fail2ban-client', ['-s', server.socket, '-p', server.pidFile, ...args]);

  beforeAll(async () => {
    server = await startStockServer('tags');
  });
  afterAll(() => server.stop());

  test.each([
    ['yes', REGEXES],
    ['no', ['^<HOST> a$', '<ADDR> <DNS>']],
    ['warn', ['^<HOST> a$', '<ADDR> <DNS>']],
  ])('expand to the same with usedns = %s', (usedns, regexes) => {
    const jail = `tags-${usedns}`;
    client('add', jail, 'polling');
    client('set', jail, 'usedns', usedns);
    for (const regex of regexes) client('set', jail, 'addfailregex', regex);
    const theirs = [...client('get', jail, 'failregex').stdout.matchAll(/^[|`]- \[\d+\]: (.*(?:\n(?![|`]).*)*?)$/gm)].map(
      (match) => match[1],
    );
    expect(regexes.map((regex) => expandTags(regex, { usedns }))).toEqual(theirs);
  });

  test('wrong ones are refused in the same words', () => {
    client('add', 'wrong', 'polling');
    for (const regex of WRONG) {
      const said = client('set', 'wrong', 'addfailregex', regex);
      expect(`${said.stdout}${said.stderr}`).toContain(refusal(regex));
      expect(refusal(regex)).not.toBe('compiles');
    }
  });
});

describe('a filter’s regex', () => {
  test('that is empty is refused', () => {
    expect(refusal('')).toBe('Cannot add empty regex');
  });

  test('needs no group that says who failed when the prefregex has one', () => {
    expect(compileFailregex('^x$', { needId: false }).pattern.test('x\n')).toBe(true);
    expect(refusal('^x$')).toBe("No failure-id group in '^x$'");
  });

  test('sees several lines only when it is told to', () => {
    const text = 'one\n192.0.2.1 two\n';
    expect(compileFailregex('^<HOST> two$', { needId: true }).pattern.test(text)).toBe(false);
    expect(compileFailregex('^<HOST> two$', { needId: true, multiline: true }).pattern.search(text)?.group('ip4')).toBe('192.0.2.1');
  });

  test('keeps the error of the pattern with its column', () => {
    expect.assertions(2);
    try {
      compileFailregex('x[b-a] <HOST>', { needId: true });
    } catch (error) {
      expect((error as FailregexError).pattern?.position).toBe(2);
      expect((error as FailregexError).pattern?.reason).toBe('bad character range b-a');
    }
  });
});
