/** Runs the engine in the foreground: reads the configuration, opens log and socket, applies the stream, and stops in order. */
import path from 'node:path';
import { systemClock } from '../../base/clock';
import { AppError, messageOf } from '../../base/errors';
import { makeSocketFolder } from '../../base/file-socket';
import { exists, writeFileSafely } from '../../base/files';
import { removeFile } from '../../base/folders';
import { systemRunner } from '../../base/process';
import { MemoryKeeper, ownMemory } from '../../base/process-memory';
import { SpareProcess } from '../../base/process-spare';
import { readConfiguration, type Configuration } from '../../contracts/files/configuration';
import { checkConfiguration } from '../../contracts/files/validate';
import { openLogTarget } from '../../contracts/log/targets';
import { createSocketServer } from '../../contracts/socket/server';
import { createSpared, type Spared } from '../../engine/jail/spared';
import { JailUnit } from '../../engine/server/jail-unit';
import { Pulse } from '../../engine/server/pulse';
import { dispatch } from '../../engine/server/dispatch';
import type { Server } from '../../engine/server/server';
import { ServerLog } from '../../engine/server/server-log';
import { DEFAULT_SETTINGS, type ServerSettings } from '../../engine/server/server-settings';
import { createServer } from '../../engine/server/wiring';
import type { LogPath } from '../../model/jail-config';
import { formatProblem } from '../../model/problem';
import { FAIL2BAN_PARITY } from '../../model/version';
import type { CommandLine } from '../command-line';
import { ServiceManager } from '../service-manager';
import { configurationOf } from './files';

const clock = systemClock;
const LOGGER = 'fail2ban.server';

function openLog(configuration: Configuration): ServerLog {
  const { loglevel, logtarget, syslogsocket } = configuration.server;
  const runner = systemRunner(clock);
  const open = (settings: ServerSettings): ReturnType<typeof openLogTarget> =>
    openLogTarget(settings.logtarget, {
      clock,
      pid: process.pid,
      stdout: (text) => process.stdout.write(text),
      stderr: (text) => process.stderr.write(text),
      runner,
      syslogSocket: settings.syslogsocket,
      onError: (message) => process.stderr.write(`${message}\n`),
    });
  return new ServerLog({ ...DEFAULT_SETTINGS, loglevel: loglevel.toUpperCase(), logtarget, syslogsocket }, open);
}

type Globs = readonly (LogPath & { readonly jail: string })[];

/** The log paths as written: a reload that a client sends names only the files that are there now. */
function globsOf(configuration: Configuration): Globs {
  return configuration.globs.map(({ jail, path, mode }) => ({ jail, path, mode: mode === 'tail' ? 'tail' : 'head' }));
}

function stopOnSignals(server: Server, manager: ServiceManager): void {
  const stop = (): void => {
    manager.stopping();
    void server.quit();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  process.on('SIGUSR1', () => void server.flushLogs());
  process.on('SIGHUP', () => undefined);
}

/** The proxies of the configuration folder, or ours where it has no list of its own; those of `proxies.local` besides. */
function sparedOf(conf: string): Spared {
  const own = path.join(conf, 'proxies.conf');
  const shipped = path.resolve(__dirname, '..', '..', '..', 'config', 'proxies.conf');
  const lists = [exists(own) ? own : shipped, path.join(conf, 'proxies.local')];
  return createSpared({ clock, runner: systemRunner(clock), lists });
}

/** Runs until stopped by a client or a signal; the exit code. */
export async function runServer(line: CommandLine): Promise<number> {
  process.umask(0o077);
  process.title = line.pname ?? 'fail2ban-server';
  const manager = new ServiceManager(clock);
  // Not kept once it is loaded: thousands of files in many jails make it large.
  let configuration: Configuration | null = configurationOf(line);
  const log = openLog(configuration);
  log.log('INFO', LOGGER, '-'.repeat(50));
  log.log('INFO', LOGGER, `Starting Fail2ban v${FAIL2BAN_PARITY}`);
  const { socket, pidfile, spare } = configuration.server;
  let globs = globsOf(configuration);
  let isRead = true;
  const server = createServer({
    clock,
    runner: systemRunner(clock, new SpareProcess(clock)),
    log,
    dryRun: line.dryRun,
    ...(spare ? { spared: sparedOf(line.conf) } : {}),
    globs: () => {
      globs = isRead ? globs : globsReadAnew(line, globs);
      isRead = false;
      return globs;
    },
  });
  try {
    const listener = await createSocketServer({
      path: socket,
      force: line.force,
      handle: (command) => dispatch(server, command),
      onProblem: (message) => log.log('ERROR', 'fail2ban.asyncserver', message),
      clock,
    });
    makeSocketFolder(pidfile);
    writeFileSafely(pidfile, `${process.pid}\n`, 0o600);
    stopOnSignals(server, manager);
    log.log('INFO', LOGGER, 'Daemon started');
    const pulse = new Pulse(clock, () => server.units().filter((unit) => unit instanceof JailUnit));
    manager.status('Starting the jails');
    manager.ready(() =>
      pulse
        .hanging()
        .map((jail) => `Jail '${jail}' hangs`)
        .join(', '),
    );
    for (const problem of checkConfiguration(configuration)) {
      log.log(problem.severity === 'error' ? 'ERROR' : 'WARNING', 'fail2ban.configreader', formatProblem(problem));
    }
    await server.apply(configuration.commands);
    configuration = null;
    const memory = ownMemory();
    if (memory !== null) new MemoryKeeper(clock, memory);
    manager.status(`${server.names().length} jails run`);
    await server.ended;
    removeFile(pidfile);
    listener.stopListening();
    await listener.close();
    return 0;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const taken = error.code === 'SOCKET_IN_USE';
    log.log('ERROR', LOGGER, taken ? `Fail2ban seems to be already running: ${error.message}` : error.message);
    process.stderr.write(`ERROR   ${taken ? 'Server already running: ' : ''}${messageOf(error)}\n`);
    return 255;
  } finally {
    await log.close();
  }
}

/** Those of the configuration as it is now; those from before when it cannot be read. */
function globsReadAnew(line: CommandLine, before: Globs): Globs {
  try {
    return globsOf(readConfiguration(line.conf));
  } catch {
    return before;
  }
}
