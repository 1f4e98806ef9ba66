/** A command that cannot be carried out, with the Python exception that fail2ban's clients expect for it. */

export type PythonException =
  | 'builtins.Exception'
  | 'builtins.ValueError'
  | 'builtins.IndexError'
  | 'builtins.KeyError'
  | 'builtins.TypeError'
  | 'builtins.RuntimeError'
  | 'fail2ban.exceptions.UnknownJailException'
  | 'fail2ban.exceptions.DuplicateJailException';

export class CommandError extends Error {
  constructor(
    readonly exception: PythonException,
    message: string,
  ) {
    super(message);
    this.name = 'CommandError';
  }
}

/** Too few words: what Python's list says. */
export function tooFewWords(): CommandError {
  return new CommandError('builtins.IndexError', 'list index out of range');
}
