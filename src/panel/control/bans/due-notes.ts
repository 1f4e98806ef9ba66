/** From what the notebook says of bans by hand and what the server has: which are to be lifted, which to be made longer, which to be forgotten. */
import type { ManualBan } from './manual-bans';

/** Seconds: less is not worth a command. */
const SLACK = 60;
/** Seconds that the note of a ban which is no longer in force is kept: the server may be starting. */
const KEPT = 3600;

export interface DueNotes {
  readonly lift: readonly ManualBan[];
  /** The server would end them too early: it was started anew and cut them. */
  readonly lengthen: readonly (ManualBan & { readonly until: number })[];
  readonly forget: readonly ManualBan[];
}

/** @param ends when each ban of the jail ends, by id; null when the jail does not run */
export function dueNotes(notes: readonly ManualBan[], ends: ReadonlyMap<string, number> | null, now: number): DueNotes {
  const lift: ManualBan[] = [];
  const lengthen: (ManualBan & { readonly until: number })[] = [];
  const forget: ManualBan[] = [];
  for (const note of notes) {
    const { id, until, time } = note;
    const end = ends?.get(id);
    const over = until !== null && until <= now;
    if (end !== undefined && over) lift.push(note);
    else if (end !== undefined && until !== null && end < until - SLACK) lengthen.push({ ...note, until });
    else if (over || (ends !== null && end === undefined && until === null && time < now - KEPT)) forget.push(note);
  }
  return { lift, lengthen, forget };
}
