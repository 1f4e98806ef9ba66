/** The door to editing: an edit is planned, written into `.local` files, checked, loaded by the server, and taken back when the server refuses. */
import type { Problem } from '../../../model/problem';

/**
 * Values as they stand in a file: `%(…)s` is not resolved, several lines are apart by `\n`, blanks around a line do not count.
 * A null value goes back to what is inherited.
 */
export type OptionEdits = Readonly<Record<string, string | null>>;

/** Only `.local` files are written. Later edits of a list see what the earlier ones made. */
export type Edit =
  | { readonly kind: 'jail'; readonly jail: string; readonly options: OptionEdits }
  | { readonly kind: 'add-jail'; readonly jail: string; readonly options: Readonly<Record<string, string>> }
  /** Own ones only. */
  | { readonly kind: 'remove-jail'; readonly jail: string }
  /** Takes all our overrides of a shipped jail away. */
  | { readonly kind: 'reset-jail'; readonly jail: string }
  /** The jail's section in our file with its header, as `JailView.raw` shows it; an empty text takes it away. */
  | { readonly kind: 'raw-jail'; readonly jail: string; readonly text: string }
  /** The jail counts and tells, and does nothing to anybody: its actions are put aside, or come back exactly as they stood. */
  | { readonly kind: 'observe'; readonly jail: string; readonly on: boolean }
  /** [DEFAULT] of jail.local. */
  | { readonly kind: 'defaults'; readonly options: OptionEdits }
  /** [Definition] of fail2ban.local. */
  | { readonly kind: 'server'; readonly options: OptionEdits }
  /** The whole text of `filter.d/NAME.local`. Beside a shipped filter its options win one by one, the others stay. */
  | { readonly kind: 'filter'; readonly name: string; readonly text: string }
  /** Takes `filter.d/NAME.local` away: an own filter is gone (not while a jail uses it), a shipped one is as it came. */
  | { readonly kind: 'remove-filter'; readonly name: string }
  | { readonly kind: 'action'; readonly name: string; readonly text: string }
  | { readonly kind: 'remove-action'; readonly name: string }
  /** Texts by their names below the configuration folder; only `.local` files are taken. Those that are not named stay. */
  | { readonly kind: 'import'; readonly files: Readonly<Record<string, string>> }
  /** All `.local` files as they were in a state. */
  | { readonly kind: 'restore'; readonly state: string };

export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  /** Number of the line, from 1; null where it is not there. */
  readonly before: number | null;
  readonly after: number | null;
  readonly text: string;
}

export interface FileChange {
  /** Relative to the configuration folder. */
  readonly file: string;
  /** Null for a file that is not there. */
  readonly before: string | null;
  readonly after: string | null;
  /** The changed lines with a few around them; a gap in the numbers is a part that is left out. */
  readonly diff: readonly DiffLine[];
}

export interface Plan {
  readonly changes: readonly FileChange[];
  /** What is wrong with the edit; with an error it cannot be applied. What was wrong before is not named. */
  readonly problems: readonly Problem[];
  /** Jails that it touches. */
  readonly jails: readonly string[];
  /** Of the files that it was made from; given to `apply`, an edit by hand in between is noticed. */
  readonly stamp: string;
}

export interface Applied {
  /** Whether the files are changed now. */
  readonly ok: boolean;
  /** Whether a running server has taken it; false when none runs. */
  readonly reloaded: boolean;
  readonly changes: readonly FileChange[];
  readonly problems: readonly Problem[];
  /** What the server said when it refused, or why nothing could be loaded; null when all is well. */
  readonly message: string | null;
  /** The state that was made; null when nothing was written. */
  readonly state: string | null;
}

export interface Author {
  readonly who: string;
  /** The address the request came from. */
  readonly client: string;
  /** For the list of states; made from the edits when not given. */
  readonly what?: string;
}

export interface SavedState {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly time: number;
  readonly who: string;
  readonly what: string;
  readonly files: readonly string[];
}

/** What somebody did without us. */
export interface HandEdit {
  /** Seconds since the epoch. */
  readonly time: number;
  readonly files: readonly string[];
}

export interface SwitchResult {
  readonly jail: string;
  readonly ok: boolean;
  readonly message: string | null;
  readonly problems: readonly Problem[];
}

export interface Overlay {
  /** A temporary folder that holds the configuration with the edit. */
  readonly confdir: string;
  /** Removes it. */
  done(): Promise<void>;
}

/** A mistake of the user is a Problem of the answer; rejections are AppErrors: CONFIG_DIR_MISSING, CONFIG_UNREADABLE, CONFIG_UNWRITABLE. */
export interface Editor {
  /** Writes nothing. */
  plan(edits: readonly Edit[]): Promise<Plan>;
  /** All or nothing. With a `stamp` (of a plan, or of `stamp()`) an edit by hand of a touched file since then refuses. One at a time. */
  apply(edits: readonly Edit[], by: Author & { readonly stamp?: string }): Promise<Applied>;
  /** For the preview and the tester: a folder with the edits applied, which no server reads. Rejects with AppError BAD_ARGUMENT for an edit with errors. */
  overlay(edits: readonly Edit[]): Promise<Overlay>;
  /** Switches jails on or off one by one: what fails is told, the others go on. */
  switchJails(jails: readonly string[], on: boolean, by: Author): Promise<readonly SwitchResult[]>;
  /** The edits by which a jail only counts and tells from now on, or bans again. */
  observe(jail: string, on: boolean): readonly Edit[];
  /** Of all `.local` files as they are now: for a form that is filled in meanwhile. */
  stamp(): Promise<string>;
  /** The last 50, newest first. */
  states(): Promise<readonly SavedState[]>;
  /** What changed from one state to another, or to what is there now (null). Rejects with AppError BAD_ARGUMENT for a state that is not there. */
  compare(from: string, to: string | null): Promise<readonly FileChange[]>;
  /** Texts of all `.local` files by their names below the configuration folder. */
  exportAll(): Promise<Readonly<Record<string, string>>>;
  /** Edits that were made by hand since our last state: recorded as a state of their own. */
  notice(): Promise<HandEdit | null>;
}
