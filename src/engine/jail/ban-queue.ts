/** The one queue of a jail: bans, unbans and other work at its actions, done strictly in the order in which they were asked for. */

export interface QueueWork<Ban, Unban> {
  /** Tickets that go to the actions together at most, as things are now. */
  readonly most: number;
  ban(bans: readonly Ban[]): Promise<void>;
  unban(bans: readonly Unban[]): Promise<void>;
  /** Told about work that rejected; the queue goes on. */
  failed(error: unknown): void;
}

type Item<Ban, Unban> =
  | { readonly kind: 'ban'; readonly list: Ban[]; readonly done: Done }
  | { readonly kind: 'unban'; readonly list: Unban[]; readonly done: Done }
  | { readonly kind: 'task'; readonly run: () => Promise<void>; readonly done: Done };

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
  /** Whose promises are kept when the work that goes on has ended. */
  readonly #finished: Done[] = [];
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
    const done = new Done();
    this.#push(kind === 'ban' ? { kind, list: [...list] as Ban[], done } : { kind, list: [...list] as Unban[], done }, list.length);
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
    for (let item = this.#items[0]; item !== undefined; item = this.#items[0]) {
      try {
        if (item.kind === 'task') await this.#runTask(item.run);
        else if (item.kind === 'unban') await this.#together('unban', (list) => this.work.unban(list as readonly Unban[]));
        else await this.#together('ban', (list) => this.work.ban(list as readonly Ban[]));
      } catch (error) {
        this.work.failed(error);
      }
      while (this.#finished.length > 0) this.#finished.shift()?.keep();
      if (this.#waiting < FULL) for (const wake of this.#roomWanted.splice(0)) wake();
    }
    this.#running = false;
  }

  async #runTask(run: () => Promise<void>): Promise<void> {
    this.#finish();
    this.#waiting--;
    await run();
  }

  /** Takes tickets from the front as long as they are of this kind, as many as go together, and hands them on. */
  async #together(kind: 'ban' | 'unban', work: (list: readonly (Ban | Unban)[]) => Promise<void>): Promise<void> {
    const most = Math.max(1, this.work.most);
    const together: (Ban | Unban)[] = [];
    for (let item = this.#items[0]; item?.kind === kind; item = this.#items[0]) {
      together.push(...(item.list as (Ban | Unban)[]).splice(0, most - together.length));
      if (item.list.length > 0) break;
      this.#finish();
      if (together.length >= most) break;
    }
    this.#waiting -= together.length;
    if (together.length > 0) await work(together);
  }

  /** Nothing is left of the first item but its work, which goes on now. */
  #finish(): void {
    const item = this.#items.shift();
    if (item !== undefined) this.#finished.push(item.done);
  }
}
