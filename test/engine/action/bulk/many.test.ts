/** Thousands of bans at once through Debian's own actions and ours on a real firewall: the same rules as the stock server leaves, in few runs. */
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SideBySide } from '../../../support/side-by-side';
import { actionRig, JAIL, recordingTo } from '../../../support/actions';
import { networkNamespace, type NetworkNamespace } from '../../../support/network-namespace';
import { stockActions } from '../../../support/stock-actions';
import { stockFolder } from '../../../support/stock-server';
import { banTicket } from '../../../support/tickets';
import type { ActionConfig } from '../../../../src/model/jail-config';
import type { BanTicket } from '../../../../src/model/ticket';

const ids = (count: number, net = '10.7'): string[] => Array.from({ length: count }, (_, at) => `${net}.${at >> 8}.${at & 255}`);

describe('beside the stock server', () => {
  const both = new SideBySide(
    {
      nft: 'nftables-multiport[port="ssh,http"]',
      all: 'nftables-allports[protocol=tcp]',
      multi: 'iptables-multiport[port="http,https"]',
      logging: 'iptables-multiport-log[port=ssh]',
      fresh: 'iptables-new[port=ssh]',
      set: 'iptables-ipset-proto6[port="ssh,http"]',
      setall: 'iptables-ipset-proto6-allports[ipsettime=<bantime>]',
      old: 'iptables-ipset-proto4[port=ssh]',
    },
    '/etc/fail2ban/action.d',
  );
  beforeAll(() => both.start(), 60_000);
  afterAll(() => both.remove());
  const six = (count: number): string[] => Array.from({ length: count }, (_, at) => `2001:db8::${(at + 1).toString(16)}`);
  /** Sets that are hashed list their elements in an order of their own. */
  const rules = (text: readonly string[]): string[] =>
    text
      .join('\n')
      .replace(/elements = \{([^}]*)\}/g, (_, list: string) =>
        list
          .split(',')
          .map((word) => word.trim())
          .sort()
          .join(', '),
      )
      .split('\n');

  it('leaves the same rules after many bans and unbans', async () => {
    const many = [...ids(12), ...six(4)];
    await both.ban(many);
    const banned = rules(both.rules(both.theirs));
    expect(rules(both.rules(both.ours))).toEqual(banned);
    expect(banned.filter((line) => line.includes('10.7.0.9')).length).toBeGreaterThanOrEqual(8);
    await both.unban(many.filter((_, at) => at % 3 === 0));
    const unbanned = rules(both.rules(both.theirs));
    expect(rules(both.rules(both.ours))).toEqual(unbanned);
    expect(unbanned.join('\n')).not.toMatch(/10\.7\.0\.9[,\s/]/);
  }, 120_000);
});

