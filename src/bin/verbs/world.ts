/** What the verbs work with: the rooms of the control wing, opened when a verb needs them, and who is asking. */
import { userInfo } from 'node:os';
import type { Clock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import { exists } from '../../base/files';
import { makePrivateFolder } from '../../base/folders';
import type { Logger } from '../../base/logger';
import { parseAddress } from '../../model/address';
import type { Control } from '../../panel/control/control';
import { openHistoryDatabase } from '../../panel/history/open-history';
import { SqliteHistory } from '../../panel/history/sqlite-history';
import { SqliteNotebook } from '../../panel/history/sqlite-notebook';
import type { Actor } from '../../panel/web/acts/actor';
import { type LookingRooms, lookingRooms, type WorkingRooms, workingRooms } from '../rooms/control-rooms';
import type { History } from '../../panel/history/history';
import type { Notebook } from '../../panel/history/notebook';
import type { Confirmed } from './confirm';
import type { Guard } from './guard';
import type { NamedFiles } from './files';
import type { CliPlace } from './place';
import type { Progress } from './progress';

/** Our own database. */
export interface Books {
  readonly history: History;
  readonly notebook: Notebook;
}

export interface CliWorld extends LookingRooms, NamedFiles {
  readonly control: Control;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly place: CliPlace;
  readonly actor: Actor;
  readonly progress: Progress;
  readonly guard: Guard;
  readonly confirmed: Confirmed;
  /** Has another process look after an edit that waits, should we be killed. */
  watch(this: void): void;
  /** The history and the notebook, to look at: where there are none yet, none are made. */
  books(this: void): Promise<Books>;
  /** What changes something, with what its deeds are written down with. */
  working(this: void): Promise<WorkingRooms & Books & Pick<CliWorld, 'clock' | 'logger' | 'control' | 'daemon'>>;
  close(this: void): Promise<void>;
}

export interface CliDeps extends NamedFiles {
  readonly control: Control;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly actor: Actor;
  readonly progress: Progress;
  readonly guard: Guard;
  readonly confirmed: Confirmed;
  readonly watch: () => void;
  /** Tells something on standard error. */
  readonly warn: (text: string) => void;
}

/** Seconds that a test of a filter and a preview may take: whoever waits at a shell can end them. */
const PATIENCE = { testSeconds: 120, previewSeconds: 300 };
const NOBODY_CHANGED = (): void => undefined;

/** Who sits at the shell: the user that became root, and the address they came from by SSH. */
export function actorOf(env: NodeJS.ProcessEnv): Actor {
  const [address = ''] = (env['SSH_CONNECTION'] ?? '').split(' ');
  const name = (env['SUDO_USER'] ?? '') || userName();
  return { who: `${name.slice(0, 64)} (shell)`, client: parseAddress(address) === null ? '' : address };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? ''}`;
  }
}

export function createCliWorld(place: CliPlace, deps: CliDeps): CliWorld {
  const { control, clock, logger } = deps;
  const looking = lookingRooms(place, deps, PATIENCE);
  const opened: Promise<OpenBooks>[] = [];
  let looked: Promise<OpenBooks> | null = null;
  let worked: Promise<WorkingRooms & Books & Pick<CliWorld, 'clock' | 'logger' | 'control' | 'daemon'>> | null = null;

  function opening(books: Promise<OpenBooks>): Promise<OpenBooks> {
    opened.push(books);
    return books;
  }
  async function work(): ReturnType<CliWorld['working']> {
    const { history, notebook } = await opening(openBooks(place, deps));
    const rooms = workingRooms(place, deps, { keeper: looking.keeper, notebook, changed: NOBODY_CHANGED });
    return { ...rooms, history, notebook, clock, logger, control, daemon: looking.daemon };
  }

  return {
    ...looking,
    control,
    clock,
    logger,
    place,
    actor: deps.actor,
    progress: deps.progress,
    guard: deps.guard,
    confirmed: deps.confirmed,
    watch: deps.watch,
    read: deps.read,
    write: deps.write,
    books: () => (looked ??= opening(exists(place.historyDatabase) ? openBooks(place, deps) : openAt(':memory:', deps))),
    working: () => (worked ??= work()),
    async close() {
      await (await worked?.catch(() => null))?.database.close();
      for (const books of opened) await (await books.catch(() => null))?.close();
      control.close();
    },
  };
}

type OpenBooks = Books & { close(): Promise<void> };

async function openAt(file: string, { clock, logger }: CliDeps): Promise<OpenBooks> {
  const database = await openHistoryDatabase(file, clock, logger);
  return { history: new SqliteHistory(database), notebook: new SqliteNotebook(database), close: () => database.close() };
}

/** Without our own database the server can still be steered: then nothing is written down, which is told. */
async function openBooks({ historyDatabase, data }: CliPlace, deps: CliDeps): Promise<OpenBooks> {
  try {
    makePrivateFolder(data);
    return await openAt(historyDatabase, deps);
  } catch (error) {
    deps.warn(`our own database cannot be opened, nothing is written down: ${messageOf(error)}`);
    return openAt(':memory:', deps);
  }
}
