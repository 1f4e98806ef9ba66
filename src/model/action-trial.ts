/** What an action would execute for an address: `bailiff-server --try-action` prints it, the pages show it. */
import type { Problem } from './problem';

export interface TriedCommand {
  /** `start`, `ban`, `unban`, `stop`. */
  readonly operation: string;
  /** The script that a shell would be given; values with special characters are its arguments. */
  readonly command: string;
  readonly arguments: readonly string[];
}

export interface ActionTrial {
  readonly commands: readonly TriedCommand[];
  readonly problems: readonly Problem[];
}
