#!/usr/bin/env node
/** The pages over any fail2ban-compatible server, on 127.0.0.1 or on the panel's socket: reads its options, wires the rooms, listens, stops in order. */
import { appendText } from '../base/files';
import type { Server } from 'node:http';
import { hostname } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../base/clock';
import { AppError, messageOf } from '../base/errors';
import { makePrivateFolder } from '../base/folders';
import { createLogger } from '../base/logger';
import { cronSchedule } from '../base/schedule';
import { createEngineControl } from '../panel/control/engine-control';
import { nowhere } from '../panel/history/read-event';
import { openHistoryRoom } from '../panel/history/room';
import { createApp } from '../panel/web/app';
import { readCredentials } from '../panel/web/credentials';
import { Login } from '../panel/web/login';
import { createRenderer } from '../panel/web/render';
import { newToken } from '../panel/web/session';
import { sessionDoor } from '../panel/web/session-door';
import { signedDoor } from '../panel/web/signed-door';
import { readViews } from '../panel/web/views';
import { homeAt } from './start/home';
import { listenOnPanelSocket, readSecret } from './web/panel-socket';

const PROJECT = path.resolve(__dirname, '..', '..');
const HOST = '127.0.0.1';

const HELP = `Usage: bailiff-web [OPTIONS]

  -c, --conf DIR      configuration folder of the server (default: /etc/fail2ban)
  -s, --socket PATH   the server's socket (default: /var/run/fail2ban/fail2ban.sock)
      --home DIR      folder for our own data (default: ./var)
      --port N        port on ${HOST} (default: 8787)
      --log FILE      the server's log, for the history (default: /var/log/fail2ban.log)
      --db FILE       our own database (default: data/bailiff.sqlite3 in the home)
      --panel-socket PATH   serve Plesk's PHP on this UNIX socket instead of people on a port
      --panel-group NAME    group that may connect to it (default: our own)
      --secret FILE         the secret that the panel signs its requests with
  -h, --help          print this
`;

const OPTIONS = {
  conf: { type: 'string', short: 'c', default: '/etc/fail2ban' },
  socket: { type: 'string', short: 's', default: '/var/run/fail2ban/fail2ban.sock' },
  home: { type: 'string', default: 'var' },
  port: { type: 'string', default: '8787' },
  log: { type: 'string', default: '/var/log/fail2ban.log' },
  db: { type: 'string' },
  'panel-socket': { type: 'string' },
  'panel-group': { type: 'string' },
  secret: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

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

async function main(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new AppError('BAD_ARGUMENT', `--port is not a port: ${values.port}`);
  const home = homeAt(values.home);
  for (const folder of [home.root, path.dirname(home.historyDatabase), path.dirname(home.loginLog)]) makePrivateFolder(folder);
  const logger = createLogger((record) => process.stderr.write(`bailiff-web: ${record.level} ${record.message}\n`));
  const control = createEngineControl({ socket: values.socket });
  const room = await openHistoryRoom({
    file: values.db ?? home.historyDatabase,
    log: path.resolve(values.log),
    clock: systemClock,
    logger,
    schedule: cronSchedule,
    locate: nowhere,
  });
  const token = newToken();
  const login = new Login({
    credentials: () => readCredentials(home.credentials),
    token,
    clock: systemClock,
    writeLog: (line) => appendText(home.loginLog, `${line}\n`),
  });
  const panelSocket = values['panel-socket'];
  if (panelSocket !== undefined && values.secret === undefined) throw new AppError('BAD_ARGUMENT', '--panel-socket needs --secret');
  const door =
    panelSocket === undefined || values.secret === undefined
      ? sessionDoor(systemClock)
      : signedDoor(readSecret(values.secret), systemClock);
  const app = createApp({
    control,
    history: room.history,
    clock: systemClock,
    logger,
    login,
    door,
    render: createRenderer(readViews(path.join(PROJECT, 'views'))),
    settings: {
      serverName: hostname(),
      hosts: panelSocket === undefined ? ['127.0.0.1', 'localhost'] : [PANEL_HOST],
      assets: path.join(PROJECT, 'htdocs'),
      // The panel brings its own look.
      ...(panelSocket === undefined
        ? { uiLibrary: path.join(path.dirname(require.resolve('@plesk/ui-library/package.json')), 'dist') }
        : { panel: PANEL }),
      language: 'en',
    },
  });
  const server =
    panelSocket === undefined
      ? await listen(app, port)
      : await listenOnPanelSocket(app, { path: panelSocket, group: values['panel-group'] ?? null });
  room.start();
  process.stdout.write(`Bailiff is ready: ${panelSocket ?? `http://${HOST}:${boundPort(server)}/login?token=${token}`}\n`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
  await room.close();
  control.close();
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`bailiff-web: ${messageOf(error)}\n`);
  process.exitCode = 1;
});
