/** Which jails a problem is about. */
import { jailsOf } from '../../src/model/problem';

test.each([
  [{ message: "Jail 'x' skipped, because of wrong configuration: y" }, ['x']],
  [{ message: "Errors in jail 'z z'. Skipping..." }, ['z z']],
  [{ message: "Errors in jail 'x'. Skipping...", jail: 'y' }, ['y']],
  [{ message: 'something else' }, []],
])('%j is about %j', (problem, jails) => expect(jailsOf({ severity: 'error', ...problem })).toEqual(jails));
