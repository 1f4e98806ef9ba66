/** The door to reading the configuration: what is in force, where it stands, and what it would be without our own edits. */
import type { Problem } from '../../../model/problem';

/** What the pages know of an option of a jail or of the server. */
export interface OptionInfo {
  readonly name: string;
  readonly type: string;
  readonly unit?: string;
  /** As it would be written in a file; null when there is none. */
  readonly default: string | null;
  readonly meaning: string;
  readonly words?: readonly string[];
}

export interface OptionPlace {
  /** Null when nobody sets it. */
  readonly value: string | null;
  readonly file: string | null;
  readonly line: number | null;
}

export interface OptionView extends OptionPlace {
  readonly name: string;
  /** Set in a `.local` file for this very jail. */
  readonly own: boolean;
  /** What it would be without our own setting. */
  readonly inherited: OptionPlace;
  readonly info: OptionInfo;
}

export interface JailView {
  readonly name: string;
  readonly enabled: boolean;
  /** `own`: its section stands in `.local` files only. */
  readonly origin: 'shipped' | 'own';
  /** Shipped, but changed by us. */
  readonly edited: boolean;
  /** Counts and tells, does not ban. */
  readonly observing: boolean;
  readonly filter: string;
  readonly actions: readonly string[];
  readonly options: readonly OptionView[];
  /** Log paths as written, and how many files each finds now. */
  readonly logs: readonly { readonly path: string; readonly files: number }[];
  readonly problems: readonly Problem[];
  /** Its section in our file as written; '' when there is none. */
  readonly raw: string;
}

/** A filter or an action. */
export interface DefinitionView {
  readonly name: string;
  /** `edited`: shipped, with a `.local` of ours. */
  readonly origin: 'shipped' | 'own' | 'edited';
  /** Names of the jails that use it. */
  readonly usedBy: readonly string[];
  /** In the order in which they are read. */
  readonly files: readonly { readonly file: string; readonly text: string }[];
  readonly problems: readonly Problem[];
}

export interface ActionTemplate {
  readonly name: string;
  /** One line with all parameters, for a jail's `action`. */
  readonly text: string;
}

export interface Configuration {
  jails(): Promise<readonly JailView[]>;
  jail(name: string): Promise<JailView | null>;
  defaults(): Promise<readonly OptionView[]>;
  server(): Promise<readonly OptionView[]>;
  filters(): Promise<readonly DefinitionView[]>;
  filter(name: string): Promise<DefinitionView | null>;
  actions(): Promise<readonly DefinitionView[]>;
  action(name: string): Promise<DefinitionView | null>;
  /** For the menu of a jail's form. */
  actionTemplates(jail: string): Promise<readonly ActionTemplate[]>;
}
