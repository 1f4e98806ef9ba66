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
  /** Resolved (as written when it cannot be); null when nobody sets it and the server has no default. */
  readonly value: string | null;
  /** As written: what a form shows and an edit replaces. */
  readonly raw: string | null;
  /** Below the configuration folder; null for the server's default. */
  readonly file: string | null;
  /** Counted from 1. */
  readonly line: number | null;
}

export interface OptionView extends OptionPlace {
  readonly name: string;
  /** Set here, in this section of a `.local` file. */
  readonly own: boolean;
  /** What it would be if no `.local` file set it here. */
  readonly inherited: OptionPlace;
  readonly info: OptionInfo;
}

/** A section as it stands in a file. */
export interface RawSection {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly own: boolean;
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
  /** Name of the filter without options; empty when there is none. */
  readonly filter: string;
  /** Names of the actions without options. */
  readonly actions: readonly string[];
  readonly options: readonly OptionView[];
  /** Log paths as written, and how many files each finds now. */
  readonly logs: readonly { readonly path: string; readonly files: number }[];
  /** Of a jail that is switched on. */
  readonly problems: readonly Problem[];
  /** Its section in our file as written; '' when there is none. */
  readonly raw: string;
  /** All sections of its name, in the order in which they are read. */
  readonly sections: readonly RawSection[];
}

/** A filter or an action. */
export interface DefinitionView {
  readonly name: string;
  /** `edited`: shipped, with a `.local` of ours. */
  readonly origin: 'shipped' | 'own' | 'edited';
  /** Names of the jails that use it, switched on or off. */
  readonly usedBy: readonly string[];
  /** Its own files in the order in which they are read; not what they include. */
  readonly files: readonly { readonly file: string; readonly text: string }[];
  /** In a list: what jails that are switched on found, and all of our own files; of one that is asked for by name: all. */
  readonly problems: readonly Problem[];
}

export interface ActionTemplate {
  readonly name: string;
  /** One line with all parameters, for a jail's `action`. */
  readonly text: string;
}

/** Read anew when a file has changed; unknown names are null. Rejections are AppErrors: CONFIG_DIR_MISSING. */
export interface Configuration {
  jails(): Promise<readonly JailView[]>;
  jail(name: string): Promise<JailView | null>;
  defaults(): Promise<readonly OptionView[]>;
  server(): Promise<readonly OptionView[]>;
  filters(): Promise<readonly DefinitionView[]>;
  filter(name: string): Promise<DefinitionView | null>;
  actions(): Promise<readonly DefinitionView[]>;
  action(name: string): Promise<DefinitionView | null>;
  /** For the menu of a jail's form: those of the usual actions that are there; null is a jail that is not there yet. */
  actionTemplates(jail: string | null): Promise<readonly ActionTemplate[]>;
}
