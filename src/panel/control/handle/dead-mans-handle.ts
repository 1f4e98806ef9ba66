/** An edit that could cut off whoever made it is taken back, unless he tells some seconds later that he is still here; also after a restart. */
import { AppError, messageOf } from '../../../base/errors';
import type { Clock, Timer } from '../../../base/clock';
import type { Logger } from '../../../base/logger';
import { formatProblem } from '../../../model/problem';
import type { BanDesk } from '../bans/ban-desk';
import type { Author, Editor } from '../editor/editor';
import { OneAtATime } from '../editor/one-at-a-time';
import type { TrustedNotes } from '../trusted/trusted-notes';
import { bansBack } from './earlier-bans';
import { type BannedItem, type HeldEdit, HeldFile, type TakenBack } from './held-edit';

/** Seconds until an edit is taken back. */
export const WAITS = 90;
/** Seconds within which an answer proves nothing: the answer to the form itself, connections that live on, a log that is still being read. */
export const TOO_EARLY = 10;
/** Seconds after which what could not be taken back is tried again. */
const AGAIN = 30;

/** By whom an edit is taken back that nobody confirmed. */
export const NOBODY = { who: '', client: '' };

/** What the pages tell of the edit that waits. */
export interface WaitingEdit extends Pick<HeldEdit, 'who' | 'client' | 'what' | 'until'> {
  /** From when on an answer counts. */
  readonly from: number;
}

export interface HandleDeps {
  /** Where the edit that waits is kept. */
  readonly file: string;
  readonly editor: Pick<Editor, 'apply' | 'stamp' | 'exportAll'>;
  readonly desk: Pick<BanDesk, 'unban' | 'ban'>;
  readonly notes: Pick<TrustedNotes, 'trusted' | 'putTrusted'>;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly logger: Logger;
  /** Writes down what became of an edit: kept (`message` null) or taken back. Never rejects. */
  readonly tell: (outcome: { readonly kept: boolean; readonly by: Author } & TakenBack) => Promise<void>;
  /** Seconds until an edit is taken back, and within which an answer proves nothing, where they are not those of the pages. */
  readonly times?: { readonly waits: number; readonly tooEarly: number };
  /** Rejects while no server answers: bans that are to be lifted wait for one then, where it is given. */
  readonly answering?: () => Promise<unknown>;
  /** The process that waits, where it is not the pages'. */
  readonly pid?: number;
}

export class DeadMansHandle {
  readonly #file: HeldFile;
  readonly #queue = new OneAtATime(Promise.resolve());
  #held: HeldEdit | null = null;
  #last: TakenBack | null = null;
  #timer: Timer | null = null;
  readonly #times: { readonly waits: number; readonly tooEarly: number };

  constructor(private readonly deps: HandleDeps) {
    this.#times = deps.times ?? { waits: WAITS, tooEarly: TOO_EARLY };
    this.#file = new HeldFile(deps.file, deps.logger);
    ({ held: this.#held, last: this.#last } = this.#file.read());
  }

  /** Goes on with an edit that waited when we were ended. */
  start(): void {
    this.#arm();
  }

  async close(): Promise<void> {
    this.#timer?.cancel();
    await this.#queue.run(() => Promise.resolve());
  }

  waiting(): WaitingEdit | null {
    const held = this.#held;
    return held === null
      ? null
      : { who: held.who, client: held.client, what: held.what, until: held.until, from: held.began + this.#times.tooEarly };
  }

  /** The last edit that was taken back, until whoever made it has seen that. */
  last(): TakenBack | null {
    return this.#last;
  }

  /**
   * Makes an edit that could cut off its author, and has it wait. While somebody else's waits, nobody edits: throws AppError BAD_ARGUMENT.
   * @param exposed asked when the edit is made: whether the author could be cut off by it
   * @param bansOf the bans by hand among what was done
   * @param planned those that are to be made: lifted should we be ended in between
   */
  during<T>(
    author: Author,
    what: string,
    work: () => Promise<T>,
    exposed: () => Promise<boolean>,
    bansOf: (done: T) => readonly BannedItem[] = () => [],
    planned: readonly BannedItem[] = [],
  ): Promise<T> {
    return this.#queue.run(async () => {
      this.#othersWait(author);
      await this.#passedOn(author);
      const { editor, clock, notes, pid } = this.deps;
      const earlier = this.#held;
      const now = clock.now();
      const before = earlier?.before ?? (await editor.exportAll());
      const started = earlier === null ? what : `${earlier.what}; ${what}`;
      const told = earlier?.notes ?? (await notes.trusted());
      const from = { who: author.who, client: author.client, ...(pid === undefined ? {} : { pid }) };
      const times = { began: now, until: now + this.#times.waits };
      const made = earlier?.bans ?? [];
      // Written first: should we be ended in between, what is there then is taken back.
      this.#hold({ ...from, what: started, ...times, before, stamp: null, bans: [...made, ...planned], notes: told });
      let bans = planned;
      try {
        const done = await work();
        bans = bansOf(done);
        return done;
      } finally {
        await this.#settle(earlier, [...made, ...bans], exposed);
      }
    });
  }

  /** What cannot cut off anybody, but must not come between somebody else's edit and its end. Throws AppError BAD_ARGUMENT. */
  harmless<T>(author: Author, work: () => Promise<T>): Promise<T> {
    return this.#queue.run(async () => {
      this.#othersWait(author);
      const done = await work();
      const held = this.#held;
      if (held !== null) this.#hold({ ...held, stamp: await this.deps.editor.stamp() });
      return done;
    });
  }

