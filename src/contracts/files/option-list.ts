/** The form `name[key=value, key="value"]` of filters, actions and backends into a name and its options. */

export interface OptionList {
  readonly name: string;
  readonly options: ReadonlyMap<string, string>;
}

/** A text that is no `name[options]`; the message says what and where. */
export class OptionListError extends Error {}

const WHOLE = /^([^[]+)(?:\[([\s\S]*)\]\s*)?$/;
/** A key and its value; `key?family=inet6=value` names the variant of a family. */
const ONE = /\s*([\w.-]+(?:\?[\w.-]+=[\w.-]+)?)=(?:"([^"]*)"|'([^']*)'|([^,\]]*))/y;
/** What ends a value: a comma, the next group of brackets, or the end. */
const END = /,|\]\s*\[|$/y;

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
    if (match === null) throw new OptionListError(`expected option, wrong syntax at ${at}: ${inside.slice(at, at + 25)}`);
    const key = match[1] ?? '';
    options.set(key, (match[2] ?? match[3] ?? match[4] ?? '').trim());
    END.lastIndex = ONE.lastIndex;
    at = ONE.lastIndex;
    if (!END.test(inside)) throw new OptionListError(`unexpected syntax at ${at} after option '${key}': ${inside.slice(at, at + 25)}`);
    at = END.lastIndex;
  }
  return { name, options };
}

/** A value is taken once and not again in another way (`(?=(…))\1`), so that a hostile text cannot make the search explode. */
const VALUE = `(?=("[^"]*"\\s*(?=[,\\]])|'[^']*'\\s*(?=[,\\]])|[^,\\]]*))\\1`;
const GROUP = `\\[\\s*(?:[\\w.-]+(?:\\?[\\w.-]+=[\\w.-]+)?=${VALUE}(?:,\\s*|(?=\\])))*\\]`;
const ITEM = new RegExp(`[^\\s[]+(?:\\s*${GROUP})+(?!\\S)|\\S+`, 'g');

/** The items of an `action` value: words with their groups of options, which may span lines. */
export function splitActions(text: string): string[] {
  return text.match(ITEM) ?? [];
}
