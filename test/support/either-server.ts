/** The stock server or our engine, each with a configuration folder of the test's own: for tests that both must pass. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { engineOnSocket } from './engine-on-socket';
import { startStockServer } from './stock-server';

export const ENGINES = ['fail2ban', 'bailiff'] as const;

export interface EitherServer {
  readonly socket: string;
  readonly conf: string;
  readonly folder: string;
  /** Writes a file of the configuration folder. */
  write(file: string, text: string): void;
  stop(): Promise<void>;
}

/** Starts a server without jails; its folder has a filter `door`, an action `note` that writes to `acts`, and an empty log `a.log`. */
export async function startEither(engine: (typeof ENGINES)[number], name: string): Promise<EitherServer> {
  const started = engine === 'fail2ban' ? await startStock(name) : await startOurs();
  const { conf, folder } = started;
  const write = (file: string, text: string): void => writeFileSync(join(conf, file), text);
  write('filter.d/door.conf', '[Definition]\nfailregex = ^knock from <HOST>$\n            ^kick from <HOST>$\n');
  const acts = ['start', 'stop', 'ban', 'unban'].map((what) => `action${what} = echo "${what} <name> <ip>" >> ${folder}/acts\n`);
  write('action.d/note.conf', `[Definition]\n${acts.join('')}`);
  writeFileSync(join(folder, 'a.log'), '');
  return { ...started, write };
}

type Started = Omit<EitherServer, 'write'>;

async function startStock(name: string): Promise<Started> {
  const server = await startStockServer(name);
  return { socket: server.socket, folder: server.folder, conf: server.config, stop: () => server.stop() };
}

async function startOurs(): Promise<Started> {
  const engine = await engineOnSocket(() => [], false);
  const conf = join(engine.folder, 'config');
  for (const sub of ['filter.d', 'action.d', 'jail.d']) mkdirSync(join(conf, sub), { recursive: true });
  writeFileSync(
    join(conf, 'fail2ban.conf'),
    '[Definition]\nloglevel = INFO\nlogtarget = STDERR\nsyslogsocket = auto\nallowipv6 = auto\ndbfile = None\ndbpurgeage = 1d\n',
  );
  writeFileSync(join(conf, 'jail.conf'), '[DEFAULT]\n');
  return { socket: engine.socket, folder: engine.folder, conf, stop: () => engine.close() };
}
