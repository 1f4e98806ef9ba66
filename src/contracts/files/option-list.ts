/** The form `name[key=value, key="value"]` of filters, actions and backends into a name and its options. */

import { strip } from './ini';

export interface OptionList {
  readonly name: string;
  readonly options: ReadonlyMap<string, string>;
}

/** A text that is no `name[options]`; the message says what and where. */
export class OptionListError extends Error {}

/** White space as Python counts it, for within brackets of a regular expression. */
const BLANKS = String.raw`\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
const BLANK = `[${BLANKS}]`;
const WORD = String.raw`[\p{L}\p{N}_.-]`;
const WHOLE = new RegExp(String.raw`^([^[]+)(?:\[([\s\S]*)\]${BLANK}*)?$`);
const KEY = String.raw`${WORD}+(?:\?${WORD}+=${WORD}+)?`;
/** A key and its value; `key?family=inet6=value` names the variant of a family. */
const ONE = new RegExp(String.raw`${BLANK}*(${KEY})=(?:"([^"]*)"|'([^']*)'|([^,\]]*))`, 'uy');
/** What ends a value: a comma, the next group of brackets, or the end. */
const END = new RegExp(String.raw`,|\]${BLANK}*\[|$`, 'y');

/** Reads one `name[…]`. Later options of the same key win. Throws OptionListError. */
export function parseOptionList(text: string): OptionList {
  const whole = WHOLE.exec(text);
  if (whole === null) throw new OptionListError('unexpected option syntax');
  const name = whole[1] ?? '';
  const inside = whole[2] ?? '';
  const options = new Map<string, string>();
  for (let at = 0; at < inside.length;) {
    ONE.lastIndex = at;
    const match = ONE.exec(inside);
    if (match === null) {
      const rest = inside.slice(at);
      // A comma or blanks that are left over say nothing.
      if (rest === ',' || strip(rest) === '') break;
      throw new OptionListError(`expected option, wrong syntax at ${at}: ${rest.slice(0, 25)}`);
    }
    const key = match[1] ?? '';
    options.set(key, strip(match[2] ?? match[3] ?? match[4] ?? ''));
    END.lastIndex = ONE.lastIndex;
    at = ONE.lastIndex;
    if (!END.test(inside)) throw new OptionListError(`unexpected syntax at ${at} after option '${key}': ${inside.slice(at, at + 25)}`);
    at = END.lastIndex;
  }
  return { name, options };
}

/** A value is taken once and not again in another way (`(?=(…))\1`), so that a hostile text cannot make the search explode. */
const VALUE = String.raw`(?=("[^"]*"${BLANK}*(?=[,\]])|'[^']*'${BLANK}*(?=[,\]])|[^,\]]*))\1`;
const GROUP = String.raw`\[${BLANK}*(?:${KEY}=${VALUE}(?:,${BLANK}*|(?=\])))*\]`;
const ITEM = new RegExp(String.raw`[^${BLANKS}[]+(?:${BLANK}*${GROUP})+(?![^${BLANKS}])|[^${BLANKS}]+`, 'gu');

/** The items of an `action` value: words with their groups of options, which may span lines. */
export function splitActions(text: string): string[] {
  return text.match(ITEM) ?? [];
}
