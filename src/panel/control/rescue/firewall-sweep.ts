/** From what stands in the firewall: everything that our actions and the stock ones put there, taken out at once, whether a server runs or not. */
import { succeeded, type ProcessRunner, type RunResult } from '../../../base/process';

/** Tables of our own nftables action and of the stock one. */
const TABLES = /^table (\w+ (?:bailiff|f2b-table))$/gm;
/** Chains of iptables and sets of ipset that these actions make; a name is no longer than the kernel takes. */
const NAME = /^f2b-[\w.:-]{1,28}$/;
/** Seconds for each command. */
const LIMIT = 20;
const MOST_OUTPUT = 64 * 1024 * 1024;

/** What was done about one thing that stood there. */
export interface Swept {
  /** `table inet f2b-table`, `chain f2b-sshd of iptables`, `set f2b-sshd`. */
  readonly what: string;
  /** Why it still stands; null when it is gone. */
  readonly message: string | null;
}

/** The tables of ours in what `nft list tables` printed. */
export function tablesIn(listing: string): readonly string[] {
  return [...listing.matchAll(TABLES)].map((match) => match[1] ?? '');
}

export interface ChainPlan {
  readonly chains: readonly string[];
  /** For `iptables-restore --noflush`. */
  readonly text: string;
}

/** From what `iptables-save` printed: the rules that lead to our chains or ask our sets are taken out, and the chains. All other lines stay as they are. */
export function chainPlan(saved: string): ChainPlan {
  const chains: string[] = [];
  const sections = saved.split(/^(?=\*)/m).map((section) => {
    const lines = section.split('\n');
    const own = lines.flatMap((line) => /^:(\S+) /.exec(line)?.[1] ?? []).filter((name) => NAME.test(name));
    const leading = lines.filter((line) => isOurRule(line) && !own.some((name) => line.startsWith(`-A ${name} `)));
    chains.push(...own);
    const orders = [...leading.map((line) => `-D${line.slice(2)}`), ...own.map((name) => `-F ${name}`), ...own.map((name) => `-X ${name}`)];
    return orders.length === 0 ? '' : `${lines[0] ?? ''}\n${orders.join('\n')}\nCOMMIT\n`;
  });
  return { chains, text: sections.join('') };
}

function isOurRule(line: string): boolean {
  if (!line.startsWith('-A ')) return false;
  const named = / (?:-j|-g|--match-set) (\S+)/g;
  // A text in quotation marks is somebody's comment.
  return [...line.replace(/"(?:[^"\\]|\\.)*"/g, '""').matchAll(named)].some((match) => NAME.test(match[1] ?? ''));
}

/** The sets of ours in what `ipset list -n` printed. */
export function setsIn(listing: string): readonly string[] {
  return listing.split('\n').filter((line) => NAME.test(line));
}

/** Takes all of it out. A tool that is not installed is passed over. Never rejects. */
export async function sweepFirewall(runner: ProcessRunner): Promise<readonly Swept[]> {
  const run = (command: string, args: readonly string[], stdin = ''): Promise<RunResult> =>
    runner.run({ command, args, stdin, timeout: LIMIT, maxOutput: MOST_OUTPUT });
  const done = (what: string, result: RunResult): Swept => ({
    what,
    message: succeeded(result) ? null : (result.stderr.trim() || `ended with ${result.code ?? result.signal ?? 'no answer'}`).slice(0, 500),
  });
  const swept: Swept[] = [];
  for (const table of tablesIn((await run('nft', ['list', 'tables'])).stdout)) {
    swept.push(done(`table ${table}`, await run('nft', ['delete', 'table', ...table.split(' ')])));
  }
  for (const tool of ['iptables', 'ip6tables']) {
    const { chains, text } = chainPlan((await run(`${tool}-save`, [])).stdout);
    if (text === '') continue;
    const result = await run(`${tool}-restore`, ['--noflush', '-w', '5'], text);
    for (const chain of chains) swept.push(done(`chain ${chain} of ${tool}`, result));
    if (chains.length === 0) swept.push(done(`rules of ${tool}`, result));
  }
  for (const set of setsIn((await run('ipset', ['list', '-n'])).stdout))
    swept.push(done(`set ${set}`, await run('ipset', ['destroy', set])));
  return swept;
}
