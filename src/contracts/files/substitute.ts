/** The static `<tag>`s of a definition's options, replaced by other options until nothing is left that anybody defines. */

/** How often one tag may be replaced within one option before it counts as endless. */
const MAX_ROUNDS = 25;
const MAX_LENGTH = 1 << 20;
/** The innermost tag: `<n<one>>` is first `<one>`. */
const TAG = /<([^<> ]+)>/g;

/** Options that name each other in a circle. */
export class SubstitutionError extends Error {
  constructor(
    readonly option: string,
    reason: string,
  ) {
    super(reason);
    this.name = 'SubstitutionError';
  }
}

/**
 * A copy of `options` with their tags replaced. Tags and options in `keep` stay, and tags that neither `options` nor `fallback` knows (the dynamic ones).
 * Throws SubstitutionError.
 */
export function substituteTags(
  options: ReadonlyMap<string, string>,
  keep: ReadonlySet<string>,
  fallback: (tag: string) => string | undefined,
): Map<string, string> {
  const result = new Map(options);
  const counts = new Map<string, Map<string, number>>();
  let open = [...result.keys()].filter((name) => !keep.has(name));
  while (open.length > 0) {
    open = open.filter((name) => {
      const before = result.get(name) ?? '';
      const count = counts.get(name) ?? new Map<string, number>();
      counts.set(name, count);
      const after = substituteOne(name, before, count, keep, (tag) => result.get(tag) ?? fallback(tag));
      result.set(name, after);
      return after !== before && after.search(TAG) >= 0;
    });
  }
  return result;
}

function substituteOne(
  name: string,
  text: string,
  counts: Map<string, number>,
  keep: ReadonlySet<string>,
  valueOf: (tag: string) => string | undefined,
): string {
  let from = 0;
  for (;;) {
    TAG.lastIndex = from;
    const match = TAG.exec(text);
    if (match === null) return text;
    const tag = match[1] ?? '';
    from = match.index + match[0].length;
    if (keep.has(tag)) continue;
    const count = counts.get(tag) ?? 0;
    if (tag === name || count > MAX_ROUNDS) {
      throw new SubstitutionError(name, `'${name}' contains <${tag}>, which leads back to itself and cannot be resolved`);
    }
    const value = valueOf(tag);
    if (value === undefined) continue;
    counts.set(tag, count + 1);
    const parts = text.split(match[0]);
    // Reckoned before it is made: a long value in the place of many tags would not fit into memory.
    if (text.length + (parts.length - 1) * (value.length - match[0].length) > MAX_LENGTH) {
      throw new SubstitutionError(name, `'${name}' grows to more than a million characters by its tags`);
    }
    text = parts.join(value);
    from = match.index;
  }
}