  /** `early`: it proves nothing yet; `none`: nothing waits any more. */
  keep(by: Author): Promise<'kept' | 'early' | 'none'> {
    return this.#queue.run(async () => {
      if (this.#held === null) return 'none';
      if (this.deps.clock.now() < this.#held.began + this.#times.tooEarly) return 'early';
      await this.#kept(this.#held, by);
      return 'kept';
    });
  }

  /** At once, because somebody wants it. Null when nothing waits. */
  takeBackNow(by: Author): Promise<TakenBack | null> {
    return this.#queue.run(() => (this.#held === null ? Promise.resolve(null) : this.#takeBack(this.#held, by)));
  }

  /** Its author has read what became of it. */
  seen(): void {
    this.#last = null;
    this.#store();
  }

  #othersWait({ who }: Author): void {
    const held = this.#held;
    if (held === null || (held.who === who && held.pid === this.deps.pid)) return;
    const seconds = Math.max(1, Math.ceil(held.until - this.deps.clock.now()));
    throw new AppError('BAD_ARGUMENT', `an edit of ${held.who} waits to be confirmed (${held.what}): try again in ${seconds} seconds`);
  }

  /** Whoever comes with the next edit some seconds later has got in. */
  async #passedOn(author: Author): Promise<void> {
    const held = this.#held;
    if (held !== null && this.deps.clock.now() >= held.began + this.#times.tooEarly) await this.#kept(held, author);
  }

  async #settle(earlier: HeldEdit | null, bans: readonly BannedItem[], exposed: () => Promise<boolean>): Promise<void> {
    const held = this.#held;
    if (held === null) return;
    const { editor, clock } = this.deps;
    const changed = bans.length > 0 || differing(held.before, await editor.exportAll()).length > 0;
    if (!changed || (earlier === null && !(await exposed()))) this.#hold(null);
    else this.#hold({ ...held, until: clock.now() + this.#times.waits, stamp: await editor.stamp(), bans });
  }

  #hold(held: HeldEdit | null): void {
    this.#held = held;
    this.#store();
    this.#arm();
  }

  #store(): void {
    this.#file.write({ held: this.#held, last: this.#last });
  }

  #arm(): void {
    this.#timer?.cancel();
    this.#timer = null;
    const held = this.#held;
    // Who waits at a shell looks at the clock himself.
    if (held === null || this.deps.pid !== undefined) return;
    const seconds = Math.max(0, held.until - this.deps.clock.now());
    this.#timer = this.deps.clock.after(
      seconds,
      () => void this.#queue.run(() => this.#ended()).catch((error: unknown) => this.#trouble(error)),
    );
  }

  async #ended(): Promise<void> {
    const held = this.#held;
    if (held !== null && this.deps.clock.now() >= held.until) await this.#takeBack(held, NOBODY);
    else this.#arm();
  }

  async #kept(held: HeldEdit, by: Author): Promise<void> {
    this.#hold(null);
    await this.deps.tell({ kept: true, by, who: held.who, what: held.what, time: this.deps.clock.now(), ok: true, message: null });
  }

  async #takeBack(held: HeldEdit, by: Author): Promise<TakenBack> {
    const { desk, clock, logger, answering } = this.deps;
    const { who, what, bans } = held;
    const files = await this.#filesBack(held);
    await this.#notesBack(held);
    if (bans.length > 0) await answering?.();
    const wrong = [...(files === null ? [] : [files]), ...(await bansBack(desk, bans, who, clock.now()))];
    const outcome = { who, what, time: clock.now(), ok: wrong.length === 0, message: wrong.length === 0 ? null : wrong.join('; ') };
    logger.log('WARNING', 'bailiff.editor', `an edit of ${who} (${what}) is taken back: ${by.who === '' ? 'nobody confirmed it' : by.who}`);
    this.#last = outcome;
    this.#hold(null);
    await this.deps.tell({ kept: false, by, ...outcome });
    return outcome;
  }

  /** Whoever is trusted again is so for the time and with the words that were told about him. */
  async #notesBack({ notes = [] }: HeldEdit): Promise<void> {
    if (notes.length === 0) return;
    const there = new Set((await this.deps.notes.trusted()).map(({ entry, jail }) => JSON.stringify([entry, jail])));
    for (const note of notes) if (!there.has(JSON.stringify([note.entry, note.jail]))) await this.deps.notes.putTrusted(note);
  }

  /** Null when all is as it was. Rejects when it may go well another time. */
  async #filesBack({ before, stamp, who, client, what }: HeldEdit): Promise<string | null> {
    const { editor } = this.deps;
    const files = Object.fromEntries(differing(before, await editor.exportAll()).map((file) => [file, before[file] ?? '']));
    if (Object.keys(files).length === 0) return null;
    const by = { who, client, what: `taken back: ${what}`, ...(stamp === null ? {} : { stamp }) };
    const { ok, message, problems } = await editor.apply([{ kind: 'import', files }], by);
    const [error] = problems.filter(({ severity }) => severity === 'error');
    return ok ? null : (message ?? (error === undefined ? 'it was not taken' : formatProblem(error)));
  }

  #trouble(error: unknown): void {
    const { clock, logger } = this.deps;
    logger.log('ERROR', 'bailiff.editor', `an edit that nobody confirmed could not be taken back: ${messageOf(error)}; it is tried again`);
    if (this.#held !== null) this.#held = { ...this.#held, until: clock.now() + AGAIN };
    this.#arm();
  }
}

/** Names of the files whose texts differ. */
export function differing(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((file) => before[file] !== after[file]);
}
