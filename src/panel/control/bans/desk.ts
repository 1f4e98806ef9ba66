/** Bans by hand over both servers: checked, made, verified, and written into the notebook; those that the server cannot time are lifted in time. */
import type { Clock } from '../../../base/clock';
import { AppError, messageOf } from '../../../base/errors';
import { noLock, type ProcessLock } from '../../../contracts/database/process-lock';
import { canonicalId, isSingle, parseAddress } from '../../../model/address';
import type { Control } from '../control';
import type { Editor } from '../editor/editor';
import { allServicesJail } from './all-services';
import { checkBan } from './ban-checks';
import type { BanDatabase } from './ban-database';
import { type BanDesk, type BanWish, type ItemResult, NOT_BANNED } from './ban-desk';
import { banForLength, endAfter, endsIn, partsOf } from './ban-length';
import { dueNotes } from './due-notes';
import type { ManualBan, ManualBans } from './manual-bans';

/** Items of one call. */
const MOST = 10_000;
const LONGEST = 100 * 365 * 86400;
/** Seconds between the end that was asked for and the one that the server tells. */
const TOLERANCE = 5;

export interface DeskDeps {
  readonly control: Control;
  readonly clock: Clock;
  readonly database: Pick<BanDatabase, 'written'>;
  readonly manual: ManualBans;
  /** Adds the jail for all services when it is missing; null: then it stays missing. */
  readonly editor: Pick<Editor, 'apply'> | null;
  /** Told in which jail (null: in all) whose bans were changed. */
  readonly changed: (jail: string | null, ids: readonly string[]) => void;
  /** The editor's: while a jail has another ban time for a moment, nobody may load the files. Nobody else is there when not given. */
  readonly lock?: ProcessLock;
}

