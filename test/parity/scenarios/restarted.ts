/** Scenarios around a restart of both servers at the eighth second: the database and the positions in the logs carry them over. */
import type { Scenario } from '../../support/scenario';

/** Seconds after the start of the script. */
export const RESTART_AT = 8;

export const RESTARTED: readonly Scenario[] = [
  {
    name: 'bans are restored, in the order of their text',
    jails: { r1: '' },
    steps: ['0 write r1 x2 fail 192.0.2.9', '4 write r1 x2 fail 192.0.2.1', '22 $ status r1', '22 $ get r1 banip'],
  },
  {
    name: 'lines are read on where reading stopped',
    jails: { r2: 'maxretry = 3' },
    steps: ['0 write r2 x2 fail 192.0.2.1', '18 write r2 x3 fail 192.0.2.2', '23 $ status r2'],
  },
  {
    name: 'a ban that ended meanwhile is not restored',
    jails: { r3: 'bantime = 5' },
    steps: ['0 write r3 x2 fail 192.0.2.1', '22 $ status r3'],
  },
  {
    name: 'a known offender stays known',
    jails: { r4: 'bantime = 4 ; bantime.increment = true' },
    steps: ['0 write r4 x2 fail 192.0.2.1', '19 write r4 fail 192.0.2.1', '24 $ get r4 banip --with-time'],
  },
  {
    name: 'an unban is not undone',
    jails: { r5: '' },
    steps: ['0 $ set r5 banip 192.0.2.1 192.0.2.2', '3 $ set r5 unbanip 192.0.2.1', '22 $ get r5 banip'],
  },
  {
    name: 'a permanent ban is restored',
    jails: { r6: 'bantime = -1' },
    steps: ['0 $ set r6 banip 192.0.2.1', '22 $ get r6 banip --with-time'],
  },
  {
    name: 'a ban of somebody trusted since is not restored',
    jails: { r7: '' },
    steps: ['0 $ set r7 banip 192.0.2.1 192.0.2.2', '4 jail r7 ignoreip = 192.0.2.1', '22 $ get r7 banip'],
  },
  {
    name: 'a shorter ban time cuts restored bans',
    jails: { r8: 'bantime = 1h' },
    steps: ['0 $ set r8 banip 192.0.2.1', '4 jail r8 bantime = 10m', '22 $ get r8 banip --with-time'],
  },
  {
    name: 'unban --all with the whole jail reloaded',
    jails: { r9: '' },
    steps: ['0 $ set r9 banip 192.0.2.1', '20 jail r9 maxretry = 7', '20 $ reload --unban r9', '23 $ get r9 banip', '23 $ get r9 maxretry'],
  },
];
