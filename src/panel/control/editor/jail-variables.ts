/** Options of a jail that the server never sees: variables that its action and filter are written with. Those that people use have a meaning here. */
import { JAIL_OPTIONS } from '../../../contracts/files/jail-options';
import type { OptionInfo } from './configuration';

const variable = (name: string, meaning: string): OptionInfo => ({ name, type: 'text', default: null, meaning });

export const JAIL_VARIABLES: readonly OptionInfo[] = [
  variable('port', 'The ports that a ban closes: numbers, names of services and ranges, as in `http,https,7080:7081`.'),
  variable('protocol', 'The protocol of these ports: `tcp`, `udp`, or several with commas.'),
  variable('chain', 'The chain of the firewall that leads to the jail’s own.'),
  variable('mode', 'The mode of the filter, where it has several.'),
  variable('banaction', 'The action behind `%(action_)s`, for the ports of the jail.'),
  variable('banaction_allports', 'The action of jails that ban from all ports.'),
  variable('destemail', 'Who gets mails of the actions that write them.'),
  variable('sender', 'From whom these mails come.'),
  variable('mta', 'The program that sends them.'),
];

const ALL: ReadonlyMap<string, OptionInfo> = new Map([...JAIL_OPTIONS, ...JAIL_VARIABLES].map((info) => [info.name, info]));

/** What is known of an option of a jail; of others only that they are text. */
export function jailOptionInfo(name: string): OptionInfo {
  return ALL.get(name) ?? variable(name, '');
}

/** Names of all options that are shown of every jail, in the order of the form. */
export const JAIL_OPTION_NAMES: readonly string[] = [...ALL.keys()];
