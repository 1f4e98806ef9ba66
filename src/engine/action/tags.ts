/** Tags in a text, `<name>`, replaced from a dictionary again and again until none is left that the dictionary knows (jail.conf(5)). */
import { AppError } from '../../base/errors';

/** How often one tag is replaced within one text: more is a definition that contains itself. */
const MAX_REPLACEMENTS = 25;
/** A text that grows over this, characters, would not fit into a command. */
const MAX_LENGTH = 262144;

/** The innermost tag from `lastIndex` on: anything but angle brackets and blanks between angle brackets. */
const TAG = /<([^<> ]+)>/g;

/** The value of a tag; null when it is not known here and is left as it stands. */
export type TagLookup = (tag: string) => string | null;

/**
 * Replaces tags, innermost first, so that `<n<one>>` becomes `<n1>` and then its value; values are searched for tags again.
 * @param own the name of the entry that the text belongs to, which it must not contain
 * Throws an AppError (ACTION_FAILED) when tags contain themselves or the text grows without end.
 */
export function replaceTags(text: string, lookup: TagLookup, own: string | null = null): string {
  const counts = new Map<string, number>();
  let result = text;
  let replaced: boolean;
  do [result, replaced] = onePass(result, lookup, own, counts);
  while (replaced);
  return result;
}

function onePass(text: string, lookup: TagLookup, own: string | null, counts: Map<string, number>): [result: string, replaced: boolean] {
  let result = text;
  let replaced = false;
  let from = 0;
  for (;;) {
    TAG.lastIndex = from;
    const match = TAG.exec(result);
    const tag = match?.[1];
    if (match === null || tag === undefined) return [result, replaced];
    const value = lookup(tag);
    if (value === null) {
      from = match.index + match[0].length;
      continue;
    }
    const count = (counts.get(tag) ?? 0) + 1;
    counts.set(tag, count);
    if (tag === own || count > MAX_REPLACEMENTS) throw selfReference(tag, text);
    // What stands before the match may contain the same tag only if it was left alone there, so all of them go at once.
    result = result.replaceAll(match[0], () => value);
    from = match.index;
    replaced = true;
    if (result.length > MAX_LENGTH) throw new AppError('ACTION_FAILED', `tag <${tag}> makes a text longer than ${MAX_LENGTH} characters`);
  }
}

function selfReference(tag: string, text: string): AppError {
  return new AppError(
    'ACTION_FAILED',
    `properties contain self referencing definitions and cannot be resolved, fail to set: ${text.slice(0, 200)} (tag <${tag}>)`,
  );
}
