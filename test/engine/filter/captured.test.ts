/** What a failure captured stays as it was, whatever later lines set in the same session. */
import { Captured, SessionUsers } from '../../../src/engine/filter/captured';

test('a list that two share is copied by who changes it first', () => {
  const first = new Captured();
  first.add('user', 'a');
  first.add('users', new SessionUsers(['a']));
  const then = first.asItIs();
  first.set('user', 'b');
  first.set('users', new SessionUsers(['a', 'b']));
  first.add('fid', 'x');
  expect(then.toTicket()).toEqual({ user: 'a', users: ['a'] });
  expect(first.toTicket()).toEqual({ user: 'b', users: ['a', 'b'], fid: 'x' });

  const again = first.asItIs();
  first.delete('user');
  again.add('port', '22');
  expect(again.toTicket()).toEqual({ user: 'b', users: ['a', 'b'], fid: 'x', port: '22' });
  expect(first.toTicket()).toEqual({ users: ['a', 'b'], fid: 'x' });
});
