/** The door to editing: an edit is planned, written into `.local` files, checked, loaded by the server, and taken back when the server refuses. */
import type { Problem } from '../../../model/problem';

/** A null value goes back to what is inherited. */
export type OptionEdits = Readonly<Record<string, string | null>>;

export type Edit =
  | { readonly kind: 'jail'; readonly jail: string; readonly options: OptionEdits }
  | { readonly kind: 'add-jail'; readonly jail: string; readonly options: Readonly<Record<string, string>> }
  /** Own ones only. */
  | { readonly kind: 'remove-jail'; readonly jail: string }
  /** Takes all our overrides of a shipped jail away. */
  | { readonly kind: 'reset-jail'; readonly jail: string }
  /** The whole text of a jail's section in our file. */
  | { readonly kind: 'raw-jail'; readonly jail: string; readonly text: string }
  /** [DEFAULT] of jail.local. */
  | { readonly kind: 'defaults'; readonly options: OptionEdits }
  /** [Definition] of fail2ban.local. */
  | { readonly kind: 'server'; readonly options: OptionEdits }
  | { readonly kind: 'filter'; readonly name: string; readonly text: string }
  | { readonly kind: 'remove-filter'; readonly name: string }
  | { readonly kind: 'action'; readonly name: string; readonly text: string }
  | { readonly kind: 'remove-action'; readonly name: string }
  /** Texts by their names below the configuration folder; only `.local` files are taken. */
  | { readonly kind: 'import'; readonly files: Readonly<Record<string, string>> }
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
  readonly diff: readonly DiffLine[];
}

export interface Plan {
  readonly changes: readonly FileChange[];
  /** What is wrong with the edit; with an error it cannot be applied. */
  readonly problems: readonly Problem[];
  /** Jails that it touches. */
  readonly jails: readonly string[];
  /** Of the files that it was made from; given to `apply`, an edit by hand in between is noticed. */
  readonly stamp: string;
}

export interface Applied {
  readonly ok: boolean;
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
}

export interface SavedState {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly time: number;
  readonly who: string;
  readonly what: string;
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

export interface Editor {
  /** Writes nothing. */
  plan(edits: readonly Edit[]): Promise<Plan>;
  /** All or nothing. With a `stamp` an edit by hand since then refuses. */
  apply(edits: readonly Edit[], by: Author & { readonly stamp?: string }): Promise<Applied>;
  /** For the preview and the tester. Rejects with AppError BAD_ARGUMENT for an edit with errors. */
  overlay(edits: readonly Edit[]): Promise<Overlay>;
  /** Switches jails on or off one by one: what fails is told, the others go on. */
  switchJails(jails: readonly string[], on: boolean, by: Author): Promise<readonly SwitchResult[]>;
  /** The edits by which a jail only counts and tells from now on, or bans again. */
  observe(jail: string, on: boolean): readonly Edit[];
  /** The last 50, newest first. */
  states(): Promise<readonly SavedState[]>;
  /** What changed from one state to another, or to what is there now (null). */
  compare(from: string, to: string | null): Promise<readonly FileChange[]>;
  /** Texts of all `.local` files by their names below the configuration folder. */
  exportAll(): Promise<Readonly<Record<string, string>>>;
}
