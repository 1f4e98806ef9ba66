/** Trusted addresses as text and back: one on each line, a note behind `#`; the form of bulk paste, import and export. */

export interface TextEntry {
  readonly entry: string;
  readonly note: string;
}

/** Entries of a text; several on one line share the line's note. Lines that hold nothing but a note are left out. */
export function parseTrusted(text: string): readonly TextEntry[] {
  const entries = text.split(/\r\n|\r|\n/).flatMap((line) => {
    const [words = '', ...notes] = line.split('#');
    const note = notes.join('#').trim().slice(0, 1000);
    return words
      .split(/[\s,;]+/)
      .filter((word) => word !== '')
      .map((entry) => ({ entry, note }));
  });
  return [...new Map(entries.map((entry) => [entry.entry, entry])).values()];
}

/** One line for each entry; notes lose their line ends. */
export function formatTrusted(entries: readonly TextEntry[]): string {
  return entries.map(({ entry, note }) => (note === '' ? `${entry}\n` : `${entry} # ${note.replace(/\s+/g, ' ')}\n`)).join('');
}
