/** What somebody typed into the search becomes conditions of the bans, and texts to look for in what is known of them. */
import { contains, isSingle, parseAddress, type Address } from '../../../model/address';
import { countryName } from '../geo/country-names';
import { keyBounds, type BanEntry } from './ban-entry';
import type { BanIndex } from './ban-index';
import type { Members } from './members';

/** Characters that are looked at. */
const MAX_SEARCH = 200;

/** A piece of text, whatever its case: of an id, a network, a reason, or all that is written of a ban; or the whole name of a user, of which the database names only the first one. */
export interface LineSearch {
  readonly text: string;
  readonly whole: boolean;
}

/** Finds those that fulfil it. */
export type Condition = (index: BanIndex) => Members;

export type Wanted = Condition | LineSearch;

/**
 * Words that are addresses, ranges or `user:NAME` each narrow the list; the rest is one text: the name of a jail, a country by its code or name,
 * or else a piece of an address, of a network's name, of a reason, or of the matched lines.
 * @param jails names of the jails that have bans
 * @param countries codes of the countries that have some
 */
export function readSearch(search: string, jails: readonly string[], countries: readonly string[]): readonly Wanted[] {
  const conditions: Wanted[] = [];
  const rest: string[] = [];
  for (const word of search.slice(0, MAX_SEARCH).split(/\s+/)) {
    const address = parseAddress(word);
    if (address !== null) conditions.push(within(address));
    else if (/^user:./i.test(word)) conditions.push({ text: word.slice('user:'.length), whole: true });
    else if (word !== '') rest.push(word);
  }
  const phrase = rest.join(' ');
  if (phrase !== '') conditions.push(named(phrase, jails, countries) ?? { text: phrase, whole: false });
  return conditions;
}

/** Of a jail. */
export function inJail(jail: string): Condition {
  return valued('jail', jail, ({ row }) => row.jail);
}

/** Of a country, by its code. */
export function inCountry(country: string): Condition {
  return valued('country', country, ({ row }) => row.place.country ?? '');
}

function valued(sort: 'jail' | 'country', wanted: string, of: (entry: BanEntry) => string): Condition {
  return (index) =>
    index.stretch(
      sort,
      (entry) => of(entry) >= wanted,
      (entry) => of(entry) > wanted,
    );
}

/** The address itself, ranges that hold it, and everything within a range. */
function within(wanted: Address): Condition {
  const { from, to } = keyBounds(wanted);
  return (index) => {
    const members = index.stretch(
      'address',
      ({ key }) => key >= from,
      ({ key }) => key > to,
    );
    if (!isSingle(wanted)) return members;
    for (const { range, place } of index.ranges) if (range !== null && contains(range, wanted)) members.add(place);
    return members;
  };
}

function named(phrase: string, jails: readonly string[], countries: readonly string[]): Condition | null {
  const wanted = phrase.toLowerCase();
  const jail = jails.find((name) => name.toLowerCase() === wanted);
  if (jail !== undefined) return inJail(jail);
  const country = countries.find((code) => code.toLowerCase() === wanted || countryName(code).toLowerCase() === wanted);
  return country === undefined ? null : inCountry(country);
}
