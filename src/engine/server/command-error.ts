/** A command that cannot be carried out, with the Python exception that fail2ban's clients expect for it. */
import type { PyException, PyValue } from '../../model/python-repr';

type ExceptionName =
  | 'builtins.Exception'
  | 'builtins.ValueError'
  | 'builtins.TypeError'
  | 'builtins.IndexError'
  | 'builtins.KeyError'
  | 'builtins.RuntimeError'
  | 'builtins.LookupError'
  | 'builtins.FileNotFoundError'
  | 'fail2ban.server.failregex.RegexException'
  | 'fail2ban.exceptions.UnknownJailException'
  | 'fail2ban.exceptions.DuplicateJailException';

export class CommandError extends Error {
  constructor(
    readonly exception: ExceptionName,
    message: string,
    /** What the exception is made of, when it is not its text alone. */
    readonly args: readonly PyValue[] = [message],
  ) {
    super(message);
    this.name = 'CommandError';
  }

  /** The exception as it goes over the socket. */
  get answer(): PyException {
    const dot = this.exception.lastIndexOf('.');
    return { exception: { module: this.exception.slice(0, dot), name: this.exception.slice(dot + 1), args: this.args } };
  }
}

/** Too few words: what Python's list says. */
export function tooFewWords(): CommandError {
  return new CommandError('builtins.IndexError', 'list index out of range');
}

export function unknownJail(name: string): CommandError {
  return new CommandError('fail2ban.exceptions.UnknownJailException', name);
}
