/** What every page tells of an edit that waits to be confirmed, or was taken back. */
import type { DeadMansHandle } from '../control/handle/dead-mans-handle';

export interface Reader {
  readonly user: string;
  readonly client: string;
  /** Where the page is, to come back to it. */
  readonly path: string;
}

/** Null when there is nothing to tell. */
export function stillHere(handle: DeadMansHandle | undefined, { user, client, path }: Reader, now: number): object | null {
  const waiting = handle?.waiting() ?? null;
  if (waiting !== null) {
    const { who, what, until, from } = waiting;
    // Only the browser that made the edit proves by itself that it still gets in.
    const own = who === user && waiting.client === client;
    const left = Math.max(0, Math.ceil(until - now));
    return { waits: true, who, what, left, ...(own ? { after: Math.max(0, Math.ceil(from - now)) } : {}), path };
  }
  const last = handle?.last() ?? null;
  return last === null || last.who !== user ? null : { waits: false, ...last, path };
}
