/** The users of a ban, however they were written down. */
import { usersOf } from '../../../src/contracts/database/ticket-data';

describe('the users of a ban', () => {
  it.each([
    ['one', { user: 'mallory' }, ['mallory']],
    ['a list', { user: 'b', users: ['a', 'b', ''] }, ['b', 'a']],
    ['none', {}, []],
    // What the stock server makes of a set: its text.
    ['a printed list', { user: 'mallory', users: "['mallory']" }, ['mallory']],
    ['a printed set', { users: `{'a', "it's"}` }, ['a', "it's"]],
    [
      'escapes',
      { users: String.raw`['a\\b', 'x\'y"z', '\x1b[m', '\u202e', '\U0001f600', '\Uffffffff', '\n']` },
      ['a\\b', `x'y"z`, '\x1b[m', '\u202e', '😀', '\ufffd', '\n'],
    ],
    ['frozen', { users: `frozenset({'a'})` }, ['a']],
    ['an empty set', { user: 'root', users: 'set()' }, ['root']],
    ['a name like a list', { user: "[x]'" }, ["[x]'"]],
  ])('%s', (_, captured, users) => {
    expect(usersOf(captured)).toEqual(users);
  });

  it('takes no time for a text that never ends', () => {
    expect(usersOf({ users: `['${"\\'".repeat(100_000)}` })).toHaveLength(1);
  });
});
