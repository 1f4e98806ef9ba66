/** What the makers of edits work on: the texts, what they mean together, and what was promised about options. */
import { takeSnapshot, type Snapshot } from './snapshot';
import type { TextChange, WorkingTexts } from './working-texts';

/** An option and the value that the files must have when all edits are made; null: no `.local` file sets it there. */
export interface Promised {
  readonly part: 'jail' | 'fail2ban';
  readonly section: string;
  readonly option: string;
  readonly value: string | null;
}

export class EditWorld {
  readonly promised = new Map<string, Promised>();
  #known: { readonly spelled: string; readonly snapshot: Snapshot } | null = null;

  constructor(
    readonly texts: WorkingTexts,
    /** Of the files as they are. */
    readonly before: Snapshot,
    /** Files of a state; null when there is no such state. */
    readonly stateTexts: (id: string) => ReadonlyMap<string, string> | null,
  ) {}

  promise(promised: Promised): void {
    this.promised.set(JSON.stringify([promised.part, promised.section, promised.option]), promised);
  }

  /** Takes back what was promised about a section. */
  forget(section: string): void {
    for (const [key, promised] of this.promised) {
      if (promised.part === 'jail' && promised.section === section) this.promised.delete(key);
    }
  }

  /** The configuration as the edits so far leave it. */
  snapshot(): Snapshot {
    const changes = this.texts.changes();
    if (changes.length === 0) return this.before;
    const spelled = JSON.stringify(changes.map(({ file, after }) => [file, after]));
    if (this.#known?.spelled !== spelled) this.#known = { spelled, snapshot: takeSnapshot(this.texts.dir, textsOf(changes)) };
    return this.#known.snapshot;
  }
}

/** The texts that changes leave, by file. */
export function textsOf(changes: readonly TextChange[]): ReadonlyMap<string, string | null> {
  return new Map(changes.map(({ file, after }) => [file, after]));
}
