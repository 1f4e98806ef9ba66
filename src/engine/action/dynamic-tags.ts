/** A command and the values of a ticket become a shell script and its arguments: text from a log never stands in the script. */
import type { ValueLookup } from './ticket-values';

export interface Script {
  /** For `/bin/sh -c`. */
  readonly text: string;
  /** `$0`, `$1`, … of the script: the values that must not stand in it. */
  readonly args: readonly string[];
}

/** What means something to a shell, and everything that is no printing character: such a value travels as an argument. */
const UNSAFE = /[\\#&;`|*?~<>^()[\]{}$'"\x00-\x08\x0a-\x1f\x7f]/;
const TAG = /<([^<>\s]+)>/g;
/** Linux refuses a single argument of 128 KiB; a value is cut below that, bytes. */
const MAX_VALUE = 98304;
/** Of all arguments together, bytes. */
const MAX_VALUES = 786432;
/** A longer value does not go into the script, whatever it is made of. */
const MAX_INLINE = 1024;

/**
 * Replaces the tags of tickets in `command`, each once: values are not searched for tags. A value with characters that mean something to a
 * shell becomes `${f2bV_<tag>}`, set from an argument on the first line. Tags that nobody knows stay.
 */
export async function fillScript(command: string, valueOf: ValueLookup): Promise<Script> {
  const values = new Map<string, string | null>();
  for (const match of command.matchAll(TAG)) {
    const tag = match[1]!;
    if (!values.has(tag)) values.set(tag, await valueOf(tag));
  }
  const variables = new Map<string, string>();
  const args: string[] = [];
  let room = MAX_VALUES;
  const text = command.replace(TAG, (whole, tag: string) => {
    const value = values.get(tag) ?? null;
    if (value === null) return whole;
    if (!UNSAFE.test(value) && value.length <= MAX_INLINE) return value;
    const known = variables.get(tag);
    if (known !== undefined) return `\${${known}}`;
    const name = variableName(tag, variables);
    variables.set(tag, name);
    const argument = cutBytes(value.replaceAll('\0', ''), Math.min(MAX_VALUE, room));
    room -= Buffer.byteLength(argument);
    args.push(argument);
    return `\${${name}}`;
  });
  if (args.length === 0) return { text, args };
  const settings = [...variables.values()].map((name, index) => `${name}=$${index < 10 ? index : `{${index}}`}`);
  return { text: `${settings.join(' ')}\n${text}`, args };
}

/** `f2bV_` and the tag with everything but word characters made `_`; a further one when two tags would share it. */
function variableName(tag: string, taken: ReadonlyMap<string, string>): string {
  const base = `f2bV_${tag.replace(/[^A-Za-z0-9_]/g, '_')}`;
  const names = new Set(taken.values());
  let name = base;
  for (let number = 2; names.has(name); number++) name = `${base}_${number}`;
  return name;
}

/** The first `max` bytes of a text, cut between characters. */
function cutBytes(text: string, max: number): string {
  if (Buffer.byteLength(text) <= max) return text;
  return Buffer.from(text)
    .subarray(0, Math.max(0, max))
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
}
