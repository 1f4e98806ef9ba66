/** Texts of the client that the installed server cannot be brought to: later releases' tables, journal matches, duplicate jails. */
import { beautify, beautifyRefusal, refusalForLog } from '../../../../src/contracts/socket/cli/beautify';
import { pythonException } from '../../../../src/contracts/socket/values';
import { PyTuple } from '../../../../src/model/python-repr';
import type { PyValue } from '../../../../src/model/python-repr';

const pair = (name: string, value: PyValue): PyTuple<PyValue> => new PyTuple<PyValue>([name, value]);
const status = (files: readonly string[]): PyValue => [
  pair('Filter', [pair('Currently failed', 1), pair('File list', files)]),
  pair('Actions', [pair('Total banned', 2), pair('Banned IP list', ['192.0.2.1', '192.0.2.2'])]),
];

describe('beautify', () => {
  it('draws the table of statistics', () => {
    const row: PyValue = ['polling', new PyTuple([2, 5]), new PyTuple([1, 4])];
    expect(beautify(['stats'], new Map([['j1', row]]))).toBe(
      [
        '          ║          ║ Filter    ║ Actions   ',
        ' Jail     ║ Backend  ╟───────────╫───────────',
        '          ║          ║ cur │ tot ║ cur │ tot',
        '══════════╬══════════╬═══════════╬═══════════',
        ' j1       ║ polling  ║   2 │   5 ║   1 │   4',
        '══════════╩══════════╩═══════════╩═══════════',
      ].join('\n'),
    );
    expect(beautify(['statistics'], new Map())).toBe('No jails found.');
  });

  it('widens its columns for long names and large numbers', () => {
    const row: PyValue = ['polling', new PyTuple([2, 123456]), new PyTuple([1, 4])];
    const lines = beautify(['stats'], new Map([['a-very-long-jail', row]])).split('\n');
    expect(lines[4]).toBe(' a-very-long-jail ║ polling  ║   2 │ 123456 ║   1 │   4');
    expect(new Set([lines[0], lines[1], lines[3], lines[5]].map((line) => line?.length)).size).toBe(1);
  });

  it('draws all jails under the server', () => {
    const answer: PyValue = [
      pair('Number of jail', 2),
      pair('Jail list', 'a, b'),
      new Map([
        ['a', status(['/x'])],
        ['b', status([])],
      ]),
    ];
    expect(beautify(['status', '--all'], answer)).toBe(
      [
        'Status',
        '|- Number of jail:\t2',
        '|- Jail list:\ta, b',
        '`- Status for the jails:',
        '   |- Jail: a',
        '   |  |- Filter',
        '   |  |  |- Currently failed:\t1',
        '   |  |  `- File list:\t/x',
        '   |  `- Actions',
        '   |     |- Total banned:\t2',
        '   |     `- Banned IP list:\t192.0.2.1 192.0.2.2',
        '   `- Jail: b',
        '      |- Filter',
        '      |  |- Currently failed:\t1',
        '      |  `- File list:\t',
        '      `- Actions',
        '         |- Total banned:\t2',
        '         `- Banned IP list:\t192.0.2.1 192.0.2.2',
      ].join('\n'),
    );
  });

  it('prints what has an unexpected shape as Python would', () => {
    expect(beautify(['status', 'j1', 'stats'], ['polling', new PyTuple([0, 0])])).toBe("['polling', (0, 0)]");
    expect(beautify(['status'], 'nothing')).toBe('nothing');
    expect(beautify(['echo'], null)).toBe('None');
    expect(beautify(['stats'], ['x'])).toBe("['x']");
  });

  it('joins journal matches and names a database that is switched off', () => {
    const matches: PyValue = [['A=1', 'B=2'], ['C=3']];
    expect(beautify(['get', 'j1', 'journalmatch'], matches)).toBe('Current match filter:\nA=1 B=2 + C=3');
    expect(beautify(['get', 'dbfile'], null)).toBe('Database currently disabled');
    expect(beautify(['get', 'j1', 'actions'], [])).toBe('No actions for jail j1');
    expect(beautify(['get', 'j1', 'actionmethods', 'a'], [])).toBe('No methods for jail j1 action a');
  });

  it('says refusals as people and as the log have them', () => {
    const duplicate = { exception: { module: 'fail2ban.exceptions', name: 'DuplicateJailException', args: ['j1'] } };
    expect(beautifyRefusal(duplicate)).toBe("The jail 'j1' already exists");
    expect(refusalForLog(duplicate)).toBe("NOK: ('j1',)");
    const missing = pythonException('FileNotFoundError', 2, 'No such file', '/p');
    expect(beautifyRefusal(missing)).toBe("[Errno 2] No such file: '/p'");
    expect(refusalForLog(missing)).toBe("NOK: (2, 'No such file')");
    expect(beautifyRefusal(pythonException('KeyError', 'x'))).toBe("'x'");
  });
});
