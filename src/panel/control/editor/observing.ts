/** How a jail is made to count and tell only, on every server: its `action` is empty, and what the jail's own file said is kept under another name. */
import { parseIni } from '../../../contracts/files/ini';
import { optionsOf, removeOption, renameOption, setOption } from '../../../contracts/files/ini-edit';

/** The option that holds what `action` was; empty when the jail's own file did not set it. No server reads it. */
export const PUT_ASIDE = 'bailiff_action';

/** The text of the file in which the jail's action stands, or would; the lines of the old action stay as they are but for their name. Throws IniEditError. */
export function putAside(text: string, jail: string): string {
  const options = optionsOf(parseIni(text, ''), jail);
  const action = options?.get('action');
  // An empty action beside what was put aside is our own.
  if (options?.has(PUT_ASIDE) === true && action?.value === '') return text;
  const free = removeOption(text, jail, PUT_ASIDE);
  const kept = action === undefined ? setOption(free, jail, PUT_ASIDE, '') : renameOption(free, jail, 'action', PUT_ASIDE);
  return setOption(kept, jail, 'action', '');
}

/** The text as it was before `putAside`. Throws IniEditError. */
export function bringBack(text: string, jail: string): string {
  const kept = optionsOf(parseIni(text, ''), jail)?.get(PUT_ASIDE);
  if (kept === undefined) return text;
  const free = removeOption(text, jail, 'action');
  return kept.value === '' ? removeOption(free, jail, PUT_ASIDE) : renameOption(free, jail, PUT_ASIDE, 'action');
}
