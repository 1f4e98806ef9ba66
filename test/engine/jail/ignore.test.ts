/** Trusted or not: the words of ignoreip, files of them, commands, the cache, and the machine's own addresses. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { createLogger } from '../../../src/base/logger';
import { createOwnAddresses } from '../../../src/engine/jail/own-addresses';
import { defaultJailConfig, type JailConfig } from '../../../src/model/jail-config';
import { failTicket } from '../../support/tickets';
import { IgnoreRules } from '../../../src/engine/jail/ignore';
import { manualClock } from '../../support/clock';
import { readIgnoreEntries } from '../../../src/engine/jail/ignore-entries';
import { resolverOf } from '../../support/jail-world';
import { temporaryFolder } from '../../support/folder';
import { wordsOf } from '../../../src/engine/jail/ignore-files';
import type { CapturedData } from '../../../src/model/ticket';

const A = '192.0.2.1';
const folder = temporaryFolder();
afterAll(() => folder.remove());

function rulesOf(config: Partial<JailConfig>, code: (id: string) => number | null = () => 1) {
  const clock = manualClock();
  const resolver = resolverOf(clock, { localhost: ['127.0.0.1', '::1'], here: ['203.0.113.1'], 'friend.example': [A, '2001:DB8::2'] });
  const commands: string[] = [];
  const messages: string[] = [];
  const rules = new IgnoreRules(
    { ...defaultJailConfig('j'), ...config },
    {
      clock,
      resolver,
      logger: createLogger(({ level, message }) => messages.push(`${level} ${message}`)),
      ownAddresses: createOwnAddresses(clock, resolver, {
        hostname: () => 'here',
        interfaceAddresses: () => ['198.51.100.1', 'fe80::1%eth0'],
      }),
      runIgnoreCommand: async (command, ticket) => {
        commands.push(`${command} ${ticket.id}`);
        return code(ticket.id);
      },
    },
  );
  const reason = (id: string, captured: CapturedData = {}) => rules.reason(failTicket(id, 0, { captured }));
  return { rules, clock, commands, messages, reason };
}

test.each([
  [['192.0.2.0/24'], A, 'ip'],
  [['192.0.2.0/24'], '192.0.2.64/26', 'ip'],
  [['192.0.2.64/26'], '192.0.2.0/24', null],
  [['192.0.2.1/32'], A, 'ip'],
  [['2001:db8::/32'], '2001:db8::77', 'ip'],
  [['friend.example'], '2001:db8::2', 'dns'],
  [['friend.example'], '192.0.2.2', null],
  [['some user'], 'some user', 'ip'],
  [['192.0.2.1/33'], A, null],
  [['friend.example', '192.0.2.0/24'], A, 'dns'],
  [['192.0.2.0/24', 'friend.example'], A, 'ip'],
  [[], A, null],
])('ignoreip = %j takes %s for %s', async (ignoreip, id, by) => {
  expect(await rulesOf({ ignoreip }).reason(id)).toBe(by);
});

test.each(['127.0.0.1', '::1', '203.0.113.1', '198.51.100.1', 'fe80::1'])('%s is this machine', async (id) => {
  expect(await rulesOf({}).reason(id)).toBe('ignoreself rule');
  expect(await rulesOf({ ignoreself: false }).reason(id)).toBeNull();
});

test('the machine is asked for its addresses again after five minutes', async () => {
  const clock = manualClock();
  let addresses = ['198.51.100.1'];
  const own = createOwnAddresses(clock, resolverOf(clock, {}), { hostname: () => 'here', interfaceAddresses: () => addresses });
  expect(await own.has('198.51.100.1')).toBe(true);
  addresses = ['198.51.100.2'];
  await clock.advance(299);
  expect(await own.has('198.51.100.2')).toBe(false);
  await clock.advance(1);
  expect([await own.has('198.51.100.2'), await own.has('198.51.100.1')]).toEqual([true, false]);
});

describe('ignorecommand', () => {
  test.each([
    [0, 'command', 0],
    [1, null, 0],
    [2, null, 1],
    [null, null, 1],
  ])('exit code %p means %p', async (code, by, errors) => {
    const { reason, commands, messages } = rulesOf({ ignorecommand: '/bin/check <ip>' }, () => code);
    expect(await reason(A)).toBe(by);
    expect(commands).toEqual([`/bin/check <ip> ${A}`]);
    expect(messages.filter((message) => message.startsWith('ERROR'))).toHaveLength(errors);
  });

  test('is not run for who is trusted already', async () => {
    const { reason, commands } = rulesOf({ ignorecommand: 'x', ignoreip: [A] });
    expect(await reason(A)).toBe('ip');
    expect(commands).toEqual([]);
  });
});

describe('ignorecache', () => {
  const ignorecache = { key: '<F-USER>@<ip>', maxCount: 2, maxTime: 60 };

  test('remembers a verdict under its key for its time, and forgets the oldest', async () => {
    const { reason, commands, clock } = rulesOf({ ignorecommand: 'x', ignorecache });
    await reason(A, { user: 'root' });
    await reason(A, { user: 'root' });
    expect(commands).toHaveLength(1);
    await reason(A, { user: 'admin' });
    expect(commands).toHaveLength(2);
    await reason(A);
    await reason(A, { user: 'root' });
    expect(commands).toHaveLength(4);
    await clock.advance(61);
    await reason(A, { user: 'root' });
    expect(commands).toHaveLength(5);
  });

  test('is empty after the rules have changed', async () => {
    const { reason, rules } = rulesOf({ ignorecache });
    expect(await reason(A)).toBeNull();
    rules.configure({ ...defaultJailConfig('j'), ignorecache, ignoreip: ['192.0.2.0/24'] });
    expect(await reason(A)).toBe('ip');
  });
});

describe('files', () => {
  test('entries are read when first needed and again when the file changes, a second later at the soonest', async () => {
    const file = path.join(folder.path, 'trusted');
    writeFileSync(file, `# ours\n${A}, 198.51.100.0/24 ; the office\nfriend.example#no-comment\n`);
    const { reason, clock } = rulesOf({ ignoreip: [`file:${file}`] });
    expect([await reason(A), await reason('198.51.100.9'), await reason('192.0.2.2')]).toEqual([`file:${file}`, `file:${file}`, null]);
    writeFileSync(file, '192.0.2.2\nfriend.example\n');
    expect(await reason('192.0.2.2')).toBeNull();
    await clock.advance(1.1);
    expect([await reason('192.0.2.2'), await reason(A), await reason('198.51.100.9')]).toEqual([`file:${file}`, `file:${file}`, null]);
  });

  test('a file that is not there is told once, and looked for again after a minute', async () => {
    const file = path.join(folder.path, 'later');
    const { reason, clock, messages } = rulesOf({ ignoreip: [`file:${file}`] });
    expect([await reason(A), await reason(A)]).toEqual([null, null]);
    expect(messages).toEqual([expect.stringMatching(/^ERROR \[j\] ignoreip file '.*later' cannot be read: /)]);
    writeFileSync(file, A);
    await clock.advance(59);
    expect(await reason(A)).toBeNull();
    await clock.advance(2);
    expect(await reason(A)).toBe(`file:${file}`);
  });

  test.each([
    ['file:/p', '/p'],
    ['file:///p', '/p'],
    ['file://etc/x', '/etc/x'],
    ['file:rel', 'rel'],
    ['file:./rel', './rel'],
  ])('%s is %s', (word, expected) => {
    expect(readIgnoreEntries([word]).others).toEqual([{ kind: 'file', path: expected }]);
  });

  test('comments begin at the start of a line or after white space', () => {
    expect(wordsOf('a,b  c\t#d\n;e\nf;g # h\r\n\n,i,')).toEqual(['a', 'b', 'c', 'f;g', 'i']);
  });
});

test('no word of ignoreip and no id makes the rules throw', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string(), { maxLength: 5 }), fc.string(), async (ignoreip, id) => {
      const words = ignoreip.filter((word) => !word.startsWith('file:'));
      const by = await rulesOf({ ignoreip: words }).reason(id);
      expect([null, 'ip', 'dns', 'ignoreself rule']).toContain(by);
      if (words.includes(id) && id !== '') expect(by).not.toBeNull();
    }),
  );
});
