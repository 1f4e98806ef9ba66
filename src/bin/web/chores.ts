/** What is to be done from time to time while the pages run: bans that have ended, edits by hand, what a shell has left behind. */
import type { Clock, Timer } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { Schedule } from '../../base/schedule';
import type { BanDesk } from '../../panel/control/bans/ban-desk';
import type { Editor } from '../../panel/control/editor/editor';
import type { TrustedList } from '../../panel/control/trusted/trusted';
import type { Notebook } from '../../panel/history/notebook';

export interface ChoresDeps {
  readonly desk: Pick<BanDesk, 'expire'>;
  readonly trusted: Pick<TrustedList, 'expire'>;
  readonly editor: Pick<Editor, 'notice'>;
  /** Takes back what somebody made in a shell whose program was killed before he confirmed it. */
  readonly leftEdit: () => Promise<unknown>;
  readonly notebook: Pick<Notebook, 'audit'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly schedule: Schedule;
}

/** Every half minute: bans for a free time end with that much accuracy on servers that cannot time them. */
const OFTEN = '*/30 * * * * *';
const LOGGER = 'bailiff.web';

export class Chores {
  private timer: Timer | null = null;
  private running: Promise<void> = Promise.resolve();
  /** The last trouble of each chore: it is told once, not twice a minute. */
  private readonly troubles = new Map<string, string>();

  constructor(private readonly deps: ChoresDeps) {}

  start(): void {
    this.timer = this.deps.schedule(OFTEN, () => (this.running = this.run()));
  }

  async close(): Promise<void> {
    this.timer?.cancel();
    await this.running;
  }

  /** Does everything once; never rejects. */
  async run(): Promise<void> {
    const { desk, trusted, editor, leftEdit, clock } = this.deps;
    await this.attempt('an edit of a shell', async () => void (await leftEdit()));
    await this.attempt('bans by hand', () => desk.expire(clock.now()));
    await this.attempt('trusted addresses', async () => {
      const gone = await trusted.expire(clock.now());
      if (gone.length > 0) await this.note('trusted.ended', gone.join(' '));
    });
    await this.attempt('edits by hand', async () => {
      const edit = await editor.notice();
      if (edit !== null) await this.note('files.by-hand', edit.files.join(' '));
    });
  }

  private async note(action: string, subject: string): Promise<void> {
    const nobody = { who: '', client: '', before: null, after: null, message: null };
    await this.deps.notebook.audit({ ...nobody, time: this.deps.clock.now(), action, subject, ok: true });
  }

  private async attempt(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.troubles.delete(what);
    } catch (error) {
      const trouble = messageOf(error);
      if (this.troubles.get(what) !== trouble) this.deps.logger.log('WARNING', LOGGER, `${what} could not be looked after: ${trouble}`);
      this.troubles.set(what, trouble);
    }
  }
}
