/** The client: the command line of fail2ban-client becomes commands on the socket, and their answers its texts and exit codes. */
import { sleep, systemClock } from '../../base/clock';
import { parseDuration } from '../../base/duration';
import { AppError, messageOf } from '../../base/errors';
import { standingAt } from '../../base/file-socket';
import { readConfiguration } from '../../contracts/files/configuration';
import { formatRecord } from '../../contracts/log/layout';
import { beautify, beautifyRefusal, refusalForLog } from '../../contracts/socket/cli/beautify';
import { ServerRefusal, SocketClient } from '../../contracts/socket/client';
import { formatProblem } from '../../model/problem';
import type { PyValue } from '../../model/python-repr';
import { BAILIFF_VERSION, FAIL2BAN_PARITY } from '../../model/version';
import { CommandLineError, parseCommandLine } from '../command-line';
import type { CommandLine } from '../command-line';
import { checkFiles, dumpFiles } from '../server/files';
import { interact } from './interact';
import { reloadCommand } from './reload';
import { USAGE } from './usage';

export interface ClientWorld {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Starts the server in the background; the exit code. */
  readonly startServer: (line: CommandLine) => Promise<number>;
}

const FAILED = 255;
/** A command may run for as long as its actions do. */
const PATIENCE = 24 * 3600;
const PING = 30;

/** Carries out a command line; the exit code is 0 or 255, as with the original. */
export async function runClient(args: readonly string[], world: ClientWorld): Promise<number> {
  let line: CommandLine;
  try {
    line = parseCommandLine(args);
  } catch (error) {
    if (!(error instanceof CommandLineError)) throw error;
    world.stdout(USAGE);
    world.stderr(`${error.message}\n`);
    return FAILED;
  }
  try {
    return await runLine(line, world);
  } catch (error) {
    if (error instanceof ServerRefusal || !(error instanceof AppError)) throw error;
    say(world, error.message);
    return FAILED;
  }
}

async function runLine(line: CommandLine, world: ClientWorld): Promise<number> {
  if (line.help) return print(world, USAGE);
  if (line.version === 'short') return print(world, `${FAIL2BAN_PARITY}\n`);
  if (line.version === 'long') return print(world, `Bailiff v${BAILIFF_VERSION}, a drop-in for Fail2Ban v${FAIL2BAN_PARITY}\n`);
  if (line.str2sec !== null) return print(world, `${parseDuration(line.str2sec)}\n`);
  if (line.dump) return dumpFiles(line);
  if (line.test) return checkFiles(line);
  const [word] = line.command;
  if (word === undefined && !line.interactive) {
    world.stdout(USAGE);
    return FAILED;
  }
  const path = line.socket ?? readConfiguration(line.conf, { jails: [] }).server.socket;
  const client = new SocketClient({ path, timeout: PATIENCE });
  const run = (command: readonly string[]): Promise<boolean> => runCommand(command, line, client, world);
  if (line.interactive) return (await interact(run, world.stdout)) ? 0 : FAILED;
  return (await run(line.command)) ? 0 : FAILED;
}

function print(world: ClientWorld, text: string): number {
  world.stdout(text);
  return 0;
}

/** True when it was carried out. */
async function runCommand(command: readonly string[], line: CommandLine, client: SocketClient, world: ClientWorld): Promise<boolean> {
  const [word, second] = command;
  if (word === 'help') return print(world, USAGE) === 0;
  if (word === 'start' && second === undefined) return (await world.startServer(line)) === 0;
  if (word === 'restart' && second === undefined) return restart(line, client, world);
  if (word === 'restart') return reload(['--restart', ...command.slice(1)], line, client, world);
  if (word === 'reload') return reload(command.slice(1), line, client, world);
  const result = await ask(command, client, world);
  if (result === REFUSED) return false;
  world.stdout(`${beautify(command, result)}\n`);
  return true;
}

const REFUSED = Symbol('refused');

/** The result of a command; what goes wrong has been said. */
async function ask(
  words: Parameters<SocketClient['send']>[0],
  client: SocketClient,
  world: ClientWorld,
): Promise<PyValue | typeof REFUSED> {
  try {
    return await client.send(words, words[0] === 'ping' ? { timeout: pingTime(words[1]) } : {});
  } catch (error) {
    if (error instanceof ServerRefusal) {
      say(world, refusalForLog(error.answer));
      world.stdout(`${beautifyRefusal(error.answer)}\n`);
    } else if (error instanceof AppError) {
      say(world, complaint(error, client.path));
    } else {
      throw error;
    }
    return REFUSED;
  }
}

function pingTime(word: unknown): number {
  const seconds = Number(word ?? PING);
  return seconds > 0 ? seconds : PING;
}

function complaint(error: AppError, path: string): string {
  if (error.code === 'SERVER_NO_PERMISSION') return `Permission denied to socket: ${path}, (you must be root)`;
  if (error.code !== 'SERVER_NOT_RUNNING') return error.message;
  if (standingAt(path) === 'nothing') return `Failed to access socket path: ${path}. Is fail2ban running?`;
  return messageOf(error.cause).includes('ECONNREFUSED') ? '[Errno 111] Connection refused' : error.message;
}

async function reload(words: readonly string[], line: CommandLine, client: SocketClient, world: ClientWorld): Promise<boolean> {
  if (!(await answers(client))) {
    say(world, 'Could not find server');
    return false;
  }
  const { command, problems } = reloadCommand(words, line);
  for (const problem of problems) {
    say(world, formatProblem(problem), problem.severity === 'error' ? 'ERROR' : 'WARNING');
  }
  if (command === null) return false;
  const result = await ask(command, client, world);
  if (result === REFUSED) return false;
  world.stdout(`${beautify(['reload'], result)}\n`);
  return true;
}

async function restart(line: CommandLine, client: SocketClient, world: ClientWorld): Promise<boolean> {
  // The bans stay in the firewall meanwhile. A stock server refuses that, and has not stopped then.
  const kept = await client.send(['stop', '--keep-bans']).catch((): typeof REFUSED => REFUSED);
  const result = kept === REFUSED ? await ask(['stop'], client, world) : kept;
  if (result === REFUSED) return false;
  world.stdout(`${beautify(['stop'], result)}\n`);
  for (let round = 0; round < PING * 10 && (await answers(client)); round++) await sleep(systemClock, 0.1);
  return (await world.startServer(line)) === 0;
}

async function answers(client: SocketClient): Promise<boolean> {
  try {
    await client.send(['ping'], { timeout: PING });
    return true;
  } catch {
    return false;
  }
}

/** A line of the log on standard error. */
function say(world: ClientWorld, message: string, level: 'ERROR' | 'WARNING' = 'ERROR'): void {
  const layout = { datetime: true, padding: true };
  world.stderr(`${formatRecord({ level, name: 'fail2ban', message }, systemClock.now(), process.pid, layout)}\n`);
}
