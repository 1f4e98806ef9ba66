/** The daemon as two units of systemd that exclude each other: looked at, started and stopped with systemctl. */
import type { Clock } from '../../../base/clock';
import { AppError } from '../../../base/errors';
import { type ProcessRunner, type RunResult, succeeded } from '../../../base/process';
import type { Control } from '../control';
import type { Daemon, EngineName } from './daemon';
import { type DaemonDriver, ENGINE_NAMES, otherThan, type Sight } from './driver';
import { presenceOf, stopOverSocket } from './presence';
import { type Patience, ServerDaemon } from './server-daemon';

export interface SystemdDaemonOptions extends Patience {
  readonly control: Control;
  readonly clock: Clock;
  readonly runner: ProcessRunner;
  readonly units?: Readonly<Record<EngineName, string>>;
}

export const UNITS: Readonly<Record<EngineName, string>> = { bailiff: 'bailiff-server.service', fail2ban: 'fail2ban.service' };

const SHOWN = 'Id,LoadState,ActiveState,UnitFileState,MainPID,ActiveEnterTimestamp,InactiveEnterTimestampMonotonic';
/**
 * Times are printed in the machine's zone and language otherwise. Enabling and disabling is systemd's own affair: the links of System V that
 * Debian's systemctl would write too are out of reach for the pages' service, and nobody reads them where there is a unit.
 */
const ENV = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC', SYSTEMCTL_SKIP_SYSV: '1' };
/** Seconds a question may take. */
const ASK = 10;
const MOST_SAID = 300;

interface Unit {
  readonly engine: EngineName;
  readonly loaded: boolean;
  readonly active: boolean;
  readonly enabled: boolean;
  readonly pid: number | null;
  readonly since: number | null;
  /** When it ended last, in some count that only grows; 0: never. */
  readonly ended: number;
}

function unitOf(engine: EngineName, properties: ReadonlyMap<string, string>): Unit {
  const active = !['inactive', 'failed', undefined].includes(properties.get('ActiveState'));
  const entered = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/.exec(properties.get('ActiveEnterTimestamp') ?? '');
  const pid = Number(properties.get('MainPID') ?? 0);
  return {
    engine,
    loaded: properties.get('LoadState') === 'loaded',
    active,
    enabled: properties.get('UnitFileState') === 'enabled',
    pid: active && pid > 0 ? pid : null,
    since: active && entered !== null ? Date.parse(`${entered[1] ?? ''}T${entered[2] ?? ''}Z`) / 1000 : null,
    ended: Number(properties.get('InactiveEnterTimestampMonotonic') ?? 0),
  };
}

function reasonOf(result: RunResult): string {
  const said = result.stderr.trim().replace(/\s+/g, ' ').slice(0, MOST_SAID);
  return said === '' ? `systemctl ended with code ${result.code ?? 'unknown'}` : said;
}

class SystemdDriver implements DaemonDriver {
  private readonly units: Readonly<Record<EngineName, string>>;

  constructor(private readonly options: SystemdDaemonOptions) {
    this.units = options.units ?? UNITS;
  }

  async look(): Promise<Sight> {
    const units = await this.show();
    const installed = units.filter((unit) => unit.loaded);
    const active = installed.find((unit) => unit.active);
    const [latest] = [...installed].sort((one, other) => Number(other.enabled) - Number(one.enabled) || other.ended - one.ended);
    const known = latest !== undefined && (latest.enabled || latest.ended > 0) ? latest.engine : null;
    return {
      installed: installed.map((unit) => unit.engine),
      last: active?.engine ?? known,
      pid: active?.pid ?? null,
      since: active?.since ?? null,
    };
  }

  async start(engine: EngineName, seconds: number): Promise<string | null> {
    const unit = this.units[engine];
    // A unit that failed too often would not be started again for a while.
    await this.systemctl(['reset-failed', unit], ASK);
    const result = await this.systemctl(['start', unit], seconds);
    if (result.timedOut) return `${unit} does not start within ${seconds} seconds`;
    return succeeded(result) ? null : reasonOf(result);
  }

  async stop(seconds: number): Promise<void> {
    const active = (await this.show()).filter((unit) => unit.active);
    if (active.length > 0) {
      const result = await this.systemctl(['stop', ...active.map((unit) => this.units[unit.engine])], seconds);
      if (!succeeded(result)) {
        throw new AppError('SERVER_TIMEOUT', result.timedOut ? `the server does not end within ${seconds} seconds` : reasonOf(result));
      }
    }
    // One that somebody started by hand.
    const { control, clock } = this.options;
    if ((await presenceOf(control)) !== 'nobody') await stopOverSocket(control, clock, seconds, () => true);
  }

  async keep(engine: EngineName): Promise<string | null> {
    const other = (await this.show()).find((unit) => unit.engine === otherThan(engine));
    if (other?.enabled !== true) return null;
    for (const [verb, unit] of [
      ['enable', this.units[engine]],
      ['disable', this.units[other.engine]],
    ] as const) {
      const result = await this.systemctl([verb, unit], ASK);
      if (!succeeded(result)) return reasonOf(result);
    }
    return null;
  }

  /** Both units, ours first; without an answer none is loaded. */
  private async show(): Promise<readonly Unit[]> {
    const names = ENGINE_NAMES.map((engine) => this.units[engine]);
    const { stdout } = await this.systemctl(['show', '-p', SHOWN, ...names], ASK);
    const blocks = stdout.split(/\n\s*\n/).map(
      (block) =>
        new Map(
          block.split('\n').flatMap((line): [string, string][] => {
            const cut = line.indexOf('=');
            return cut < 0 ? [] : [[line.slice(0, cut), line.slice(cut + 1).trim()]];
          }),
        ),
    );
    return ENGINE_NAMES.map((engine) => unitOf(engine, blocks.find((block) => block.get('Id') === this.units[engine]) ?? new Map()));
  }

  private systemctl(args: readonly string[], timeout: number): Promise<RunResult> {
    return this.options.runner.run({ command: 'systemctl', args: ['--no-ask-password', ...args], env: ENV, timeout });
  }
}

/** A daemon that systemd keeps. */
export function systemdDaemon(options: SystemdDaemonOptions): Daemon {
  return new ServerDaemon(new SystemdDriver(options), options);
}
