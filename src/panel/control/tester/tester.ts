/** The door of this room: what the pages ask about a filter or a jail that is being edited, without touching the server. */
import type { ActionTrial } from '../../../model/action-trial';
import type { FilterTestSummary, TestedLine, TestedRegex } from '../../../model/filter-test';
import type { JailPreview } from '../../../model/jail-preview';
import type { Problem } from '../../../model/problem';

/** Why there is no whole answer. `time`: it took too long; `crash`: the program ended by itself; `refused`: it could not do what was asked. */
export interface Unfinished {
  readonly kind: 'unfinished';
  readonly reason: 'time' | 'crash' | 'refused';
  /** One sentence for people. */
  readonly message: string;
}

export interface FilterTestRequest {
  /** A filter of the folder, with its options (`sshd[mode=aggressive]`), or a text that stands in the place of one of its files (`sshd.local`). */
  readonly filter: { readonly name: string } | { readonly text: string; readonly file: string; readonly options?: string };
  /** A log of the server, of which the last lines are looked at, or lines as they were pasted. */
  readonly source: { readonly log: string } | { readonly lines: string };
  /** The configuration folder. */
  readonly confdir: string;
  /** Lines that are looked at, at most. */
  readonly limit: number;
}

export interface SlowTry {
  readonly option: TestedRegex['option'];
  /** Number of the regex among those of its option, from 0. */
  readonly index: number;
  readonly line: number;
  readonly seconds: number;
}

/** The lines that were judged, of an unfinished test too. */
export interface TestedLines {
  readonly lines: readonly TestedLine[];
  readonly slow: readonly SlowTry[];
}

export type FilterTest = TestedLines & (({ readonly kind: 'done' } & { readonly summary: FilterTestSummary }) | Unfinished);

export interface JailPreviewRequest {
  /** The configuration folder, with the edit in it. */
  readonly confdir: string;
  readonly jail: string;
  /** Seconds: how far back the logs are read. */
  readonly since: number;
}

export type PreviewResult = { readonly kind: 'done'; readonly preview: JailPreview } | Unfinished;

export interface FilterCheckText {
  readonly confdir: string;
  /** The file that is edited: `sshd.conf`, `sshd.local`. */
  readonly file: string;
  readonly text: string;
}

export interface ActionDryRunRequest {
  /** The configuration folder. */
  readonly confdir: string;
  /** Name of an action of the folder. */
  readonly action: string;
  /** As a jail gives them: `name=ssh, port=22`. */
  readonly options: string;
  readonly address: string;
}

export interface Tester {
  /** Tries a filter on lines, in a process of its own with a time limit. Rejects with AppError BAD_ARGUMENT for a log that may not be read, or a name that is none. */
  testFilter(request: FilterTestRequest): Promise<FilterTest>;
  /** Runs a jail over its logs, in a process of its own with a time limit. Rejects with AppError BAD_ARGUMENT for a name that is none. */
  previewJail(request: JailPreviewRequest): Promise<PreviewResult>;
  /**
   * What is wrong or doubtful in the text of a filter, with file and line; quick enough to be asked while somebody types.
   * Runs no regex on anybody's text, so that it may be done in this process. Throws AppError BAD_ARGUMENT for a name that is none.
   */
  checkFilterText(request: FilterCheckText): readonly Problem[];
  /** What an action would do for an address; nothing is executed. Rejects with AppError BAD_ARGUMENT for a name that is none. */
  dryRunAction(request: ActionDryRunRequest): Promise<ActionTrial>;
}
