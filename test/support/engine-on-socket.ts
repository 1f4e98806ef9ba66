/** Our engine in this process, on a socket of the test's own: bans are only recorded, the log is kept in memory. */
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../src/base/clock';
import type { LogRecord } from '../../src/base/logger';
import { systemRunner } from '../../src/base/process';
import { createSocketServer } from '../../src/contracts/socket/server';
import { dispatch } from '../../src/engine/server/dispatch';
import type { Server } from '../../src/engine/server/server';
import { ServerLog } from '../../src/engine/server/server-log';
import { DEFAULT_SETTINGS } from '../../src/engine/server/server-settings';
import { createServer } from '../../src/engine/server/wiring';
import type { Command } from '../../src/model/command';
import { temporaryFolder } from './folder';

export interface EngineOnSocket {
  readonly socket: string;
  readonly folder: string;
  readonly server: Server;
  readonly records: readonly LogRecord[];
  /** Appends lines to a file of the folder. */
  append(file: string, ...lines: readonly string[]): void;
  close(): Promise<void>;
}

/** @param stream commands that are applied before the socket opens, made for the folder */
export async function engineOnSocket(stream: (folder: string) => readonly Command[], dryRun = true): Promise<EngineOnSocket> {
  const folder = temporaryFolder();
  const records: LogRecord[] = [];
  const log = new ServerLog(DEFAULT_SETTINGS, () => ({
    name: 'memory',
    write: (record) => void records.push(record),
    flush: () => 'flushed',
    close: () => Promise.resolve(),
  }));
  const server = createServer({ clock: systemClock, runner: systemRunner(systemClock), log, dryRun, globs: () => [] });
  await server.apply([['set', 'dbfile', 'None'], ...stream(folder.path)]);
  const listener = await createSocketServer({
    path: path.join(folder.path, 'f2b.sock'),
    handle: (command) => dispatch(server, command),
  });
  // As the program does: who stops the server over the socket takes the socket away.
  void server.ended.then(() => listener.close());
  return {
    socket: listener.path,
    folder: folder.path,
    server,
    records,
    append: (file, ...lines) => appendFileSync(path.join(folder.path, file), lines.map((line) => `${line}\n`).join('')),
    close: async () => {
      await server.quit();
      await listener.close();
      folder.remove();
    },
  };
}
