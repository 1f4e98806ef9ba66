/** What a verb of `bailiff` is: its words and options, and the answer it gives, as text for people and as JSON for programs. */
import type { CliWorld } from './world';

export interface OptionSpec {
  /** Without dashes: `ban_period`. `-` and `_`, one dash and two are alike when it is read. */
  readonly name: string;
  /** What its value is; null for a switch. */
  readonly value: string | null;
  readonly meaning: string;
  /** One letter. */
  readonly short?: string;
  /** May be given several times. */
  readonly many?: boolean;
}

/** What was given on the command line. */
export interface Call {
  /** Spelled as `plesk bin ip_ban` has it (`--banned`): lists then have that program's shape. */
  readonly dashed: boolean;
  readonly words: readonly string[];
  readonly options: Given;
}

/** Options by their names. */
export class Given {
  constructor(private readonly values: ReadonlyMap<string, readonly string[]> = new Map()) {}

  has(name: string): boolean {
    return this.values.has(name);
  }

  text(name: string): string | null {
    return this.values.get(name)?.[0] ?? null;
  }

  all(name: string): readonly string[] {
    return this.values.get(name) ?? [];
  }
}

export interface Answer {
  /** For people: whole lines. */
  readonly text: string;
  /** For programs; null where there is nothing to tell. */
  readonly json: unknown;
  /** Sentences for standard error: what did not work. With any, the exit code is 1. */
  readonly failures?: readonly string[];
}

export interface Verb {
  /** `ban`, `jail show`. */
  readonly name: string;
  /** One letter, as `plesk bin ip_ban` has it: `b` for `--banned`. */
  readonly letter?: string;
  /** Its words, as help shows them. */
  readonly operands: string;
  readonly summary: string;
  readonly options: readonly OptionSpec[];
  run(this: void, call: Call, world: CliWorld): Promise<Answer>;
}
