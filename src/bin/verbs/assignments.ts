/** `NAME=VALUE` words of the shell become options of a jail; names that fail2ban does not know are slips, unless they are meant. */
import { JAIL_OPTION_NAMES } from '../../panel/control/editor/jail-variables';
import type { OptionEdits } from '../../panel/control/editor/editor';
import { quoted, wrong } from './items';

const FORM = /^([A-Za-z][\w.-]*)=([\s\S]*)$/;
/** Of names that are said to be meant. */
const SUGGESTED_WITHIN = 3;

/** Options given several times have several lines: `logpath=… logpath=…`. @throws AppError BAD_ARGUMENT that names the word */
export function assignments(words: readonly string[]): Readonly<Record<string, string>> {
  const options = new Map<string, string>();
  for (const word of words) {
    const [, name, value] = FORM.exec(word) ?? [];
    if (name === undefined || value === undefined) throw wrong(`${quoted(word)} is no NAME=VALUE, such as maxretry=3`);
    const key = name.toLowerCase();
    const before = options.get(key);
    options.set(key, before === undefined ? value : `${before}\n${value}`);
  }
  return Object.fromEntries(options);
}

/** @param known further names that are in use: those of the jail @throws AppError BAD_ARGUMENT with the name that is next to it */
export function refuseSlips(options: OptionEdits, known: Iterable<string>): void {
  const names = new Set([...JAIL_OPTION_NAMES, ...known]);
  for (const name of Object.keys(options)) {
    if (names.has(name)) continue;
    const near = [...names].map((one) => [distance(name, one), one] as const).sort(([a], [b]) => a - b)[0];
    const meant = near !== undefined && near[0] <= SUGGESTED_WITHIN ? `; '${near[1]}' is one` : '';
    throw wrong(`${quoted(name)} is no option of a jail${meant}. With --variables it is taken as a variable for %(${name})s`);
  }
}

/** How many letters must be changed, added or left out. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_none, at) => at);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (let to = 1; to <= other.length; to++) {
      const changed = (row[to - 1] ?? 0) + (letter === other[to - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
