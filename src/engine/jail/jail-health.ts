/** From a jail's options, its bans and its filter: what an administrator should know while it runs. */
import { planBanTime } from './ban-time';
import type { BanDesk } from './ban-desk';
import type { JailConfig } from '../../model/jail-config';
import type { LineFilter } from '../filter/line-filter';
import type { Problem } from '../../model/problem';

const TOO_SLOW = 'A regex took too long on a line, and now gives up on lines that take it too many steps';

export function healthOf({ name, increment }: JailConfig, { enforcer, records }: BanDesk, filter: LineFilter): readonly Problem[] {
  const warn = (message: string, option: string): Problem => ({ severity: 'warning', jail: name, option, message });
  const problems = [...planBanTime(increment, () => 0, name).problems];
  for (const { name: action, trouble } of enforcer.actions) {
    if (trouble !== null)
      problems.push(warn(`${trouble.bans} ban(s) are not in force in '${action}', they are tried again: ${trouble.message}`, 'action'));
  }
  if (records.trouble !== null)
    problems.push(warn(`${records.trouble.bans} ban(s) are not written yet: ${records.trouble.message}`, 'dbfile'));
  const slow = filter.slow.map((regex) => warn(`${TOO_SLOW}: ${regex.slice(0, 300)}`, 'failregex'));
  return [...problems, ...slow];
}
