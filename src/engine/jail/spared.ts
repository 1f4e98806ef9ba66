/** Whom no failure may ban, whatever the jail says: administrators at work, the server's gateway and name servers, and proxies. */
import path from 'node:path';
import type { Clock } from '../../base/clock';
import { exists, readBytes, readText } from '../../base/files';
import type { ProcessRunner } from '../../base/process';
import { contains, formatAddress, parseAddress, type Address } from '../../model/address';
import type { JailEvent } from '../../model/event';
import type { FailTicket } from '../../model/ticket';
import { administrators, logindLogins, sessionIds, utmpLogins, type Login } from './admin-sessions';
import { gateways4, gateways6, listed, nameServers } from './lifelines';

/** Asked for each ticket that is ripe for a ban. */
export interface Spared {
  /** Why the id must not be banned, in the words of the log; null when it may be. Never rejects. */
  reason(id: string): Promise<string | null>;
  /** Somebody who was let in works from this address: it is spared for so many seconds. */
  shelter(address: Address, seconds: number): void;
}

export interface SparedDeps {
  readonly clock: Clock;
  readonly runner: ProcessRunner;
  /** Lists of proxies; those that are missing are left out. */
  readonly lists: readonly string[];
  /** The folder that stands for `/`; tests bring their own. */
  readonly root?: string;
}

interface Entry {
  readonly by: string;
  readonly address: Address;
  /** Addresses in it are no proxies, whatever else the lists say. */
  readonly not?: boolean;
}

/** Addresses that are sheltered at a time: there are few administrators. */
const MOST_SHELTERED = 100;
/** Seconds that an answer is good for. */
const KEEP_FOR = 5;
/** Seconds that logind may take. */
const PATIENCE = 2;
const PROPERTIES = ['Name', 'Leader', 'Service', 'State', 'Remote', 'RemoteHost'];

/** Knows them of this machine, looked up again when somebody is asked about after five seconds. */
export function createSpared({ clock, runner, lists, root = '/' }: SparedDeps): Spared {
  let known: Promise<readonly Entry[]> | null = null;
  let until = 0;
  const sheltered = new Map<string, number>();

  const text = (...names: string[]): string => orElse('', () => readText(path.join(root, ...names)));

  async function logind(): Promise<readonly Login[]> {
    if (!exists(path.join(root, 'run/systemd/sessions'))) return [];
    const ask = async (args: readonly string[]): Promise<string> => {
      const { code, stdout } = await runner.run({ command: 'loginctl', args: [...args, '--no-pager'], timeout: PATIENCE });
      return code === 0 ? stdout : '';
    };
    const ids = sessionIds(await ask(['list-sessions', '--no-legend']));
    if (ids.length === 0) return [];
    return logindLogins(await ask(['show-session', ...PROPERTIES.map((name) => `--property=${name}`), ...ids]));
  }

  /** Entries of sessions that ended badly stay in utmp: a log-in counts while its sshd runs. */
  function utmp(): readonly Login[] {
    const logins = orElse<readonly Login[]>([], () => utmpLogins(readBytes(path.join(root, 'run/utmp'))));
    return logins.filter(({ pid }) => text('proc', String(pid), 'comm').startsWith('sshd'));
  }

  async function lookUp(): Promise<readonly Entry[]> {
    const admins = administrators(text('etc/passwd'), text('etc/group'));
    const logins = [...utmp(), ...(await logind().catch(() => []))];
    const entries = (by: string, words: readonly string[]): readonly Entry[] =>
      words.flatMap((word) => {
        const address = parseAddress(word);
        return address === null ? [] : [{ by, address }];
      });
    return [
      ...entries(
        'session of an administrator',
        logins.filter(({ user }) => admins.has(user)).map(({ address }) => address),
      ),
      ...entries('default gateway', [...gateways4(text('proc/net/route')), ...gateways6(text('proc/net/ipv6_route'))]),
      ...entries('name server', nameServers(text('etc/resolv.conf'))),
      ...lists.flatMap((file) => listed(orElse('', () => readText(file)))).map((entry) => ({ ...entry, by: 'proxy' })),
    ];
  }

  function isSheltered(asked: Address): boolean {
    const now = clock.monotonic();
    for (const [key, end] of sheltered) {
      const address = parseAddress(key);
      if (end <= now) sheltered.delete(key);
      else if (address !== null && contains(asked, address)) return true;
    }
    return false;
  }

  return {
    shelter(address, seconds) {
      const key = formatAddress(address);
      sheltered.delete(key);
      const [oldest] = sheltered.keys();
      if (sheltered.size >= MOST_SHELTERED && oldest !== undefined) sheltered.delete(oldest);
      sheltered.set(key, clock.monotonic() + seconds);
    },
    async reason(id) {
      const asked = parseAddress(id);
      if (asked === null) return null;
      if (isSheltered(asked)) return 'rule spare (administrator on the pages)';
      if (known === null || clock.monotonic() >= until) {
        until = clock.monotonic() + KEEP_FOR;
        known = lookUp();
      }
      const entries = await known;
      const isOut = entries.some(({ not, address }) => not === true && contains(address, asked));
      const found = entries.find(
        ({ by, not, address }) => not !== true && !(isOut && by === 'proxy') && (contains(address, asked) || contains(asked, address)),
      );
      return found === undefined ? null : `rule spare (${found.by})`;
    },
  };
}

/** The tickets that may lead to bans; the others are told. */
export async function withoutSpared(
  tickets: readonly FailTicket[],
  jail: string,
  { spared, emit }: { readonly spared?: Spared; readonly emit: (event: JailEvent) => void },
): Promise<readonly FailTicket[]> {
  if (spared === undefined) return tickets;
  const free: FailTicket[] = [];
  for (const ticket of tickets) {
    const by = await spared.reason(ticket.id);
    if (by === null) free.push(ticket);
    else emit({ kind: 'ignore', jail, id: ticket.id, by });
  }
  return free;
}

/** What cannot be read spares nobody; all else still does. */
function orElse<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
