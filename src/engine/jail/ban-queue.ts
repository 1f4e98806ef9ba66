/** The one queue of a jail: bans, unbans and other work at its actions, done strictly in the order in which they were asked for. */

export interface QueueWork<Ban, Unban> {
  ban(bans: readonly Ban[]): Promise<void>;
  unban(bans: readonly Unban[]): Promise<void>;
  /** Told about work that rejected; the queue goes on. */
  failed(error: unknown): void;
}

type Item<Ban, Unban> =
  | { readonly kind: 'ban'; readonly list: Ban[]; readonly done: Done }
  | { readonly kind: 'unban'; readonly list: Unban[]; readonly done: Done }
  | { readonly kind: 'task'; readonly run: () => Promise<void>; readonly done: Done };

/** Tickets that go to the actions together: as many as fail2ban takes at once, so that none waits long to be told. */
const BATCH = 10;
/** Waiting tickets from which on `room` makes the reader of logs wait. */
const FULL = 5000;

/** A promise and what keeps it. */
class Done {
  keep: () => void = () => undefined;
  readonly promise = new Promise<void>((resolve) => {
    this.keep = resolve;
  });
}

/** Nothing in it is lost: who asks for more than there is room for waits in `room` before. */
export class BanQueue<Ban, Unban> {
  readonly #items: Item<Ban, Unban>[] = [];
  #waiting = 0;
  #running = false;
  #roomWanted: (() => void)[] = [];

  constructor(readonly work: QueueWork<Ban, Unban>) {}

  /** Tickets and tasks that wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Kept when these bans have been applied and told. */
  ban(bans: readonly Ban[]): Promise<void> {
    return this.#list('ban', bans);
  }

  /** Kept when these bans have been undone and that was told. */
  unban(bans: readonly Unban[]): Promise<void> {
    return this.#list('unban', bans);
  }

  /** Kept when `run` has ended, whether it succeeded or not. */
  task(run: () => Promise<void>): Promise<void> {
    const done = new Done();
    this.#push({ kind: 'task', run, done }, 1);
    return done.promise;
  }

  /** Kept when everything that was asked for so far is done. */
  idle(): Promise<void> {
    return this.#running ? this.task(() => Promise.resolve()) : Promise.resolve();
  }

  /** Kept when there is room for more bans. */
  async room(): Promise<void> {
    while (this.#waiting >= FULL) await new Promise<void>((resolve) => this.#roomWanted.push(resolve));
  }

  /** Takes out and returns the bans that were not begun: the jail stops, and start-up finds them in the database. */
  dropBans(): readonly Ban[] {
    const dropped: Ban[] = [];
    for (const item of this.#items) if (item.kind === 'ban') dropped.push(...item.list.splice(0));
    this.#waiting -= dropped.length;
    return dropped;
  }

  #list(kind: 'ban', list: readonly Ban[]): Promise<void>;
  #list(kind: 'unban', list: readonly Unban[]): Promise<void>;
  #list(kind: 'ban' | 'unban', list: readonly (Ban | Unban)[]): Promise<void> {
    if (list.length === 0) return Promise.resolve();
    let done = new Done();
    for (let at = 0; at < list.length; at += BATCH) {
      done = new Done();
      const part = list.slice(at, at + BATCH);
      this.#push(kind === 'ban' ? { kind, list: part as Ban[], done } : { kind, list: part as Unban[], done }, part.length);
    }
    return done.promise;
  }

  #push(item: Item<Ban, Unban>, weight: number): void {
    this.#items.push(item);
    this.#waiting += weight;
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    await Promise.resolve();
    for (let item = this.#items.shift(); item !== undefined; item = this.#items.shift()) {
      this.#waiting -= item.kind === 'task' ? 1 : item.list.length;
      try {
        if (item.kind === 'task') await item.run();
        else if (item.kind === 'unban') await this.work.unban(item.list);
        else if (item.list.length > 0) await this.work.ban(item.list);
      } catch (error) {
        this.work.failed(error);
      }
      item.done.keep();
      if (this.#waiting < FULL) for (const wake of this.#roomWanted.splice(0)) wake();
    }
    this.#running = false;
  }
}
