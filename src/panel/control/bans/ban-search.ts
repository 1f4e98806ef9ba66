/** What somebody typed into the search becomes a question to the rows, and texts to look for in the lines of the database. */
import { contains, isSingle, parseAddress, type Address } from '../../../model/address';
import { countryName } from '../geo/country-names';
import { keyBounds, type BanEntry } from './ban-entry';
import type { Members } from './members';

/** Characters that are looked at. */
const MAX_SEARCH = 200;

/** A piece of text, whatever its case, or a whole word: the name of a user, of which the database names only the first one. */
export interface LineSearch {
  readonly text: string;
  readonly whole: boolean;
}

/** @param hits of the `lines` of the same condition: the bans whose lines hold them */
type Test = (entry: BanEntry, hits: Members) => boolean;

export interface Condition {
  readonly test: Test;
  /** What is to be looked for in the lines of the bans first. */
  readonly lines?: LineSearch;
  /** Only bans between these keys, and ranges, can fulfil it. */
  readonly keys?: { readonly from: string; readonly to: string };
  /** Only bans of this jail can. */
  readonly jail?: string;
}

/**
 * Words that are addresses, ranges or `user:NAME` each narrow the list; the rest is one text: the name of a jail, a country by its code or name,
 * or else a piece of an address, of a network's name, of a reason, or of the matched lines.
 * @param jails names of the jails that have bans
 * @param countries codes of the countries that have some
 */
export function readSearch(search: string, jails: readonly string[], countries: readonly string[]): readonly Condition[] {
  const conditions: Condition[] = [];
  const rest: string[] = [];
  for (const word of search.slice(0, MAX_SEARCH).split(/\s+/)) {
    const address = parseAddress(word);
    if (address !== null) conditions.push(within(address));
    else if (/^user:./i.test(word)) conditions.push(ofUser(word.slice('user:'.length)));
    else if (word !== '') rest.push(word);
  }
  const phrase = rest.join(' ');
  if (phrase !== '') conditions.push(named(phrase, jails, countries) ?? holding(phrase));
  return conditions;
}

/** Of a jail. */
export function inJail(jail: string): Condition {
  return { jail, test: ({ row }) => row.jail === jail };
}

/** Of a country, by its code. */
export function inCountry(country: string): Condition {
  return { test: ({ row }) => row.place.country === country };
}

/** The address itself, ranges that hold it, and everything within a range. */
function within(wanted: Address): Condition {
  const keys = keyBounds(wanted);
  const holds = (range: Address | null): boolean => range !== null && isSingle(wanted) && contains(range, wanted);
  return { keys, test: ({ key, range }) => (key >= keys.from && key <= keys.to) || holds(range) };
}

function ofUser(name: string): Condition {
  return { lines: { text: name, whole: true }, test: (entry, hits) => entry.users.includes(name) || hits.has(entry) };
}

function named(phrase: string, jails: readonly string[], countries: readonly string[]): Condition | null {
  const wanted = phrase.toLowerCase();
  const jail = jails.find((name) => name.toLowerCase() === wanted);
  if (jail !== undefined) return inJail(jail);
  const country = countries.find((code) => code.toLowerCase() === wanted || countryName(code).toLowerCase() === wanted);
  return country === undefined ? null : inCountry(country);
}

function holding(text: string): Condition {
  const wanted = text.toLowerCase();
  return {
    lines: { text, whole: false },
    test: (entry, hits) => entry.words.includes(wanted) || hits.has(entry) || entry.users.includes(text),
  };
}
