#!/usr/bin/env node
/** The pages over any fail2ban-compatible server, on 127.0.0.1 or on the panel's socket: reads its options, opens the rooms, listens, stops in order. */
import type { Server } from 'node:http';
import { hostname } from 'node:os';
import path from 'node:path';
import { systemClock } from '../base/clock';
import { AppError, messageOf } from '../base/errors';
import { makePrivateFolder } from '../base/folders';
import { createLogger } from '../base/logger';
import { createApp, type WebSettings } from '../panel/web/app';
import { createRenderer } from '../panel/web/render';
import { newToken } from '../panel/web/session';
import { sessionDoor } from '../panel/web/session-door';
import { signedDoor } from '../panel/web/signed-door';
import { readViews } from '../panel/web/views';
import { ServiceManager } from './service-manager';
import { homeAt } from './start/home';
import { HELP, HOST, readOptions, type WebOptions } from './web/options';
import { listenOnPanelSocket, readSecret } from './web/panel-socket';
import { openRooms } from './web/rooms';
import { warmUp } from './web/warm-up';

const PROJECT = path.resolve(__dirname, '..', '..');
/** Where the panel has our pages and their files. */
const PANEL = { pages: '/modules/bailiff/index.php/ui', assets: '/modules/bailiff' };
/** The host that the panel's requests name. */
const PANEL_HOST = 'bailiff';

function listen(app: ReturnType<typeof createApp>, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, HOST, (error?: NodeJS.ErrnoException) => {
      if (error === undefined) resolve(server);
      else
        reject(
          error.code === 'EADDRINUSE' ? new AppError('BAD_ARGUMENT', `port ${port} is taken by another program: choose another`) : error,
        );
    });
  });
}

function boundPort(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The panel brings its own look; alone, the pages bring the library's. */
function settingsFor({ panel }: WebOptions): WebSettings {
  const settings = { serverName: hostname(), assets: path.join(PROJECT, 'htdocs'), language: 'en' };
  if (panel !== null) return { ...settings, hosts: [PANEL_HOST], panel: PANEL };
  const uiLibrary = path.join(path.dirname(require.resolve('@plesk/ui-library/package.json')), 'dist');
  return { ...settings, hosts: [HOST, 'localhost'], uiLibrary };
}

async function main(argv: readonly string[]): Promise<void> {
  const options = readOptions(argv);
  if (options === null) {
    process.stdout.write(HELP);
    return;
  }
  const { panel } = options;
  const manager = new ServiceManager(systemClock);
  const door = panel === null ? sessionDoor(systemClock) : signedDoor(readSecret(panel.secretFile), systemClock);
  const home = homeAt(options.home);
  for (const folder of [home.root, path.dirname(home.historyDatabase), path.dirname(home.loginLog)]) makePrivateFolder(folder);
  const logger = createLogger((record) => process.stderr.write(`bailiff-web: ${record.level} ${record.message}\n`));
  const token = newToken();
  const rooms = await openRooms(options, home, { clock: systemClock, logger, token });
  try {
    const render = createRenderer(readViews(path.join(PROJECT, 'views')));
    const app = createApp({ ...rooms, door, render, settings: settingsFor(options) });
    const server = await (panel === null
      ? listen(app, options.port)
      : listenOnPanelSocket(app, { path: panel.socket, group: panel.group }));
    rooms.start();
    manager.ready();
    const warming = new AbortController();
    const warm = warmUp({ render, configuration: rooms.configuration, clock: systemClock }, warming.signal);
    process.stdout.write(`Bailiff is ready: ${panel?.socket ?? `http://${HOST}:${boundPort(server)}/login?token=${token}`}\n`);
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
    });
    manager.stopping();
    warming.abort();
    await warm;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  } finally {
    await rooms.close();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`bailiff-web: ${messageOf(error)}\n`);
  process.exitCode = 1;
});
