/** The daemon over whatever moves it: decides whom to start and stop, waits until that is so, and takes a switch back that fails. */
import type { Clock } from '../../../base/clock';
import { AppError, messageOf } from '../../../base/errors';
import type { Control, ServerInfo } from '../control';
import type { Daemon, DaemonState, EngineName, SwitchOutcome } from './daemon';
import { type DaemonDriver, otherThan, type Sight } from './driver';
import { HandOver } from './hand-over';
import { firstSight, type Presence, presenceOf } from './presence';

export interface Patience {
  /** Seconds until a server that was started must answer, and then until its bans are back; 30 unless told. */
  readonly startSeconds?: number;
  /** Seconds a server may take to end: it lifts its bans from the firewall. 120 unless told. */
  readonly stopSeconds?: number;
}

const TITLES: Readonly<Record<EngineName, string>> = { bailiff: 'Bailiff', fail2ban: 'fail2ban' };

export class ServerDaemon implements Daemon {
  private readonly startSeconds: number;
  private readonly stopSeconds: number;
  /** Ends when everything that was asked for is done. */
  private queue: Promise<unknown> = Promise.resolve();
  private ranLast: EngineName | null = null;
  /** What the process with this mark answered: the stock server logs an error for being asked. */
  private known: { readonly mark: string; readonly info: ServerInfo } | null = null;

  constructor(
    private readonly driver: DaemonDriver,
    private readonly world: Patience & { readonly control: Control; readonly clock: Clock },
  ) {
    this.startSeconds = world.startSeconds ?? 30;
    this.stopSeconds = world.stopSeconds ?? 120;
  }

  async state(): Promise<DaemonState> {
    const { sight, presence, info } = await this.look();
    const there = presence !== 'nobody';
    return {
      engine: info?.engine ?? null,
      version: info?.version ?? null,
      running: there,
      since: there ? sight.since : null,
      pid: there ? sight.pid : null,
      canSwitch: sight.installed.length > 1,
      canStart: sight.installed.length > 0,
    };
  }

  start(): Promise<void> {
    return this.inOrder(async () => {
      const { sight, presence } = await this.look();
      if (presence !== 'nobody') return;
      const last = this.ranLast ?? sight.last;
      const engine = last !== null && sight.installed.includes(last) ? last : sight.installed[0];
      if (engine === undefined) throw new AppError('SERVER_NOT_RUNNING', 'neither Bailiff’s engine nor fail2ban is installed here');
      const failure = await this.comeUp(engine);
      if (failure !== null) throw new AppError('SERVER_NOT_RUNNING', `${TITLES[engine]} does not come up: ${failure}`);
    });
  }

  stop(): Promise<void> {
    return this.inOrder(async () => {
      await this.look();
      await this.driver.stop(this.stopSeconds);
    });
  }

  switchTo(engine: EngineName): Promise<SwitchOutcome> {
    return this.inOrder(() => this.change(engine));
  }

  private async change(engine: EngineName): Promise<SwitchOutcome> {
    const { sight, presence, info } = await this.look();
    const bans = new HandOver(this.world.control, this.world.clock);
    const outcome = async (ok: boolean, message: string): Promise<SwitchOutcome> => ({ ok, message, bans: await bans.count() });
    if (info?.engine === engine) return outcome(true, '');
    if (!sight.installed.includes(engine)) return outcome(false, `${TITLES[engine]} is not installed here`);
    const first = presence === 'nobody' ? null : otherThan(engine);
    await bans.remember();
    try {
      await this.driver.stop(this.stopSeconds);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return outcome(false, `${TITLES[otherThan(engine)]} cannot be stopped: ${messageOf(error)}`);
    }
    const failure = await this.comeUp(engine);
    if (failure !== null) return outcome(false, await this.putBack(engine, first, failure, bans));
    const missing = await bans.wait(this.startSeconds);
    const kept = await this.driver.keep(engine);
    const remarks = [
      ...(missing === 0 ? [] : [`${missing} ${missing === 1 ? 'ban is' : 'bans are'} not back yet`]),
      ...(kept === null ? [] : [`${TITLES[engine]} runs, but will not start with the machine: ${kept}`]),
    ];
    return outcome(true, remarks.join('; '));
  }

  /** Starts the one again that ran before; what to say about it. */
  private async putBack(engine: EngineName, first: EngineName | null, failure: string, bans: HandOver): Promise<string> {
    const what = `${TITLES[engine]} does not come up: ${failure}`;
    try {
      // What is left of it would keep the socket.
      await this.driver.stop(this.stopSeconds);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return `${what}; nor can it be stopped: ${messageOf(error)}`;
    }
    if (first === null) return `${what}; no server runs, as before`;
    const again = await this.comeUp(first);
    if (again !== null) return `${what}; ${TITLES[first]} does not come up again either: ${again}. No server runs`;
    await bans.wait(this.startSeconds);
    return `${what}; ${TITLES[first]} runs again`;
  }

  /** Starts an engine and waits until it is the one that answers; null, or why it is not. */
  private async comeUp(engine: EngineName): Promise<string | null> {
    const failure = await this.driver.start(engine, this.startSeconds);
    if (failure !== null) return failure;
    const info = await firstSight(this.world.clock, this.startSeconds, async () => (await this.look()).info);
    if (info === null) return `it does not answer within ${this.startSeconds} seconds`;
    return info.engine === engine ? null : `${TITLES[info.engine]} answers instead`;
  }

  /** What is there now. */
  private async look(): Promise<{ readonly sight: Sight; readonly presence: Presence; readonly info: ServerInfo | null }> {
    const [sight, presence] = await Promise.all([this.driver.look(), presenceOf(this.world.control)]);
    const info = presence === 'answers' ? await this.infoOf(sight) : null;
    if (info !== null) this.ranLast = info.engine;
    return { sight, presence, info };
  }

  private async infoOf(sight: Sight): Promise<ServerInfo | null> {
    const mark = `${sight.pid ?? ''} ${sight.since ?? ''}`;
    if (sight.pid !== null && this.known?.mark === mark) return this.known.info;
    try {
      const info = await this.world.control.info();
      this.known = { mark, info };
      return info;
    } catch (error) {
      // It has gone since it answered.
      if (!(error instanceof AppError)) throw error;
      return null;
    }
  }

  private inOrder<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.queue.then(run);
    this.queue = turn.catch(() => undefined);
    return turn;
  }
}