export function createBanDesk(deps: DeskDeps): BanDesk {
  const desk = new Desk(deps);
  let turn: Promise<unknown> = Promise.resolve();
  /** One after the other: a jail's ban time may be another one meanwhile. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  }
  return {
    ban: (wish) => inTurn(() => desk.ban(wish)),
    unban: (items) => inTurn(() => desk.unban(items)),
    prolong: (items, duration, who, now) => inTurn(() => desk.prolong(items, duration, who, now)),
    expire: (now) => inTurn(() => desk.expire(now)),
  };
}

type Item = { readonly jail: string | null; readonly id: string };

class Desk {
  constructor(private readonly deps: DeskDeps) {}

  async ban({ ids, jail, duration, reason, who, now, own }: BanWish): Promise<readonly ItemResult[]> {
    const refuse = (message: string): readonly ItemResult[] => ids.map((id) => ({ id, jail: jail ?? '', ok: false, message }));
    const length = lengthOf(duration);
    if (length === 'wrong') return refuse('the time is no whole number of seconds');
    const chosen = jail === null ? await this.#allServices(length, who) : { jail };
    if ('refusal' in chosen) return refuse(chosen.refusal);
    const results: ItemResult[] = [];
    const wanted = new Set<string>();
    for (const [at, text] of ids.entries()) {
      const checked = at < MOST ? checkBan(text, own) : { refusal: `is one too many: ${MOST} are banned at once` };
      if ('refusal' in checked) results.push({ id: text, jail: chosen.jail, ok: false, message: checked.refusal });
      else wanted.add(checked.id);
    }
    return [...results, ...(await this.#make(chosen.jail, [...wanted], length, now, () => ({ who, reason })))];
  }

  async prolong(items: readonly { readonly jail: string; readonly id: string }[], duration: number, who: string, now: number) {
    const length = lengthOf(duration);
    const results: ItemResult[] = [];
    for (const [jail, ids] of byJail(items)) {
      if (jail === null || length === 'wrong' || length === null) {
        results.push(...ids.map((id) => ({ id, jail: jail ?? '', ok: false, message: 'the time is no whole number of seconds' })));
        continue;
      }
      const notes = new Map((await this.deps.manual.manualBans(ids)).filter((note) => note.jail === jail).map((note) => [note.id, note]));
      const banned = await endsIn(this.deps.control, jail).catch((error: unknown) => messageOf(error));
      const missing = (id: string): boolean => typeof banned === 'string' || !banned.has(id);
      const message = typeof banned === 'string' ? banned : NOT_BANNED;
      results.push(...ids.filter(missing).map((id) => ({ id, jail, ok: false, message })));
      const listed = ids.filter((id) => !missing(id));
      results.push(...(await this.#make(jail, listed, length, now, (id) => notes.get(id) ?? { who, reason: '' })));
    }
    return results;
  }

  async unban(items: readonly Item[]): Promise<readonly ItemResult[]> {
    const results: ItemResult[] = [];
    for (const [jail, ids] of byJail(items)) {
      for (const part of partsOf(ids)) results.push(...(await this.#lift(jail, part)));
      this.deps.changed(jail, ids);
    }
    return results;
  }

  async expire(now: number): Promise<void> {
    const { control, manual } = this.deps;
    const notes = await manual.manualBans();
    const running = await control.jails();
    for (const jail of new Set(notes.map((note) => note.jail))) {
      const ends = running.includes(jail) ? await endsIn(control, jail) : null;
      const due = dueNotes(
        notes.filter((note) => note.jail === jail),
        ends,
        now,
      );
      for (const part of partsOf(due.lift.map(({ id }) => id))) await control.unban(jail, part);
      for (const { id, until } of due.lengthen) {
        await this.#alone(() => banForLength(this.deps, jail, [id], Math.ceil(until - now)));
      }
      for (const { id } of [...due.lift, ...due.forget]) await manual.removeManualBan(jail, id);
      if (due.lift.length + due.lengthen.length > 0)
        this.deps.changed(
          jail,
          [...due.lift, ...due.lengthen].map(({ id }) => id),
        );
    }
  }

  /** Bans, looks what came of it, and notes it. */
  async #make(
    jail: string,
    ids: readonly string[],
    length: number | null,
    now: number,
    noteOf: (id: string) => Pick<ManualBan, 'who' | 'reason'>,
  ): Promise<readonly ItemResult[]> {
    const { control, manual, changed } = this.deps;
    if (ids.length === 0) return [];
    const started = this.deps.clock.now();
    let trouble: string | null = null;
    await this.#alone(() => banForLength(this.deps, jail, ids, length)).catch((error: unknown) => (trouble = messageOf(error)));
    changed(jail, ids);
    const ends = await endsIn(control, jail).catch(() => new Map<string, number>());
    const until = length === null || length === -1 ? null : now + length;
    const wanted = length === null ? 0 : endAfter(started, length);
    const results: ItemResult[] = [];
    for (const id of ids) {
      const end = ends.get(id);
      const ok = end !== undefined && end >= wanted - TOLERANCE;
      if (end !== undefined) {
        const { who, reason } = noteOf(id);
        await manual.putManualBan({ jail, id, who, reason, time: now, until }).catch((error: unknown) => (trouble = messageOf(error)));
      }
      results.push({
        id,
        jail,
        ok,
        message: trouble ?? (ok ? null : end === undefined ? 'was not banned' : 'is banned, but not for that long'),
      });
    }
    // What was noted belongs to the list too.
    changed(jail, ids);
    return results;
  }

  #alone(work: () => Promise<void>): Promise<void> {
    return (this.deps.lock ?? noLock).run(work);
  }

  async #lift(jail: string | null, ids: readonly string[]): Promise<readonly ItemResult[]> {
    const { control, manual } = this.deps;
    const told = (id: string, message: string | null): ItemResult => ({ id, jail: jail ?? '', ok: message === null, message });
    try {
      const before = await this.#banned(jail, ids);
      const lifted = ids.filter((id) => before.has(id) || isRange(id));
      const count = await control.unban(jail, lifted);
      const after = await this.#banned(jail, lifted);
      for (const note of await manual.manualBans(lifted.map(canonicalId))) {
        if (jail === null || note.jail === jail) await manual.removeManualBan(note.jail, note.id);
      }
      return ids.map((id) => {
        if (!lifted.includes(id) || (!before.has(id) && count === 0)) return told(id, NOT_BANNED);
        return told(id, after.has(id) ? 'is still banned' : null);
      });
    } catch (error) {
      return ids.map((id) => told(id, messageOf(error)));
    }
  }

  /** Which of the ids are banned: asked one by one where they are few. */
  async #banned(jail: string | null, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const { control } = this.deps;
    if (ids.length > FEW) {
      const all = jail === null ? await control.banned() : await control.bannedIn(jail);
      return new Set(all.map(({ id }) => id));
    }
    const found = new Set<string>();
    for (const id of ids) if (await control.isBanned(jail, canonicalId(id))) found.add(id);
    return found;
  }

  async #allServices(length: number | null, who: string): ReturnType<typeof allServicesJail> {
    try {
      return await allServicesJail(this.deps.control, this.deps.editor, length, who);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { refusal: error.message };
    }
  }
}

/** Ids up to this many are asked for one by one. */
const FEW = 5;

function isRange(id: string): boolean {
  const address = parseAddress(id);
  return address !== null && !isSingle(address);
}

/** Whole seconds, −1, or null for the jail's own time. */
function lengthOf(duration: number | null): number | null | 'wrong' {
  if (duration === null || duration === -1) return duration;
  const length = Math.trunc(duration);
  return length > 0 && length <= LONGEST ? length : 'wrong';
}

function byJail(items: readonly Item[]): ReadonlyMap<string | null, readonly string[]> {
  const groups = new Map<string | null, Set<string>>();
  for (const { jail, id } of items.slice(0, MOST)) {
    const ids = groups.get(jail) ?? new Set<string>();
    groups.set(jail, ids.add(canonicalId(id)));
  }
  return new Map([...groups].map(([jail, ids]) => [jail, [...ids]]));
}
