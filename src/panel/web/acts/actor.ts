/** Who does something, and the line in the audit log that tells of it: every write of pages and API goes through `record`. */
import { messageOf } from '../../../base/errors';
import type { PageWorld } from '../page';

/** What is needed to write a deed down. */
export type RecordWorld = Pick<PageWorld, 'notebook' | 'clock' | 'logger'>;

export interface Actor {
  /** Log-in name, or `token NAME` of a program. */
  readonly who: string;
  /** The address the request came from. */
  readonly client: string;
}

export interface Deed {
  /** `bans.unban`, `jail.edit` … */
  readonly action: string;
  /** What it was done to. */
  readonly subject: string;
  readonly before?: string | null;
  readonly after?: string | null;
  readonly ok: boolean;
  readonly message?: string | null;
}

/** Writes the deed down. What was done is done: an audit log that cannot be written is told to our own log, and stops nobody. */
export async function record(world: RecordWorld, actor: Actor, deed: Deed): Promise<void> {
  const { before = null, after = null, message = null, ...rest } = deed;
  try {
    await world.notebook.audit({ time: world.clock.now(), ...actor, ...rest, before, after, message });
  } catch (error) {
    world.logger.log(
      'ERROR',
      'bailiff.web',
      `the audit log could not be written (${deed.action} ${deed.subject} by ${actor.who}): ${messageOf(error)}`,
    );
  }
}
