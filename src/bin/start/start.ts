/** `bailiff start`: engine and pages in the foreground, from an own folder, until interrupted or until one of them ends. */
import { createServer } from 'node:net';
import path from 'node:path';
import type { Clock, Timer } from '../../base/clock';
import { sleep } from '../../base/clock';
import { AppError } from '../../base/errors';
import { fileStamp } from '../../base/file-keeping';
import { removeFile } from '../../base/folders';
import { type ChildEnd, type LongChild, startChild } from '../../base/process-child';
import type { Control } from '../../panel/control/control';
import { DemoFeeder } from '../demo/feeder';
import { NODE_FLAGS } from '../server/node-flags';
import { type Home, prepareHome } from './home';
import { type StartOptions, writeStartConfig } from './jails';

export interface StartDeps {
  readonly clock: Clock;
  readonly control: Control;
  /** The project's folder, with `config/` and `dist/`. */
  readonly project: string;
  readonly random: () => number;
  /** Standard output: the ready line. */
  readonly print: (line: string) => void;
  /** Standard error: everything else. */
  readonly tell: (line: string) => void;
  /** Kept when the user wants us to stop. */
  readonly interrupted: Promise<void>;
}

/** Seconds until engine and pages must answer. */
const READY_WITHIN = 30;
/** Seconds an engine may take to stop: it lifts its bans from the firewall. */
const ENGINE_GRACE = 20;
const WEB_GRACE = 5;
/** Seconds between two looks whether our folder is there. */
const LOOK_EVERY = 2;

async function answers(control: Control): Promise<boolean> {
  return control.ping().then(
    () => true,
    (error: unknown) => error instanceof AppError && error.code === 'SERVER_TIMEOUT',
  );
}

/** @throws AppError BAD_ARGUMENT when another program has the port */
export function ensurePortIsFree(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'EADDRINUSE' ? `port ${port} is taken by another program` : `port ${port} cannot be used: ${error.message}`;
      reject(new AppError('BAD_ARGUMENT', `${reason}; choose one with BAILIFF_PORT=NUMBER`));
    });
    probe.listen({ port, host: '127.0.0.1' }, () => probe.close(() => resolve()));
  });
}

function isOrderly({ code, error }: ChildEnd): boolean {
  return error === null && code === 0;
}

function howItEnded(name: string, end: ChildEnd): string {
  if (end.error !== null) return `${name} could not be started: ${end.error.message}`;
  return end.signal === null ? `${name} ended with code ${end.code ?? 'unknown'}` : `${name} was ended by ${end.signal}`;
}

async function waitForEngine(engine: LongChild, deps: StartDeps): Promise<string | null> {
  let ended: ChildEnd | null = null;
  void engine.ended.then((end) => (ended = end));
  for (let waited = 0; waited < READY_WITHIN; waited += 0.1) {
    if (ended !== null) return howItEnded('the engine', ended);
    if (await answers(deps.control)) return null;
    await sleep(deps.clock, 0.1);
  }
  return `the engine did not answer within ${READY_WITHIN} seconds`;
}

/** Runs until it is over; returns the exit code. Throws AppError when it cannot begin. */
export async function start(home: Home, options: StartOptions, deps: StartDeps): Promise<number> {
  await ensurePortIsFree(options.port).catch(async (error: unknown) => {
    throw (await answers(deps.control)) ? runsAlready(home) : error;
  });
  if (await answers(deps.control)) throw runsAlready(home);
  prepareHome(home, path.join(deps.project, 'config'));
  removeFile(home.socket);
  const feeder = options.demo ? new DemoFeeder(home.demoLogs, deps.clock, deps.random) : null;
  feeder?.prepare();
  const jails = writeStartConfig(home, options);
  deps.tell(`Folder: ${home.root}`);
  deps.tell(`Jails: ${jails.join(', ')}`);
  deps.tell(
    options.enforce
      ? 'Bans are enforced in the firewall.'
      : 'Dry run: bans are recorded, the firewall is not touched (--enforce as root changes that).',
  );

  const program = (name: string, args: readonly string[], onLine: (line: string) => void, flags: readonly string[] = []): LongChild => {
    const file = path.join(deps.project, 'dist', 'bin', `${name}.js`);
    return startChild({ command: process.execPath, args: [...flags, file, ...args], onLine }, deps.clock);
  };
  const dry = options.enforce ? [] : ['--dry-run'];
  const serverArgs = ['-f', '-c', home.config, '-s', home.socket, '-p', home.pidFile, '--logtarget', home.serverLog, ...dry, 'start'];
  const engine = program('bailiff-server', serverArgs, deps.tell, NODE_FLAGS);
  const problem = await Promise.race([waitForEngine(engine, deps), deps.interrupted.then(() => null)]);
  if (problem !== null) {
    await engine.stop(ENGINE_GRACE);
    deps.tell(`bailiff: ${problem}; its log is ${home.serverLog}`);
    return 1;
  }
  const place = ['-c', home.config, '-s', home.socket, '-p', home.pidFile, '--home', home.root, '--log', home.serverLog];
  const web = program('bailiff-web', [...place, '--port', String(options.port), '--daemon', 'direct', ...dry], deps.print);
  feeder?.start();
  const folder = watchFolder(home.root, deps.clock);
  const over = await Promise.race([
    // In order: the pages were asked to stop it, or to switch it for the other one, and can start it again.
    engine.ended.then((end) => (isOrderly(end) ? new Promise<never>(() => undefined) : howItEnded('the engine', end))),
    web.ended.then((end) => howItEnded('the pages', end)),
    deps.interrupted.then(() => null),
    folder.gone.then(() => `the folder ${home.root} was removed`),
  ]);
  folder.cancel();
  feeder?.stop();
  if (over !== null) deps.tell(`bailiff: ${over}; stopping the rest`);
  await Promise.all([web.stop(WEB_GRACE), engine.stop(ENGINE_GRACE)]);
  // One that the pages started is nobody's child.
  await deps.control.stop().catch((error: unknown) => {
    if (!(error instanceof AppError && error.code === 'SERVER_NOT_RUNNING')) throw error;
  });
  return over === null ? 0 : 1;
}

/** Kept when the folder is gone, or another one stands in its place. */
function watchFolder(root: string, clock: Clock): { readonly gone: Promise<void>; cancel(): void } {
  const inode = fileStamp(root)?.inode;
  let timer: Timer | null = null;
  const gone = new Promise<void>((resolve) => {
    timer = clock.every(LOOK_EVERY, () => void (fileStamp(root)?.inode !== inode && resolve()));
  });
  return { gone, cancel: () => timer?.cancel() };
}

function runsAlready(home: Home): AppError {
  return new AppError(
    'SOCKET_IN_USE',
    `Bailiff runs already in ${home.root}. Stop it first, or name another folder with BAILIFF_HOME and another port with BAILIFF_PORT`,
  );
}
