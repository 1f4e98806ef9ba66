/** Makes of a part of a longer text a text of its own: a part keeps the whole in memory. */

/** The same text; for what is kept longer than the text it was cut from. */
export function ownText(text: string): string {
  return ` ${text}`.slice(1);
}
