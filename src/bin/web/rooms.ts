/** Opens every room behind the pages, in the order in which they need each other, and closes them again. */
import path from 'node:path';
import { type Clock, sleep } from '../../base/clock';
import { appendText } from '../../base/files';
import type { Logger } from '../../base/logger';
import { systemRunner } from '../../base/process';
import { createResolver } from '../../base/resolver';
import { cronSchedule } from '../../base/schedule';
import { BanDatabase } from '../../panel/control/bans/ban-database';
import { createBanBoard } from '../../panel/control/bans/board';
import { createBanDesk } from '../../panel/control/bans/desk';
import { createEditor } from '../../panel/control/editor/create-editor';
import { createConfiguration } from '../../panel/control/editor/folder-configuration';
import { SnapshotKeeper } from '../../panel/control/editor/snapshot';
import { createEngineControl } from '../../panel/control/engine-control';
import { openGeo } from '../../panel/control/geo/open-geo';
import { serverHealth } from '../../panel/control/health/server-health';
import { LOG_FOLDERS } from '../../panel/control/logs/allowed-paths';
import { createLogs } from '../../panel/control/logs/create-logs';
import { createTester } from '../../panel/control/tester/create-tester';
import { createTrustedList } from '../../panel/control/trusted/create-trusted-list';
import { openHistoryRoom } from '../../panel/history/room';
import { readCredentials } from '../../panel/web/credentials';
import { Login } from '../../panel/web/login';
import type { PageWorld } from '../../panel/web/page';
import type { Home } from '../start/home';
import { Chores } from './chores';
import { daemonOf } from './daemon-of';
import { liveOf } from './live';
import type { WebOptions } from './options';

export interface Rooms extends PageWorld {
  /** Follows the log, works at night, lifts what has come to its end. */
  start(): void;
  close(): Promise<void>;
}

export interface RoomsDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of the one-time link. */
  readonly token: string;
}

/** Seconds that a page waits for the name of an address. */
const NAME_WITHIN = 1.5;

/** Throws AppErrors of the rooms, for instance when our own database can neither be read nor made. */
export async function openRooms(options: WebOptions, home: Home, { clock, logger, token }: RoomsDeps): Promise<Rooms> {
  const data = path.dirname(home.historyDatabase);
  const program = (name: string): readonly string[] => [process.execPath, path.resolve(__dirname, '..', `${name}.js`)];
  const runner = systemRunner(clock);
  const control = createEngineControl({ socket: options.socket, conf: options.confdir });
  const geo = await openGeo({ folder: data, clock, logger });
  const history = await openHistoryRoom({
    file: options.database ?? home.historyDatabase,
    log: options.log,
    clock,
    logger,
    schedule: cronSchedule,
    locate: (id) => geo.locate(id),
  });
  const { notebook } = history;
  const resolver = createResolver({ clock });
  const keeper = new SnapshotKeeper(options.confdir);
  const editor = createEditor({ keeper, control, clock, logger, states: path.join(data, 'states') });
  const logFolders = [...LOG_FOLDERS, path.dirname(home.loginLog)];
  const tester = createTester({
    runner,
    clock,
    regexCommand: program('bailiff-regex'),
    serverCommand: program('bailiff-server'),
    logFolders,
  });
  const board = createBanBoard({ control, geo, clock, logger, manual: notebook, tester: { tester, confdir: options.confdir } });
  const database = new BanDatabase(async () => (await control.serverSettings()).dbfile, clock);
  const desk = createBanDesk({ control, clock, database, manual: notebook, editor, changed: (jail) => board.changed(jail) });
  const trusted = createTrustedList({ keeper, editor, notes: notebook, resolver, clock });
  const daemon = daemonOf(options, { control, clock, runner });
  const chores = new Chores({ desk, trusted, editor, notebook, clock, logger, schedule: cronSchedule });
  return {
    control,
    history: history.history,
    notebook,
    live: liveOf(history.follower, clock, (jail) => board.changed(jail)),
    geo,
    board,
    desk,
    trusted,
    configuration: createConfiguration(keeper),
    editor,
    tester,
    logs: createLogs({ control, usual: options.log, folders: [...LOG_FOLDERS, path.dirname(options.log)] }),
    daemon,
    confdir: options.confdir,
    health: () => serverHealth({ control, clock, started: async () => (await daemon.state()).since }),
    hostName: (id) => Promise.race([resolver.nameOf(id), sleep(clock, NAME_WITHIN).then(() => null)]),
    clock,
    logger,
    login: new Login({
      credentials: () => readCredentials(home.credentials),
      token,
      clock,
      writeLog: (line) => appendText(home.loginLog, `${line}\n`),
    }),
    start() {
      history.start();
      chores.start();
    },
    async close() {
      await chores.close();
      await history.close();
      await Promise.all([board.close(), database.close()]);
      geo.close();
      control.close();
    },
  };
}
