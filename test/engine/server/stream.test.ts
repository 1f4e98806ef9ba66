/** The command stream folded into plain configuration. */
import { changeJail, JAIL_SETTINGS } from '../../../src/engine/server/jail-settings';
import { CommandError } from '../../../src/engine/server/command-error';
import { foldStream } from '../../../src/engine/server/stream';
import { defaultJailConfig } from '../../../src/model/jail-config';

const jail = defaultJailConfig('j1');

test('a stream becomes the settings of the server and the jails that are started', () => {
  const { settings, jails, problems } = foldStream([
    ['set', 'loglevel', 'debug'],
    ['set', 'dbfile', '/tmp/x.sqlite3'],
    ['set', 'dbpurgeage', '1d'],
    ['add', 'j1', 'polling'],
    ['multi-set', 'j1', 'addfailregex', ['^a <HOST>$', '^b <HOST>$']],
    ['set', 'j1', 'findtime', '1h'],
    ['set', 'j1', 'bantime', '-1'],
    ['set', 'j1', 'addignoreip', '127.0.0.0/8', '::1'],
    ['set', 'j1', 'addlogpath', '/a.log', 'tail'],
    ['set', 'j1', 'addaction', 'act'],
    [
      'multi-set',
      'j1',
      'action',
      'act',
      [
        ['actionban', 'true'],
        ['name', 'j1'],
      ],
    ],
    ['add', 'j2', 'auto'],
    ['start', 'j1'],
  ]);
  expect(problems).toEqual([]);
  expect(settings).toMatchObject({ loglevel: 'DEBUG', dbfile: '/tmp/x.sqlite3', dbpurgeage: 86400 });
  expect([...jails.keys()]).toEqual(['j1']);
  expect(jails.get('j1')).toMatchObject({
    backend: 'polling',
    failregex: ['^a <HOST>$', '^b <HOST>$'],
    findtime: 3600,
    bantime: -1,
    ignoreip: ['127.0.0.0/8', '::1'],
    logpath: [{ path: '/a.log', mode: 'tail' }],
    actions: [
      {
        name: 'act',
        properties: [
          ['actionban', 'true'],
          ['name', 'j1'],
        ],
      },
    ],
  });
});

test('a wrong value is a problem of its jail alone, with the option and what would be right', () => {
  const { jails, problems } = foldStream([
    ['add', 'bad', 'auto'],
    ['set', 'bad', 'maxretry', 'many'],
    ['set', 'bad', 'findtime', '10x'],
    ['add', 'good', 'auto'],
    ['set', 'good', 'maxretry', 7],
    ['start', 'bad'],
    ['start', 'good'],
  ]);
  expect(problems).toEqual([]);
  expect(jails.get('good')).toMatchObject({ maxretry: 7, problems: [] });
  expect(jails.get('bad')?.problems).toMatchObject([
    { severity: 'error', jail: 'bad', option: 'maxretry', message: "invalid literal for int() with base 10: 'many'" },
    { severity: 'error', jail: 'bad', option: 'findtime' },
  ]);
});

test('texts of config-error and unknown commands are problems of no jail', () => {
  const { problems } = foldStream([['config-error', "Jail 'x' skipped, because of wrong configuration"], ['fly']]);
  expect(problems.map(({ message }) => message)).toEqual([
    "Jail 'x' skipped, because of wrong configuration",
    "unknown command 'fly' in the stream",
  ]);
});

test.each([
  [['maxretry', '1_000'], { maxretry: 1000 }],
  [['bantime', '1.5h'], { bantime: 5400 }],
  [['usedns', 'RAW'], { usedns: 'raw' }],
  [['ignoreself', 'y'], { ignoreself: false }],
  [['ignorecache', 'key="<ip>", max-count=100, max-time=5m'], { ignorecache: { key: '<ip>', maxCount: 100, maxTime: 300 } }],
  [['ignorecache', ''], { ignorecache: null }],
  [['addjournalmatch', '_COMM=sshd', '+', '_UID=0'], { journalmatch: [['_COMM=sshd', '+', '_UID=0']] }],
  [['datepattern', ''], { datepattern: null }],
] as const)('set j1 %j', (words, expected) => {
  expect(changeJail(jail, words)).toMatchObject(expected);
});

test('bantime.* options are set, and an empty value removes them', () => {
  const set = changeJail(changeJail(jail, ['bantime.maxtime', '1d']), ['bantime.formula', 'ban.Time * 2']);
  expect(set.increment).toMatchObject({ maxtime: 86400, formula: 'ban.Time * 2' });
  expect(changeJail(changeJail(set, ['bantime.maxtime', '']), ['bantime.formula', '']).increment).toMatchObject({
    maxtime: null,
    formula: null,
  });
});

test.each([
  [['maxlines', '0'], 'ValueError'],
  [['maxretry'], 'IndexError'],
  [['addlogpath', '/a', 'middle'], 'ValueError'],
  [['action', 'nosuch', 'actionban', 'true'], 'KeyError'],
  [['nosuch', 'x'], 'Exception'],
  [['constructor', 'x'], 'Exception'],
] as const)('set j1 %j is refused as %s', (words, exception) => {
  let caught: unknown;
  try {
    changeJail(jail, words);
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(CommandError);
  expect((caught as CommandError).answer.exception.name).toBe(exception);
});

test('an action can be added once, changed and removed', () => {
  const added = changeJail(jail, ['addaction', 'act']);
  expect(() => changeJail(added, ['addaction', 'act'])).toThrow('Action act already exists');
  const changed = changeJail(changeJail(added, ['action', 'act', 'actionban', 'a']), ['action', 'act', 'actionban', 'b']);
  expect(changed.actions).toEqual([{ name: 'act', properties: [['actionban', 'b']] }]);
  expect(changeJail(changed, ['delaction', 'act']).actions).toEqual([]);
});

test('every option can be told from one that is not there', () => {
  expect(JAIL_SETTINGS).toContain('addfailregex');
  expect(JAIL_SETTINGS).not.toContain('toString');
});

test('a file of a pattern that is taken out is remembered, another one is not', () => {
  const config = changeJail(changeJail(jail, ['addlogglob', '/logs/*.log']), ['addlogpath', '/logs/a.log']);
  const without = changeJail(config, ['dellogpath', '/logs/a.log']);
  expect([without.logpath, without.logexcept]).toEqual([[], ['/logs/a.log']]);
  expect(changeJail(changeJail(config, ['addlogpath', '/other.log']), ['dellogpath', '/other.log']).logexcept).toEqual([]);
});
