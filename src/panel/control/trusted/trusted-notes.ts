/** What this room needs of the notebook: what people told about entries of ignoreip. */

export interface TrustedNote {
  readonly entry: string;
  /** Null for all jails. */
  readonly jail: string | null;
  readonly note: string;
  readonly who: string;
  /** Seconds since the epoch. */
  readonly added: number;
  readonly end: number | null;
}

export interface TrustedNotes {
  trusted(): Promise<readonly TrustedNote[]>;
  /** Replaces what was told about the same entry and jail. */
  putTrusted(note: TrustedNote): Promise<void>;
  removeTrusted(entry: string, jail: string | null): Promise<void>;
}

/** The lawful nothing: remembers as long as the process lives. */
export function trustedNotesInMemory(): TrustedNotes {
  const notes = new Map<string, TrustedNote>();
  const key = (entry: string, jail: string | null): string => JSON.stringify([entry, jail]);
  return {
    trusted: async () => [...notes.values()],
    async putTrusted(note) {
      notes.set(key(note.entry, note.jail), note);
    },
    async removeTrusted(entry, jail) {
      notes.delete(key(entry, jail));
    },
  };
}
