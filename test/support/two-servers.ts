/** The two servers that a control test goes over: the stock one and ours, each on a folder of its own with jails of the test. */
import path from 'node:path';
import { createEngineControl } from '../../src/panel/control/engine-control';
import type { Control } from '../../src/panel/control/control';
import { ServerSide } from './server-side';

export const KINDS = ['stock', 'ours'] as const;

export interface RunningServer {
  readonly side: ServerSide;
  readonly control: Control;
  readonly database: string;
  /** Ends the server and removes its folder. */
  remove(): Promise<void>;
}

/**
 * Starts a server with these configuration files.
 * @param jails how many of the jails in `files` are enabled
 * @param logs names of empty logs that are made first
 */
export async function runningServer(
  kind: (typeof KINDS)[number],
  files: Readonly<Record<string, string>>,
  jails: number,
  logs: readonly string[] = [],
): Promise<RunningServer> {
  const side = new ServerSide(kind, files);
  for (const log of logs) side.write(log, '');
  await side.start(jails);
  const control = createEngineControl({ socket: path.join(side.folder, 'f2b.sock'), conf: path.join(side.folder, 'config') });
  return {
    side,
    control,
    database: path.join(side.folder, 'db.sqlite3'),
    async remove() {
      control.close();
      await side.remove();
    },
  };
}

/** Kept when `done` says so; rejects after so many seconds. */
export async function until(what: string, done: () => Promise<boolean> | boolean, seconds = 30): Promise<void> {
  for (const start = Date.now(); Date.now() - start < seconds * 1000;) {
    if (await done()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}
