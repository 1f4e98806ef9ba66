/** What somebody typed into the search becomes a question to the rows, and a text to look for in the lines of the database. */
import { contains, isSingle, parseAddress, type Address } from '../../../model/address';
import { countryName } from '../geo/country-names';
import { keyBounds, type BanEntry } from './ban-entry';

/** Characters that are looked at. */
const MAX_SEARCH = 200;

export interface BanSearch {
  /** What is to be looked for in the lines of the bans. */
  readonly wanted: readonly LineSearch[];
  /** @param inLines whether the lines of this ban have the one that is wanted */
  matches(entry: BanEntry, inLines: InLines): boolean;
}

/** A piece of text, whatever its case, or a whole word: the name of a user, of which the database names only the first one. */
export interface LineSearch {
  readonly text: string;
  readonly whole: boolean;
}

type InLines = (wanted: LineSearch) => boolean;
type Test = (entry: BanEntry, inLines: InLines) => boolean;

/**
 * Words that are addresses, ranges or `user:NAME` each narrow the list; the rest is one text: the name of a jail, a country by its code or name,
 * or else a piece of an address, of a network's name, of a reason, or of the matched lines.
 * @param jails names of the jails that have bans
 * @param countries codes of the countries that have some
 */
export function readSearch(search: string, jails: readonly string[], countries: readonly string[]): BanSearch {
  const tests: Test[] = [];
  const rest: string[] = [];
  const wanted: LineSearch[] = [];
  const inLinesOr = (search: LineSearch, test: Test): void => {
    wanted.push(search);
    tests.push((entry, inLines) => test(entry, inLines) || inLines(search));
  };
  for (const word of search.slice(0, MAX_SEARCH).split(/\s+/)) {
    const address = parseAddress(word);
    if (address !== null) tests.push(within(address));
    else if (/^user:./i.test(word)) inLinesOr(...ofUser(word.slice('user:'.length)));
    else if (word !== '') rest.push(word);
  }
  const phrase = rest.join(' ');
  const plain = phrase === '' ? null : named(phrase, jails, countries);
  if (plain !== null) tests.push(plain);
  else if (phrase !== '') inLinesOr({ text: phrase, whole: false }, holding(phrase));
  return { wanted, matches: (entry, inLines) => tests.every((test) => test(entry, inLines)) };
}

/** The address itself, ranges that hold it, and everything within a range. */
function within(wanted: Address): Test {
  const { from, to } = keyBounds(wanted);
  return ({ key, row }) => {
    if (key >= from && key <= to) return true;
    if (!row.id.includes('/') || !isSingle(wanted)) return false;
    const range = parseAddress(row.id);
    return range !== null && contains(range, wanted);
  };
}

function ofUser(name: string): [LineSearch, Test] {
  return [{ text: name, whole: true }, ({ users }) => users.includes(name)];
}

function named(phrase: string, jails: readonly string[], countries: readonly string[]): Test | null {
  const jail = jails.find((name) => name.toLowerCase() === phrase.toLowerCase());
  if (jail !== undefined) return ({ row }) => row.jail === jail;
  const wanted = phrase.toLowerCase();
  const country = countries.find((code) => code.toLowerCase() === wanted || countryName(code).toLowerCase() === wanted);
  return country === undefined ? null : ({ row }) => row.place.country === country;
}

function holding(text: string): Test {
  const wanted = text.toLowerCase();
  return ({ row, users }) =>
    row.id.includes(wanted) ||
    (row.place.network?.toLowerCase().includes(wanted) ?? false) ||
    (row.manual?.reason.toLowerCase().includes(wanted) ?? false) ||
    users.includes(text);
}
