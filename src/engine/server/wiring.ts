/** Puts the engine together: clock, log, database, sources and actions of this machine become a Server. */
import { hostname } from 'node:os';
import type { Clock } from '../../base/clock';
import { exists, readText } from '../../base/files';
import { boundedRunner, type ProcessRunner } from '../../base/process';
import { spawnLines } from '../../base/process-stream';
import { createResolver, type Resolver } from '../../base/resolver';
import { openStoreOrWait } from '../../contracts/database/open-store';
import { parseOptionList } from '../../contracts/files/option-list';
import type { BanStore } from '../../contracts/database/ban-store';
import { wordsOf } from '../../contracts/log/wording';
import type { JailConfig, LogPath } from '../../model/jail-config';
import { PlaceBook } from '../action/bulk/bulk-bans';
import { fillScript } from '../action/dynamic-tags';
import type { HostNames } from '../action/static-tags';
import { ticketValues, type TicketLookups } from '../action/ticket-values';
import type { IgnoreCommandRunner } from '../jail/ignore';
import { createOwnAddresses } from '../jail/own-addresses';
import type { Spared } from '../jail/spared';
import { createFollower } from '../source/follower';
import { followJournal } from '../source/journal';
import type { Follower } from '../source/source';
import type { UnitDeps } from './jail-unit';
import { FirewallWatch } from './firewall-watch';
import { Monitor } from './monitor';
import { Server } from './server';
import type { ServerLog } from './server-log';
import { SharedDates } from './shared-dates';

/** Seconds an ignorecommand may take. */
const IGNORE_COMMAND_LIMIT = 60;
/** Commands of actions that run at the same time, over all jails. */
const COMMANDS_AT_ONCE = 4;
/** Seconds after which a command holds up no others. */
const HANGING = 1;
const NO_IPV6 = '/proc/sys/net/ipv6/conf/all/disable_ipv6';

export interface WiringOptions {
  readonly clock: Clock;
  readonly runner: ProcessRunner;
  readonly log: ServerLog;
  /** Bans are only recorded and told. */
  readonly dryRun: boolean;
  /** Whom failures never ban; nobody without it. */
  readonly spared?: Spared;
  readonly globs: () => readonly (LogPath & { readonly jail: string })[];
}

/** Whether IPv6 is used: `allowipv6`, or for `auto` what the kernel says. */
export function allowsIpv6(setting: string): boolean {
  if (/^(?:1|on|true|yes)$/i.test(setting)) return true;
  if (setting.toLowerCase() !== 'auto') return false;
  return exists(NO_IPV6) && readText(NO_IPV6).trim() === '0';
}

/** A Server on this machine, without any jail yet. */
export function createServer(options: WiringOptions): Server {
  const { clock, log } = options;
  let allowipv6 = 'auto';
  const resolver = createResolver({
    clock,
    ipv6: () => allowsIpv6(allowipv6),
    onFailure: (name, message) => log.log('WARNING', 'fail2ban.ipdns', `Unable to find a corresponding IP address for ${name}: ${message}`),
  });
  const monitor = new Monitor(clock);
  const server: Server = new Server({
    clock,
    logger: log,
    openStore: ({ dbfile, dbpurgeage, dbmaxmatches }) =>
      openStoreOrWait(dbfile, { clock, logger: log }, { purgeAge: dbpurgeage, maxMatches: dbmaxmatches }),
    unitDeps: async (store) => {
      allowipv6 = server.settings.allowipv6;
      return unitDeps(store, resolver, options, server, await hostNames(resolver));
    },
    applyLog: (settings) => log.apply(settings),
    flushLog: () => log.flush(),
    forgetNames: () => resolver.clear(),
    monitor,
    globs: options.globs,
    ...(options.spared === undefined ? {} : { spared: options.spared }),
  });
  const { runner } = options;
  const watch = new FirewallWatch({ clock, logger: log, runner, spawn: spawnLines, jails: () => server.units() });
  watch.start();
  void server.ended.then(() => watch.stop());
  log.log('INFO', 'fail2ban.observer', 'Observer start...');
  return server;
}

/** This machine's name, in full as far as the resolver knows it: `<fq-hostname>` and `<sh-hostname>` of actions. */
async function hostNames(resolver: Resolver): Promise<HostNames> {
  const name = hostname();
  const [address] = name.includes('.') ? [] : await resolver.addressesOf(name);
  const found = address === undefined ? null : await resolver.nameOf(address);
  const full = found?.includes('.') === true ? found : name;
  return { full, short: name.split('.')[0] ?? name };
}

function unitDeps(store: BanStore, resolver: Resolver, options: WiringOptions, server: Server, hosts: HostNames): UnitDeps {
  const { clock, log, dryRun } = options;
  const { monitor, settings } = server;
  const runner = boundedRunner(options.runner, COMMANDS_AT_ONCE, { clock, seconds: HANGING });
  const lookups: TicketLookups = {
    mergedBans: (id, jail) => store.mergedBans(id, jail),
    hostName: (address) => resolver.nameOf(address),
  };
  return {
    clock,
    logger: log,
    store,
    resolver,
    ownAddresses: createOwnAddresses(clock, resolver),
    ...(options.spared === undefined ? {} : { spared: options.spared }),
    runIgnoreCommand: ignoreCommandRunner(runner, lookups),
    monitor,
    emit: (event) => {
      monitor.heard(event);
      const { level, name, message } = wordsOf(event);
      log.log(level, name, message);
    },
    followerOf: followers(options),
    dates: new SharedDates(clock, log),
    followJournal: (config, position, reader) =>
      followJournal(
        { ...journalOptions(config), matches: config.journalmatch, position, since: clock.now() - config.findtime },
        reader,
        clock,
      ),
    actionDeps: {
      clock,
      places: new PlaceBook(),
      runner,
      logger: log,
      lookups,
      hosts,
      allowIpv6: allowsIpv6(settings.allowipv6),
      dryRun,
    },
  };
}

/** One follower per way of noticing changes, made when a jail first wants it. */
function followers({ clock, log }: WiringOptions): (backend: string) => Follower {
  const made = new Map<'polling' | 'auto', Follower>();
  return (backend) => {
    const way = backend.toLowerCase() === 'polling' ? 'polling' : 'auto';
    const known = made.get(way);
    if (known !== undefined) return known;
    const follower = createFollower({ clock, logger: log, backend: way });
    made.set(way, follower);
    return follower;
  };
}

/** The options of `systemd[journalpath=…, journalflags=…]`. */
function journalOptions(config: JailConfig): Readonly<Record<string, string>> {
  const { options } = parseOptionList(config.backend);
  return Object.fromEntries(options);
}

/** Runs an ignorecommand; values from the log go to it as arguments of the shell, never as text of the script. */
function ignoreCommandRunner(runner: ProcessRunner, lookups: TicketLookups): IgnoreCommandRunner {
  return async (command, ticket) => {
    const asBan = { id: ticket.id, time: ticket.time, bantime: 0, bancount: 0, restored: false, data: ticket.data };
    const jail = { name: '', counters: () => ({ banned: 0, bannedTotal: 0, found: 0, foundTotal: 0 }) };
    const script = await fillScript(command, ticketValues(asBan, jail, lookups));
    const result = await runner.run({ command: '/bin/sh', args: ['-c', script.text, ...script.args], timeout: IGNORE_COMMAND_LIMIT });
    return result.timedOut ? null : result.code;
  };
}
