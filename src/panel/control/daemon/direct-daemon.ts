/** The daemon without systemd: stopped over its socket, started as a program that goes into the background, on the same files. */
import type { Clock } from '../../../base/clock';
import { exists } from '../../../base/files';
import { pidInFile, startOfProcess } from '../../../base/process-life';
import { type ProcessRunner, succeeded } from '../../../base/process';
import type { Control } from '../control';
import type { Daemon, EngineName } from './daemon';
import { type DaemonDriver, ENGINE_NAMES, type Sight } from './driver';
import { presenceOf, stopOverSocket } from './presence';
import { type Patience, ServerDaemon } from './server-daemon';

export interface DirectDaemonOptions extends Patience {
  readonly control: Control;
  readonly clock: Clock;
  readonly runner: ProcessRunner;
  /** The command lines of the servers without options: `[path of fail2ban-server]`, `[node, bailiff-server.js]`. Those whose files are there can be started. */
  readonly commands: Readonly<Partial<Record<EngineName, readonly string[]>>>;
  /** The configuration folder; it also names the database. */
  readonly conf: string;
  readonly socket: string;
  readonly pidFile: string;
  /** The log; the configuration's own when not given. */
  readonly logtarget?: string;
}

/** Seconds beyond those that the program itself waits for its server. */
const MARGIN = 10;
const MOST_SAID = 300;

class DirectDriver implements DaemonDriver {
  constructor(private readonly options: DirectDaemonOptions) {}

  look(): Promise<Sight> {
    const { commands, pidFile } = this.options;
    const isThere = (words: readonly string[] = []): boolean =>
      words.length > 0 && words.every((word) => !word.startsWith('/') || exists(word));
    const pid = pidInFile(pidFile);
    const since = pid === null ? null : startOfProcess(pid);
    const installed = ENGINE_NAMES.filter((engine) => isThere(commands[engine]));
    return Promise.resolve({ installed, last: null, pid: since === null ? null : pid, since });
  }

  async start(engine: EngineName, seconds: number): Promise<string | null> {
    const { commands, conf, socket, pidFile, logtarget, runner } = this.options;
    const [command, ...words] = commands[engine] ?? [];
    if (command === undefined) return 'it is not installed';
    const log = logtarget === undefined ? [] : ['--logtarget', logtarget];
    // Nobody answers on the socket: what is left of it is in the way.
    const args = [...words, '-b', '-x', '-c', conf, '-s', socket, '-p', pidFile, ...log, '--timeout', String(seconds), 'start'];
    const result = await runner.run({ command, args, timeout: seconds + MARGIN });
    if (succeeded(result)) return null;
    if (result.timedOut) return `it does not answer within ${seconds} seconds`;
    const said = `${result.stderr}\n${result.stdout}`.trim().replace(/\s+/g, ' ').slice(0, MOST_SAID);
    return said === '' ? `it ended with code ${result.code ?? 'unknown'}` : said;
  }

  async stop(seconds: number): Promise<void> {
    const { control, clock, pidFile } = this.options;
    if ((await presenceOf(control)) === 'nobody') return;
    const pid = pidInFile(pidFile);
    const since = pid === null ? null : startOfProcess(pid);
    const gone = (): boolean => pid === null || pidInFile(pidFile) !== pid || startOfProcess(pid) !== since;
    await stopOverSocket(control, clock, seconds, gone);
  }

  /** Nothing starts with the machine here. */
  keep(): Promise<null> {
    return Promise.resolve(null);
  }
}

/** A daemon that is started and stopped as a program. */
export function directDaemon(options: DirectDaemonOptions): Daemon {
  return new ServerDaemon(new DirectDriver(options), options);
}
