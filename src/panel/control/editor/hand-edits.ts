/** What somebody did to the `.local` files without us: told from our last state, and made a state of its own. */
import path from 'node:path';
import { fileStamp } from '../../../base/file-keeping';
import type { HandEdit } from './editor';
import type { SavedStates, Texts } from './saved-states';

export const FIRST = 'as it was found';
export const BY_HAND = 'changed by hand';

/** Records what is there unless it is our last state. Returns what was changed by hand; null when nothing was, or this is the first state. */
export function recordHandEdits(dir: string, states: SavedStates, now: Texts, time: number): HandEdit | null {
  const known = states.latest();
  if (known === null) {
    states.add({ time, who: '', what: FIRST, texts: now });
    return null;
  }
  const files = [...new Set([...known.keys(), ...now.keys()])].filter((file) => known.get(file) !== now.get(file)).sort();
  if (files.length === 0) return null;
  const edit = { time: Math.min(time, Math.max(...files.map((file) => modified(path.join(dir, file)) ?? time))), files };
  states.add({ time: edit.time, who: '', what: BY_HAND, texts: now });
  return edit;
}

function modified(file: string): number | null {
  const stamp = fileStamp(file);
  return stamp === null ? null : stamp.modified / 1000;
}
