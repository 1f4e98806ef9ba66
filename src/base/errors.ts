/** The catalogue of errors that the world causes (a missing file, a dead socket): each has a code, described in docs/errors.md. */

export const ERROR_CODES = {
  CONFIG_DIR_MISSING: 'the configuration folder does not exist',
  CONFIG_UNREADABLE: 'a configuration file cannot be read or parsed',
  CONFIG_UNWRITABLE: 'a configuration file cannot be written',
  SOCKET_IN_USE: 'another server answers on the socket',
  SERVER_NOT_RUNNING: 'no server answers on the socket',
  SERVER_NO_PERMISSION: 'the socket may not be used by this user',
  SERVER_TIMEOUT: 'the server does not answer in time',
  SERVER_REFUSED: 'the server answered with an error',
  PROTOCOL: 'a message on the socket is not one of fail2ban’s',
  DATABASE_DAMAGED: 'the database cannot be opened or is damaged',
  DATABASE_FAILED: 'the database could not be read or written',
  DATABASE_NEWER: 'the database was written by a newer version',
  REGEX_BUDGET: 'a regular expression took more steps than its budget',
  ACTION_FAILED: 'a command of an action failed',
  BAD_ARGUMENT: 'an argument of a command is not valid',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** An error of the world, with a code of the catalogue. */
export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'AppError';
  }
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
