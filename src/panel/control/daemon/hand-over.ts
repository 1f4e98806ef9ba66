/** Follows the bans over a change of servers: which there were, and whether those that still hold are back. */
import type { Clock } from '../../../base/clock';
import { AppError } from '../../../base/errors';
import type { BannedAddress } from '../../../model/status';
import type { Control } from '../control';
import { firstSight } from './presence';

/** A server restores its bans within seconds; a number that stays the same for so long will not grow any more. */
const SETTLED = 5;

const keyOf = ({ jail, id }: BannedAddress): string => `${jail}\n${id}`;

export class HandOver {
  private before: readonly BannedAddress[] = [];

  constructor(
    private readonly control: Control,
    private readonly clock: Clock,
  ) {}

  /** Notes the bans that are in force now. */
  async remember(): Promise<void> {
    this.before = await this.bans();
  }

  /** How many bans are in force; 0 when no server answers. */
  async count(): Promise<number> {
    return (await this.bans()).length;
  }

  /** Waits until the bans are back, or no more come; how many are missing. @param seconds how long at most */
  async wait(seconds: number): Promise<number> {
    let missing = this.before.length;
    let best = { missing, at: this.clock.monotonic() };
    await firstSight(this.clock, seconds, async () => {
      const back = new Set((await this.bans()).map(keyOf));
      const now = this.clock.now();
      const held = this.before.filter(({ time, bantime }) => bantime < 0 || time + bantime > now);
      missing = held.filter((ban) => !back.has(keyOf(ban))).length;
      if (missing < best.missing) best = { missing, at: this.clock.monotonic() };
      const settled = back.size > 0 && this.clock.monotonic() - best.at >= SETTLED;
      return missing === 0 || settled ? true : null;
    });
    return missing;
  }

  private async bans(): Promise<readonly BannedAddress[]> {
    try {
      return await this.control.banned();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return [];
    }
  }
}
