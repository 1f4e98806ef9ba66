/** Whether an edit could cut off whoever makes it: decided from the edit alone, before it is made. */
import { contains, isSingle, parseAddress } from '../../../model/address';
import type { Edit } from '../editor/editor';

/** `none`: it bans nobody; `ban`: it can ban whoever is not trusted; `any`: it changes the commands themselves, so that being trusted does not help. */
export type Risk = 'none' | 'ban' | 'any';

/** Options by which nobody is banned who would not be banned without them. */
const HARMLESS = /^(bantime(\..*)?|dbpurgeage|dbmaxmatches|maxmatches|destemail|sender|mta|fail2ban_agent)$/;
/** Options that choose or change what is executed. */
const COMMANDS = /^(action|banaction|chain|protocol|blocktype)/;

/** Ranges from so many addresses on hold gateways, proxies and networks that nobody thinks of: /16, and /32 of IPv6. */
const BIG = { inet4: 16, inet6: 32 } as const;

function ofOptions(options: Readonly<Record<string, string | null>>): Risk {
  const names = Object.entries(options).filter(([name, value]) => !HARMLESS.test(name) && !(name === 'enabled' && value === 'false'));
  if (names.length === 0) return 'none';
  return names.some(([name]) => COMMANDS.test(name)) ? 'any' : 'ban';
}

function ofEdit(edit: Edit): Risk {
  switch (edit.kind) {
    case 'jail':
    case 'add-jail':
    case 'defaults':
      return ofOptions(edit.options);
    case 'observe':
      return edit.on ? 'none' : 'ban';
    case 'server':
    case 'remove-jail':
      return 'none';
    case 'filter':
    case 'remove-filter':
      return 'ban';
    case 'raw-jail':
    case 'reset-jail':
    case 'action':
    case 'remove-action':
    case 'import':
    case 'restore':
      return 'any';
  }
}

/** The worst of several edits. */
export function riskOf(edits: readonly Edit[]): Risk {
  const risks = edits.map(ofEdit);
  return risks.includes('any') ? 'any' : risks.includes('ban') ? 'ban' : 'none';
}

/** Whether an address or range is so big that a ban of it may hit what one does not think of. */
export function isBigRange(id: string): boolean {
  const address = parseAddress(id);
  return address !== null && !isSingle(address) && address.prefix <= BIG[address.family];
}

const LOOPBACK = ['127.0.0.0/8', '::1'].map(parseAddress);

/** Whether an address is the machine's own: whoever comes by it may come through a tunnel, from nobody knows where. */
export function isLoopback(client: string): boolean {
  const address = parseAddress(client);
  return address === null || LOOPBACK.some((own) => own !== null && contains(own, address));
}
