/** Where our own matcher's anchors hold, and when a back reference finds its text again. */
import { inClass } from './charset';
import { lower } from './casing';
import type { AnchorNode } from './tree';

/** Whether an anchor holds at `position` of a text that ends at `end`. */
export function holdsAt(at: AnchorNode['at'], ascii: boolean, text: string, position: number, end: number): boolean {
  switch (at) {
    case 'start':
      return position === 0;
    case 'end':
      return position === end;
    case 'endOrNewline':
      return position === end || (position === end - 1 && text.charCodeAt(position) === 10);
    case 'lineStart':
      return position === 0 || text.charCodeAt(position - 1) === 10;
    case 'lineEnd':
      return position === end || text.charCodeAt(position) === 10;
    case 'word':
      return end > 0 && isWordBefore(text, position, ascii) !== isWordAt(text, position, end, ascii);
    case 'notWord':
      // In an empty text there is neither, until Python 3.14.
      return end > 0 && isWordBefore(text, position, ascii) === isWordAt(text, position, end, ascii);
  }
}

function isWord(code: number, ascii: boolean): boolean {
  if (code < 0x80)
    return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39) || code === 0x5f;
  return !ascii && inClass('w', code);
}

function isWordAt(text: string, position: number, end: number, ascii: boolean): boolean {
  return position < end && isWord(text.codePointAt(position)!, ascii);
}

function isWordBefore(text: string, position: number, ascii: boolean): boolean {
  if (position === 0) return false;
  const unit = text.charCodeAt(position - 1);
  const isLow = unit >= 0xdc00 && unit < 0xe000 && position > 1;
  const code = isLow ? text.codePointAt(position - 2)! : unit;
  return isWord(code > 0xffff ? code : unit, ascii);
}

/**
 * Where the text of `start`…`stop` ends when it stands again at `position`; -1 when it doesn't.
 * @param ignoringCase 0 no, 1 ASCII, 2 Unicode
 */
export function sameText(text: string, start: number, stop: number, position: number, end: number, ignoringCase: number): number {
  let there = position;
  for (let here = start; here < stop;) {
    if (there >= end) return -1;
    const wanted = text.codePointAt(here)!;
    const found = text.codePointAt(there)!;
    if (wanted !== found && (ignoringCase === 0 || lower(wanted, ignoringCase === 1) !== lower(found, ignoringCase === 1))) return -1;
    here += wanted > 0xffff ? 2 : 1;
    there += found > 0xffff ? 2 : 1;
  }
  return there;
}