describe('of ours alone', () => {
  const stock = stockFolder('many');
  let ns: NetworkNamespace;
  let configs: Map<string, ActionConfig[]>;
  const rig = (jail: string) => {
    const runs = recordingTo(ns.runner);
    return { ...actionRig(configs.get(jail)![0]!, runs, {}, { ...JAIL, name: jail }), runs };
  };
  const tickets = (list: readonly string[], bantime = 600): BanTicket[] =>
    list.map((id) => banTicket(id, { bantime, time: Date.now() / 1000 }));

  beforeAll(() => {
    cpSync('/etc/fail2ban/action.d', path.join(stock.config, 'action.d'), { recursive: true });
    cpSync(path.resolve(__dirname, '../../../../config/action.d/nftables.conf'), path.join(stock.config, 'action.d/ours.conf'));
    cpSync(path.resolve(__dirname, '../../../../config/action.d/iptables-ipset.conf'), path.join(stock.config, 'action.d/ourset.conf'));
    cpSync(path.resolve(__dirname, '../../../../config/action.d/iptables.conf'), path.join(stock.config, 'action.d/iptables.conf'));
    const jails = {
      ours: 'ours[name=ours, type=allports, protocol=all]',
      ourset: 'ourset[name=ourset, type=allports, protocol=all]',
      stock: 'nftables-multiport[name=stock, port=ssh]',
    };
    const text = Object.entries(jails).map(
      ([jail, action]) => `[${jail}]\nenabled = true\nbackend = polling\nfilter =\naction = ${action}\n`,
    );
    writeFileSync(path.join(stock.config, 'jail.conf'), `[DEFAULT]\nprotocol = tcp\nchain = INPUT\n${text.join('')}`);
    configs = stockActions(stock.config);
    ns = networkNamespace();
  });
  afterAll(() => {
    ns.remove();
    rmSync(stock.folder, { recursive: true, force: true });
  });

  it.each([
    ['ours', 'nft -j list ruleset'],
    ['ourset', 'ipset save'],
    ['stock', 'nft -j list ruleset'],
  ])(
    '%s: 5,000 bans are a handful of runs, and one that cannot be made takes no other with it',
    async (jail, list) => {
      const { action, runs, log } = rig(jail);
      await action.start();
      const bad = '10.7.9.9/0x';
      const many = [...tickets(ids(5000)), ...tickets([bad])];
      const results = await action.ban(many);
      expect(results.slice(0, 5000).every((result) => result === null)).toBe(true);
      expect(results[5000]?.message).toBe(`Error banning ${bad}`);
      expect(runs.count).toBeLessThan(20);
      expect(new Set(ns.sh(list).match(/10\.7\.\d+\.\d+/g))).toEqual(new Set(ids(5000)));
      expect(log.filter(({ level }) => level === 'ERROR').length).toBeGreaterThan(0);
      expect(await action.missing(many.slice(0, 5000))).toEqual([]);
      await action.unban(tickets(ids(4000)));
      expect(runs.count).toBeLessThan(40);
      expect(new Set(ns.sh(list).match(/10\.7\.\d+\.\d+/g))).toEqual(new Set(ids(5000).slice(4000)));
      await action.flush();
      await action.stop();
    },
    60_000,
  );

  it('bans ranges within ranges, whichever comes first, and unbans each without the other', async () => {
    const { action, log } = rig('ours');
    await action.start();
    const [wide, inner, other] = ['198.51.100.0/24', '198.51.100.64/26', '203.0.113.0/24'];
    const inSet = (address: string): boolean => ns.succeeds(`nft get element inet bailiff ours-ranges-4 '{ ${address} }'`);
    expect(await action.ban([...tickets([inner], 600), ...tickets([other])])).toEqual([null, null]);
    expect(await action.ban(tickets([wide], 60))).toEqual([null]);
    expect(await action.ban(tickets([wide], 60))).toEqual([null]);
    for (const address of ['198.51.100.1', '198.51.100.70', '198.51.100.200', '203.0.113.1']) expect(inSet(address)).toBe(true);
    expect(ns.sh('nft list set inet bailiff ours-ranges-4')).toMatch(/198\.51\.100\.64\/26 timeout (10m|9m\d+s)/);
    expect(await action.unban(tickets([inner]))).toEqual([null]);
    for (const address of ['198.51.100.1', '198.51.100.70', '198.51.100.200']) expect(inSet(address)).toBe(true);
    expect(await action.ban(tickets([inner], 600))).toEqual([null]);
    expect(await action.unban(tickets([wide]))).toEqual([null]);
    expect([inSet('198.51.100.70'), inSet('198.51.100.1'), inSet('203.0.113.1')]).toEqual([true, false, true]);
    expect(log.filter(({ level }) => level === 'ERROR')).toEqual([]);
    await action.stop();
  });

  it('the same when each is banned by the command itself', async () => {
    const config = configs.get('ours')![0]!;
    const plain = {
      ...config,
      properties: config.properties.map(([name, value]) => [name, String(value).replace(/^: bulk.*\n/, '')] as const),
    };
    const { action, log } = actionRig(plain, ns.runner, {}, { ...JAIL, name: 'ours' });
    expect(action.bulk).toBe(false);
    const inSet = (address: string): boolean => ns.succeeds(`nft get element inet bailiff ours-ranges-4 '{ ${address} }'`);
    const [wide, inner] = ['198.51.100.0/24', '198.51.100.64/26'];
    expect(await action.ban(tickets([inner, wide, inner]))).toEqual([null, null, null]);
    expect([inSet('198.51.100.70'), inSet('198.51.100.1')]).toEqual([true, true]);
    expect(await action.unban(tickets([inner]))).toEqual([null]);
    expect(inSet('198.51.100.70')).toBe(true);
    expect(await action.unban(tickets([wide]))).toEqual([null]);
    expect(inSet('198.51.100.1')).toBe(false);
    expect(log.filter(({ level }) => level === 'ERROR')).toEqual([]);
    await action.stop();
  });
});
