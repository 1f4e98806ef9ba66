/** The stand-in host's firewall, watched while something else goes on. */
import type { StandInHost } from './host';

/** Whether a packet from an address is ever let through while something runs; asks the firewall all the time. */
export function watchFirewall(host: StandInHost, address: string): { gaps(): number; looks(): number } {
  host.write(
    '/tmp/watch.sh',
    `while [ ! -e /tmp/watch.stop ]; do if nft list ruleset | grep -q '${address}'; then echo in; else echo gap; fi; done > /tmp/watch.log\n`,
  );
  host.run('rm', '-f', '/tmp/watch.stop');
  host.run('sh', '-c', 'setsid sh /tmp/watch.sh >/dev/null 2>&1 &');
  const end = (): string[] => {
    host.write('/tmp/watch.stop', '');
    return host.read('/tmp/watch.log').trim().split('\n');
  };
  let lines: string[] | null = null;
  const read = (): string[] => (lines ??= end());
  return { gaps: () => read().filter((line) => line === 'gap').length, looks: () => read().length };
}
