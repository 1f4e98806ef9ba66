/** Tells where in a line its date, the address and the user stand, from the matches that found them. */
import type { Span } from '../../model/filter-test';
import type { PatternMatch } from '../../regex/pattern';
import type { LineDate } from './date-reader';
import { type LineParts, textOfParts } from './line-buffer';
import type { Hit } from './match-line';

export interface HitSpans {
  readonly address: Span | null;
  readonly user: Span | null;
}

/** Where the date stands in a line; null when it bears none of its own. */
export function dateSpan(line: string, { before, date }: Pick<LineDate, 'before' | 'date'>): Span | null {
  return date !== '' && line.startsWith(before + date) ? [before.length, date.length] : null;
}

/**
 * Where the address and the user of a hit stand in one of the lines that were searched. Of patterns compiled with offsets only.
 * @param prefix the match of the prefregex, if there is one
 * @param dated whether the date of the line stands in it: one that it was only given (by the journal, by the line before) takes no place
 */
export function hitSpans({ found, searched }: Hit, prefix: PatternMatch | null, line: LineParts, dated: boolean): HitSpans {
  const content = prefix === null ? null : spanIn(prefix, ['content']);
  const inLine = (names: readonly string[]): Span | null => {
    const own = spanIn(found, names);
    const place = own === null ? (prefix === null ? null : spanIn(prefix, names)) : shifted(own, content?.[0] ?? 0);
    return place === null ? null : placeInLine(place, searched, line, dated);
  };
  return { address: inLine(['ip4', 'ip6', 'dns']) ?? inLine(['fid']), user: inLine(['user']) };
}

type Place = readonly [start: number, end: number];

const shifted = ([start, end]: Place, by: number): Place => [start + by, end + by];

/** The first of the groups that took a part of the text, or of those that fill in for them (`alt_user`). */
function spanIn(match: PatternMatch, names: readonly string[]): Place | null {
  const all = Object.keys(match.groups());
  for (const name of names) {
    const stand = all.filter((other) => other.replace(/_\d+$/, '') === `alt_${name}`).sort();
    for (const group of [name, ...stand]) {
      const span = all.includes(group) ? match.span(group) : null;
      if (span !== null && span[1] > span[0]) return span;
    }
  }
  return null;
}

/** A place in the text that was searched as a span of one line, with the date that was cut out of it. */
function placeInLine([start, end]: Place, searched: readonly LineParts[], line: LineParts, dated: boolean): Span | null {
  let from = 0;
  for (const parts of searched) {
    const text = textOfParts(parts);
    if (parts !== line) {
      from += text.length + 1;
      continue;
    }
    if (start < from || end > from + text.length) return null;
    const before = parts[0].length;
    const cut = dated ? parts[1].length : 0;
    const begin = start - from + (start - from < before ? 0 : cut);
    return [begin, end - from + (end - from <= before ? 0 : cut) - begin];
  }
  return null;
}
