/** Opens every room behind the pages, in the order in which they need each other, and closes them again. */
import path from 'node:path';
import { type Clock, sleep } from '../../base/clock';
import { appendText } from '../../base/files';
import type { Logger } from '../../base/logger';
import { cronSchedule } from '../../base/schedule';
import { createBanBoard } from '../../panel/control/bans/board';
import { createEngineControl } from '../../panel/control/engine-control';
import { openGeo } from '../../panel/control/geo/open-geo';
import { DeadMansHandle, type HandleDeps } from '../../panel/control/handle/dead-mans-handle';
import { SHELL_EDIT, takeBackLeft } from '../../panel/control/handle/left-behind';
import { createNewLogs } from '../../panel/control/logs/new-logs';
import { openHistoryRoom } from '../../panel/history/room';
import { recordHeld } from '../../panel/web/acts/held';
import { readCredentials } from '../../panel/web/credentials';
import { Login } from '../../panel/web/login';
import type { PageWorld } from '../../panel/web/page';
import { lookingRooms, workingRooms } from '../rooms/control-rooms';
import type { Home } from '../start/home';
import { Chores } from './chores';
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
  const place = { ...options, data, logFolders: [path.dirname(home.loginLog)] };
  const world = { control, clock, logger };
  const { keeper, ...looking } = lookingRooms(place, world);
  const { tester } = looking;
  const board = createBanBoard({ control, geo, clock, logger, manual: notebook, tester: { tester, confdir: options.confdir } });
  const working = workingRooms(place, world, { keeper, notebook, changed: (jail, ids) => board.changed(jail, ids) });
  const { editor, desk, trusted, database, resolver } = working;
  const newLogs = createNewLogs({ control, conf: options.confdir, clock, logger });
  const holding = (file: string): HandleDeps => ({
    file: path.join(data, file),
    ...{ editor, desk, notes: notebook, clock, logger },
    tell: (outcome) => recordHeld({ notebook, clock, logger }, outcome),
  });
  const handle = new DeadMansHandle(holding('waiting-edit.json'));
  const leftEdit = (): Promise<unknown> => takeBackLeft({ ...holding(SHELL_EDIT), answering: () => control.jails() });
  const chores = new Chores({ desk, trusted, editor, leftEdit, notebook, clock, logger, schedule: cronSchedule });
  return {
    control,
    history: history.history,
    notebook,
    live: liveOf(history.follower, clock, (jail) => board.changed(jail)),
    geo,
    board,
    desk,
    trusted,
    editor,
    handle,
    ...looking,
    newLogs,
    confdir: options.confdir,
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
      handle.start();
    },
    async close() {
      await handle.close();
      await chores.close();
      await newLogs.close();
      await history.close();
      await Promise.all([board.close(), database.close()]);
      geo.close();
      control.close();
    },
  };
}
