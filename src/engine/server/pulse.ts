/** Whether the jails get on with their lines: for the service manager, which starts a server again that hangs. */
import type { Clock } from '../../base/clock';

/** Seconds. Nothing that one failure may have to wait for (name servers, a command that ignores, the database) takes as long. */
const LONGEST = 600;

/** What is asked of a jail. */
export interface BeatingJail {
  readonly name: string;
  /** Grows with every failure that is looked at. */
  readonly steps: number;
  /** Kept when the batch under way has been handled. */
  turn(): Promise<void>;
}

interface Asked {
  steps: number;
  /** Since when nothing has moved. */
  since: number;
}

export class Pulse {
  /** Jails that have not come to their next turn. */
  readonly #asked = new Map<BeatingJail, Asked>();

  constructor(
    private readonly clock: Clock,
    private readonly jails: () => readonly BeatingJail[],
  ) {}

  /** Names of the jails that hang. To be asked again and again: a jail hangs when nothing moved for ten minutes since it was asked. */
  hanging(): readonly string[] {
    const now = this.clock.monotonic();
    const jails = this.jails();
    for (const jail of this.#asked.keys()) if (!jails.includes(jail)) this.#asked.delete(jail);
    return jails.filter((jail) => this.#hangs(jail, now)).map(({ name }) => name);
  }

  #hangs(jail: BeatingJail, now: number): boolean {
    const asked = this.#asked.get(jail);
    if (asked === undefined) {
      this.#asked.set(jail, { steps: jail.steps, since: now });
      const answered = (): void => void this.#asked.delete(jail);
      jail.turn().then(answered, answered);
      return false;
    }
    if (asked.steps !== jail.steps) [asked.steps, asked.since] = [jail.steps, now];
    return now - asked.since > LONGEST;
  }
}
