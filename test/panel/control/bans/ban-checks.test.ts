/** Whom somebody may ban by hand, and which notes of such bans are due. */
import { checkBan } from '../../../../src/panel/control/bans/ban-checks';
import { mayChange } from '../../../../src/panel/control/bans/ban-length';
import { dueNotes } from '../../../../src/panel/control/bans/due-notes';
import type { ManualBan } from '../../../../src/panel/control/bans/manual-bans';

const OWN = ['203.0.113.5', '2001:db8::5', 'not an address'];

test.each([
  [' 192.0.2.1 ', '192.0.2.1'],
  ['192.0.2.77/24', '192.0.2.0/24'],
  ['192.0.2.0/255.255.255.0', '192.0.2.0/24'],
  ['2001:DB8:0::1', '2001:db8::1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['2a00::/16', '2a00::/16'],
])('%s is banned as %s', (text, id) => {
  expect(checkBan(text, OWN)).toEqual({ id });
});

test.each([
  ['', 'neither'],
  ['example.com', 'neither'],
  ['192.0.2.1/33', 'neither'],
  ['--all', 'neither'],
  ['0.0.0.0/0', 'too wide'],
  ['::/0', 'too wide'],
  ['128.0.0.0/7', 'too wide'],
  ['2000::/15', 'too wide'],
  ['127.0.0.1', 'server itself'],
  ['127.0.0.0/8', 'server itself'],
  ['::1', 'server itself'],
  ['::/16', 'server itself'],
  ['0.0.0.0', 'server itself'],
  ['203.0.113.5', 'you come from'],
  ['203.0.113.0/24', 'holds the address'],
  ['2001:db8::/32', 'holds the address'],
  ['::ffff:203.0.113.5', 'you come from'],
])('%s is refused: %s', (text, reason) => {
  expect(checkBan(text, OWN)).toEqual({ refusal: expect.stringContaining(reason) as string });
});

describe('another ban time for a moment', () => {
  const ban = (time: number, bantime: number) => ({ jail: 'j', id: `${time}`, time, bantime });
  test.each([
    ['longer', 5000, 600, [ban(0, 600)], true],
    ['for ever', -1, 600, [ban(0, 600)], true],
    ['shorter, nobody has the jail’s own', 60, 600, [ban(0, 9000)], true],
    ['shorter, somebody would be free', 600, 3600, [ban(100, 3600)], false],
    ['shorter, all began lately', 600, 3600, [ban(980, 3600)], true],
    ['shorter than for ever', 600, -1, [ban(0, -1)], false],
    ['shorter than for ever, with times of their own', 600, -1, [ban(0, 9000)], true],
  ])('%s', (_name, length, own, bans, expected) => {
    expect(mayChange(length, own, bans, 1000)).toBe(expected);
  });
});

test('notes are lifted at their end, made longer when the server cut them, and forgotten when nobody needs them', () => {
  const note = (id: string, until: number | null, time = 0): ManualBan => ({ jail: 'j', id, who: 'a', reason: 'r', time, until });
  const notes = [
    note('over', 900),
    note('later', 5000),
    note('cut', 9000),
    note('gone', 900),
    note('lost', 9000),
    note('ever', null),
    note('old', null),
  ];
  const ends = new Map(Object.entries({ over: 9999, later: 5000, cut: 2000, ever: 9e9 }));
  const ids = (list: readonly ManualBan[]): string[] => list.map(({ id }) => id);
  const due = dueNotes(notes, ends, 4000);
  expect([ids(due.lift), ids(due.lengthen), ids(due.forget)]).toEqual([['over'], ['cut'], ['gone', 'old']]);
  const silent = dueNotes(notes, null, 4000);
  expect([ids(silent.lift), ids(silent.lengthen), ids(silent.forget)]).toEqual([[], [], ['over', 'gone']]);
});
