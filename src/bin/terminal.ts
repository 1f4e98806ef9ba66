/** Texts on their way to somebody: a terminal is not steered by what came from a log; a pipe gets every byte as it is. */
import { printableLines } from '../base/steering';

/** What steers a terminal becomes `?`; our own texts have none of it. @param stream where the text goes */
export function forReader(text: string, stream: { readonly isTTY?: boolean }): string {
  return stream.isTTY === true ? printableLines(text) : text;
}
