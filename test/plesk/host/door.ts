/** A jail of the stand-in host that needs no service: lines of a log of its own that tests write. */
import { appendFileSync } from 'node:fs';
import type { StandInHost } from './host';

export const DOOR_FILTER = '[Definition]\nfailregex = ^\\s*door: refused <F-USER>\\S+</F-USER> from <HOST>$\n';
/** The whole `jail.local`: the machine's own networks are not spared, for they are what tests ban. */
export const DOOR_JAILS = `[DEFAULT]
ignoreip =
ignoreself = false

[door]
enabled = true
filter = door
logpath = /var/log/door.log
port = 22
maxretry = 3
banaction = nftables[type=multiport]
`;
const LOG = '/var/log/door.log';

/** Writes filter, jail and an empty log into a configuration folder. */
export function prepareDoor(host: StandInHost, config: string): void {
  host.write(`${config}/filter.d/door.conf`, DOOR_FILTER);
  host.write(`${config}/jail.local`, DOOR_JAILS);
  host.write(LOG, '');
}

/** Three failures of a user from an address, as of now. */
export function attackDoor(host: StandInHost, user: string, address: string): void {
  const time = new Date().toISOString().slice(0, 19).replace('T', ' ');
  appendFileSync(host.path(LOG), `${time} door: refused ${user} from ${address}\n`.repeat(3));
}
