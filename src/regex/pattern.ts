/** The door of this room: a pattern of Python's `re`, compiled, with Python's meaning. `compilePattern` (compile.ts) makes one. */

export interface PatternFlags {
  readonly ignoreCase?: boolean;
  readonly multiline?: boolean;
  readonly dotAll?: boolean;
  readonly verbose?: boolean;
}

export interface PatternMatch {
  /** Offsets in UTF-16 units of the text searched. */
  readonly start: number;
  readonly end: number;
  /** Text of a group by name or number (0 is the whole match); null when the group took no part, as Python's None. */
  group(key: string | number): string | null;
  /** Offsets of a group; null when it took no part. Only of patterns compiled with `offsets: true`. */
  span(key: string | number): readonly [start: number, end: number] | null;
  /** Text of the named group at that place of the pattern's `groupNames`; null where it took no part. */
  namedAt(place: number): string | null;
  /** All named groups, in order of their number; null where a group took no part. */
  groups(): Record<string, string | null>;
}

export interface Pattern {
  /** As written, in Python's syntax. */
  readonly source: string;
  /** Named groups in order of their number. */
  readonly groupNames: readonly string[];
  /** How many groups, named or not. */
  readonly groupCount: number;
  /** `v8`: runs as a RegExp; `own`: runs on our matcher (matcher.ts). */
  readonly way: 'v8' | 'own';
  /**
   * Literals of which a text must contain at least one to match (compare case-sensitively);
   * null when nothing is known. For pre-filters.
   */
  readonly required: readonly string[] | null;
  /** Texts of which a text must begin with one to match; null when nothing is known, or when the pattern may match elsewhere than at the start. */
  readonly starts: readonly string[] | null;
  /** Python's `pattern.search(text, from, to)`: `^` and look-behind see the text before `from`, `$` matches at `to`. */
  search(text: string, from?: number, to?: number): PatternMatch | null;
  /** Whether `search` would find something; cheaper. */
  test(text: string): boolean;
}

/** What is wrong with a pattern, in the words of Python's `re.error`, and where. */
export class PatternError extends Error {
  constructor(
    readonly reason: string,
    readonly source: string,
    /** Counted from 0, in characters of `source`; null when Python names no place. */
    readonly position: number | null,
  ) {
    super(position === null ? reason : `${reason} at position ${position}`);
    this.name = 'PatternError';
  }
}
