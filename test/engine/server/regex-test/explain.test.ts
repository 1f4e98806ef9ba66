/** `bailiff-regex --explain`: golden texts. */
import { systemClock } from '../../../../src/base/clock';
import { regexTest } from '../../../../src/engine/server/regex-test/regex-test';
import { writtenColumn } from '../../../../src/regex/tag-columns';
import { expandTags } from '../../../../src/regex/tags';

/** What is printed behind the settings. */
async function explained(...args: string[]): Promise<string> {
  let output = '';
  const write = (text: string): void => void (output += text);
  await regexTest(['--explain', ...args], { write, clock: systemClock, resolve: async () => [], progress: null });
  return output.slice(output.indexOf('\n\nLine 1') + 2);
}

const ISO = '2026-11-22 09:00:01';
const TIME = new Date(2026, 10, 22, 9, 0, 1).getTime() / 1000;
const DATE = `|- Date: ${ISO} = ${ISO} (${TIME})
|     {^LN-BEG}ExYear(?P<_sep>[-/.])Month(?P=_sep)Day(?:T|  ?)24hour:Minute:Second(?:[.,]Microseconds)?(?:\\s*Zone offset)?
`;

test('a line that is counted: who, as which user, when', async () => {
  expect(await explained(`${ISO} bob fail 192.0.2.1`, '^ <F-USER>\\S+</F-USER> fail <HOST>$', 'skip'))
    .toBe(`Line 1: ${ISO} bob fail 192.0.2.1
${DATE}|- Failregex 1: matches
|     ^ <F-USER>\\S+</F-USER> fail <HOST>$
|     user = bob
|     ip4 = 192.0.2.1
|- Ignoreregex 1: nothing of it was found
|     skip
\`- Result: counted
      failregex: 1
      id: 192.0.2.1
      address: 192.0.2.1
      user: bob
      time: ${ISO}

`);
});

test('a line that is missed: carets below the place in the line and below the part of the regex', async () => {
  expect(await explained(`${ISO} bob fail 192.0.2.1 x`, '^ <F-USER>\\S+</F-USER> fail <HOST>$')).toBe(`Line 1: ${ISO} bob fail 192.0.2.1 x
${DATE}|- Failregex 1: stops here
|      bob fail 192.0.2.1 x
|                        ^
|     ^ <F-USER>\\S+</F-USER> fail <HOST>$
|                                       ^
\`- Result: missed: no failregex matches

`);
});

test('a line without a date, with a terminal’s controls in it, that is ignored', async () => {
  expect(await explained('\u001b[31mbob fail 192.0.2.1', '<F-USER>\\w+</F-USER> fail <HOST>$', 'bob'))
    .toBe(`Line 1: \\u{1b}[31mbob fail 192.0.2.1
|- Date: none found
|- Failregex 1: matches
|     <F-USER>\\w+</F-USER> fail <HOST>$
|     user = 31mbob
|     ip4 = 192.0.2.1
|- Ignoreregex 1: matches
|     bob
\`- Result: ignored: an ignoreregex matches

`);
});

test('several lines of a session: the prefix, a line that waits, the failure with its session', async () => {
  const lines = [`${ISO} [7] user bob`, `${ISO} [7] addr 192.0.2.1`, `${ISO} 7 addr`].join('\n');
  const filter = `${__dirname}/../../../fixtures/explain/sessions.conf`;
  const text = await explained(lines, filter);
  expect(text.split('\n\n').map((part) => /Result: (.*)/.exec(part)?.[1])).toEqual([
    'matches, but names nobody who could be banned',
    'counted',
    'missed: the prefregex does not match',
    undefined,
  ]);
  expect(text).toContain('      failregex: 2\n      id: 192.0.2.1\n      address: 192.0.2.1\n      user: bob\n      session: 7\n');
  expect(text).toContain(`|- Prefregex: stops here
|      7 addr
|      ^
|     ^ \\[<F-MLFID>\\d+</F-MLFID>\\] <F-CONTENT>.+</F-CONTENT>$
|       ^
\`- Result: missed`);
});

test('a long line is shown around the place where it stops', async () => {
  const text = await explained(`${ISO} ${'x'.repeat(500)} end`, '^ x+ fin <HOST>');
  expect(text).toContain(`|     …${'x'.repeat(69)} end\n|     ${' '.repeat(71)}^\n`);
});

test('a date that cannot be read, and a name that has to be looked up', async () => {
  expect(await explained(`${ISO} fail host.example`, 'fail <HOST>')).toContain('      name to be looked up: host.example\n');
});

test.each([
  ['^a <HOST> b<F-USER>c</F-USER>$', '^a '.length, '<HOST>'],
  ['^a <HOST> b<F-USER>c</F-USER>$', 'end', ''],
  ['((?i)a)<HOST>x', '(?i:'.length, 'a)<HOST>x'],
])('%s at %s of its expansion is written at %j', (regex, at, rest) => {
  const column = at === 'end' ? [...expandTags(regex)].length : (at as number);
  expect(regex.slice(writtenColumn(regex, column)).startsWith(rest)).toBe(true);
});

test('every column inside a tag is the tag’s, every column between tags the same piece of text', () => {
  const regex = '^x <HOST> (?:for|in) <F-USER>\\S+</F-USER> on <ADDR>!$';
  const expanded = expandTags(regex);
  for (const word of ['x ', ' (?:for|in) ', '\\S+', ' on ', '!$']) {
    const column = writtenColumn(regex, expanded.indexOf(word));
    expect(regex.slice(column).startsWith(word)).toBe(true);
  }
  expect(regex.slice(writtenColumn(regex, expanded.indexOf('ip6')))).toMatch(/^<HOST>/);
});
