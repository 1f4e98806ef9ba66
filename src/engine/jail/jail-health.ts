/** From a jail's options and its bans: what an administrator should know while it runs. */
import { planBanTime } from './ban-time';
import type { BanDesk } from './ban-desk';
import type { JailConfig } from '../../model/jail-config';
import type { Problem } from '../../model/problem';

export function healthOf({ name, increment }: JailConfig, { enforcer, records }: BanDesk): readonly Problem[] {
  const warn = (message: string, option: string): Problem => ({ severity: 'warning', jail: name, option, message });
  const problems = [...planBanTime(increment, () => 0, name).problems];
  for (const { name: action, trouble } of enforcer.actions) {
    if (trouble !== null)
      problems.push(warn(`${trouble.bans} ban(s) are not in force in '${action}', they are tried again: ${trouble.message}`, 'action'));
  }
  if (records.trouble !== null)
    problems.push(warn(`${records.trouble.bans} ban(s) are not written yet: ${records.trouble.message}`, 'dbfile'));
  return problems;
}
