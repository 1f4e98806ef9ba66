/**
 * The log-ins of this machine become the addresses administrators work from. Only what stands there after the log-in counts (utmp, logind):
 * an open connection proves nothing about who is at its other end.
 */
import { formatAddress, parseAddress } from '../../model/address';

const UTMP_SIZE = 384;
const USER_PROCESS = 7;
/** Their members may become root. */
const GROUPS: ReadonlySet<string> = new Set(['sudo', 'wheel', 'admin', 'root']);

export interface Login {
  readonly user: string;
  readonly pid: number;
  readonly address: string;
}

/** Who is or may become root, by `/etc/passwd` and `/etc/group`. */
export function administrators(passwd: string, group: string): ReadonlySet<string> {
  const rows = (text: string): readonly (readonly string[])[] => text.split('\n').map((line) => line.split(':'));
  const users = rows(passwd);
  const groups = rows(group).filter(([name = '']) => GROUPS.has(name));
  const ids = new Set(groups.map(([, , id = '']) => id));
  const named = users.filter(([, , uid = '', gid = '']) => uid === '0' || ids.has(gid)).map(([name = '']) => name);
  return new Set([...named, ...groups.flatMap(([, , , members = '']) => members.split(','))].filter((name) => name !== ''));
}

/** The log-ins from elsewhere in a utmp file of a 64-bit Intel machine; none for a file of another shape. */
export function utmpLogins(bytes: Buffer): readonly Login[] {
  if (bytes.length % UTMP_SIZE !== 0) return [];
  const logins: Login[] = [];
  for (let at = 0; at < bytes.length; at += UTMP_SIZE) {
    if (bytes.readInt16LE(at) !== USER_PROCESS) continue;
    const user = bytes.toString('latin1', at + 44, at + 76).replace(/\0.*$/s, '');
    const raw = bytes.subarray(at + 348, at + 364);
    const four = raw.subarray(4).every((byte) => byte === 0);
    const text = four ? raw.subarray(0, 4).join('.') : (raw.toString('hex').match(/.{4}/g) ?? []).join(':');
    const address = parseAddress(text);
    if (address === null || text === '0.0.0.0') continue;
    logins.push({ user, pid: bytes.readInt32LE(at + 4), address: formatAddress(address) });
  }
  return logins;
}

/** The ids in the answer of `loginctl list-sessions --no-legend`. */
export function sessionIds(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => line.trim().match(/^[\da-z]+(?=\s)/i) ?? []);
}

/** The log-ins by SSH in the answer of `loginctl show-session`: blocks of `Name=value`, with an empty line between them. */
export function logindLogins(text: string): readonly Login[] {
  return text.split(/\n\s*\n/).flatMap((block) => {
    const values = new Map(block.split('\n').map((line) => [line.replace(/=.*$/, ''), line.replace(/^[^=]*=/, '')]));
    const address = parseAddress(values.get('RemoteHost') ?? '');
    const open = values.get('State') === 'active' || values.get('State') === 'online';
    if (address === null || !open || values.get('Service') !== 'sshd' || values.get('Remote') !== 'yes') return [];
    return [{ user: values.get('Name') ?? '', pid: Number(values.get('Leader')), address: formatAddress(address) }];
  });
}
