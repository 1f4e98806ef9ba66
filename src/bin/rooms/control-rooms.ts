/** The rooms that steer a server, for the pages and for the shell alike: configuration, editor, bans, trusted addresses, tester, logs, daemon, health. */
import path from 'node:path';
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/logger';
import { systemRunner } from '../../base/process';
import { createResolver, type Resolver } from '../../base/resolver';
import { type ProcessLock, processLock } from '../../contracts/database/process-lock';
import { BanDatabase } from '../../panel/control/bans/ban-database';
import type { BanDesk } from '../../panel/control/bans/ban-desk';
import { createBanDesk } from '../../panel/control/bans/desk';
import type { Control } from '../../panel/control/control';
import type { Daemon } from '../../panel/control/daemon/daemon';
import type { Configuration } from '../../panel/control/editor/configuration';
import { createEditor } from '../../panel/control/editor/create-editor';
import type { Editor } from '../../panel/control/editor/editor';
import { createConfiguration } from '../../panel/control/editor/folder-configuration';
import { SnapshotKeeper } from '../../panel/control/editor/snapshot';
import type { HealthNotice } from '../../panel/control/health/health';
import { serverHealth } from '../../panel/control/health/server-health';
import { LOG_FOLDERS } from '../../panel/control/logs/allowed-paths';
import { createLogs } from '../../panel/control/logs/create-logs';
import type { Logs } from '../../panel/control/logs/logs';
import { sweepFirewall, type Swept } from '../../panel/control/rescue/firewall-sweep';
import { createTester, type TesterOptions } from '../../panel/control/tester/create-tester';
import type { Tester } from '../../panel/control/tester/tester';
import { createTrustedList } from '../../panel/control/trusted/create-trusted-list';
import type { TrustedList } from '../../panel/control/trusted/trusted';
import type { Notebook } from '../../panel/history/notebook';
import { daemonOf, type DaemonPlace } from '../web/daemon-of';

/** Where a server and what we keep of it are. */
export interface ControlPlace extends DaemonPlace {
  /** Private folder of our own: states of the configuration, databases, locks. */
  readonly data: string;
  /** Folders besides the usual ones in which logs may be read. */
  readonly logFolders: readonly string[];
}

export interface ControlWorld {
  readonly control: Control;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What only looks. */
export interface LookingRooms {
  readonly keeper: SnapshotKeeper;
  readonly configuration: Configuration;
  readonly tester: Tester;
  readonly logs: Logs;
  readonly daemon: Daemon;
  /** Takes all bans out of this machine's firewall, unless the server only records its bans. */
  clearFirewall(this: void): Promise<readonly Swept[]>;
  health(this: void): Promise<readonly HealthNotice[]>;
}

/** What changes something. */
export interface WorkingRooms {
  readonly editor: Editor;
  readonly desk: BanDesk;
  readonly trusted: TrustedList;
  readonly database: BanDatabase;
  readonly resolver: Resolver;
}

const program = (name: string): readonly string[] => [process.execPath, path.resolve(__dirname, '..', `${name}.js`)];

/** @param patience seconds that tests and previews may take, where the usual ones are too few */
export function lookingRooms(
  place: ControlPlace,
  { control, clock }: ControlWorld,
  patience: Pick<TesterOptions, 'testSeconds' | 'previewSeconds'> = {},
): LookingRooms {
  const runner = systemRunner(clock);
  const keeper = new SnapshotKeeper(place.confdir);
  const daemon = oneAtATime(daemonOf(place, { control, clock, runner }), processLock(path.join(place.data, 'daemon.lock'), clock));
  const commands = { regexCommand: program('bailiff-regex'), serverCommand: program('bailiff-server') };
  return {
    keeper,
    configuration: createConfiguration(keeper),
    tester: createTester({ ...patience, ...commands, runner, clock, logFolders: [...LOG_FOLDERS, ...place.logFolders] }),
    logs: createLogs({ control, usual: place.log, folders: [...LOG_FOLDERS, path.dirname(place.log)] }),
    daemon,
    clearFirewall: () => (place.dryRun ? Promise.resolve([]) : sweepFirewall(runner)),
    health: () => serverHealth({ control, clock, started: async () => (await daemon.state()).since }),
  };
}

/** Processes that start and stop the same server wait for each other. */
function oneAtATime(daemon: Daemon, lock: ProcessLock): Daemon {
  return {
    state: () => daemon.state(),
    start: () => lock.run(() => daemon.start()),
    stop: () => lock.run(() => daemon.stop()),
    switchTo: (engine) => lock.run(() => daemon.switchTo(engine)),
  };
}

/**
 * Processes that work on the same folder wait for each other.
 * @param changed told in which jail (null: in all) bans were changed, and whose
 */
export function workingRooms(
  place: ControlPlace,
  { control, clock, logger }: ControlWorld,
  {
    keeper,
    notebook,
    changed,
  }: { keeper: SnapshotKeeper; notebook: Notebook; changed: (jail: string | null, ids: readonly string[]) => void },
): WorkingRooms {
  const lock = processLock(path.join(place.data, 'work.lock'), clock);
  const resolver = createResolver({ clock });
  const editor = createEditor({ keeper, control, clock, logger, states: path.join(place.data, 'states'), lock });
  const database = new BanDatabase(async () => (await control.serverSettings()).dbfile, clock);
  const desk = createBanDesk({ control, clock, database, manual: notebook, editor, changed, lock });
  return { editor, desk, trusted: createTrustedList({ keeper, editor, notes: notebook, resolver, clock }), database, resolver };
}
