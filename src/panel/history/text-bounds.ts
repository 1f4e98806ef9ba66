/** How long the texts of the notebook may be, and what becomes of longer ones. Characters are UTF-16 units. */
import { AppError } from '../../base/errors';

/** Names, addresses, keys. */
export const MAX_NAME = 1000;
/** Notes and reasons. */
export const MAX_TEXT = 4000;
/** Values of settings, and the texts of an entry of the audit log. */
export const MAX_VALUE = 64_000;

/** @throws AppError BAD_ARGUMENT when the text is longer */
export function atMost(what: string, text: string, max: number): string {
  if (text.length > max) throw new AppError('BAD_ARGUMENT', `the ${what} has ${text.length} characters; at most ${max} are kept`);
  return text;
}

/** The text, or its beginning with a mark that there was more. */
export function cutTo(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
