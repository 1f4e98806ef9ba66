/** One chain of iptables or ip6tables: a rule for each ban, given to `iptables-restore --noflush`. */
import { canonicalId } from '../../../model/address';
import { FORGETFUL, type Place, type PlaceChange } from './place';

/** How the rules of a chain are written. */
export interface ChainRules {
  /** `iptables`, `/sbin/ip6tables-nft`, … */
  readonly program: string;
  /** `-w`, `-w 10`, or nothing: how to wait for others who change the rules. */
  readonly wait: readonly string[];
  readonly table: string;
  readonly chain: string;
  /** What stands behind the address: `-j REJECT --reject-with icmp-port-unreachable`. */
  readonly rest: string;
}

export function iptablesChain({ program, wait, table, chain, rest }: ChainRules): Place {
  const target = / ?-(?:j|g) (\S+)/.exec(rest)?.[1] ?? '';
  const within = `${/ip6tables/.test(program) ? 'ip6' : 'ip'} ${table}`;
  return {
    ...FORGETFUL,
    key: `${program} ${table} ${chain}`,
    tool: 'iptables',
    program,
    within,
    most: 1000,
    doubles: true,
    timed: false,
    run: (changes) => ({
      command: `${program}-restore`,
      args: ['--noflush', ...wait],
      stdin: `*${table}\n${changes.map(({ text }) => `${text}\n`).join('')}COMMIT\n`,
    }),
    listings: [{ command: program, args: [...wait, '-t', table, '-S', chain] }],
    members: ([output = '']) => chainMembers(output, chain, target),
    removal: (element): PlaceChange => ({ verb: 'remove', element, text: `-D ${chain} -s ${element}${rest}`, end: null }),
  };
}

/** The sources of all rules of the chain that go to the target. */
function chainMembers(output: string, chain: string, target: string): ReadonlyMap<string, null> {
  const members = new Map<string, null>();
  for (const line of output.split('\n')) {
    const words = line.split(' ');
    if (words[0] !== '-A' || words[1] !== chain || words[2] !== '-s' || words[words.indexOf('-j') + 1] !== target) continue;
    members.set(canonicalId(words[3] ?? ''), null);
  }
  return members;
}
