/** Which bans fulfil a filter, in its order: worked out from as few bans as can be, and remembered until the list changes. */
import type { BanFilter } from './ban-board';
import { inJson, MOST_LOOKED_AT, type BanDatabase, type BanName } from './ban-database';
import type { BanEntry } from './ban-entry';
import type { BanIndex } from './ban-index';
import { Members } from './members';
import { comparer } from './ban-order';
import { inCountry, inJail, readSearch, type Condition, type LineSearch, type Wanted } from './ban-search';

/** Answers of each kind that are remembered. */
const REMEMBERED = 20;
/** Fewer bans than this are sorted by themselves; more are picked out of all in their order. */
const FEW = 500;

/** The bans that hold what was searched for. */
interface Hits {
  readonly entries: readonly BanEntry[];
  readonly members: Members;
}

export class BanSelection {
  readonly #hits = new Remembered<Hits>();
  readonly #selected = new Remembered<readonly BanEntry[]>();
  readonly #ordered = new Remembered<readonly BanEntry[]>();

  constructor(private readonly database: BanDatabase) {}

  /** Ascending. A database that fails holds no lines. */
  async select(index: BanIndex, filter: BanFilter): Promise<readonly BanEntry[]> {
    const { jail, country, sort, search } = filter;
    const wanted: readonly Wanted[] = [
      ...(jail === null ? [] : [inJail(jail)]),
      ...(country === null ? [] : [inCountry(country)]),
      ...readSearch(search, index.jails, index.countries),
    ];
    if (wanted.length === 0) return index.inOrder(sort);
    const key = JSON.stringify([jail, country, search]);
    const selected = await this.#selected.get(key, index.version, () => this.#fulfilling(index, wanted));
    return this.#ordered.get(`${sort} ${key}`, index.version, async () => {
      if (selected.length <= FEW) return [...selected].sort(comparer(sort));
      const members = membersOf(index, selected);
      return index.inOrder(sort).filter((entry) => members.has(entry));
    });
  }

  async #fulfilling(index: BanIndex, wanted: readonly Wanted[]): Promise<readonly BanEntry[]> {
    const conditions = wanted.filter((one): one is Condition => 'test' in one);
    const searches = wanted.filter((one): one is LineSearch => 'text' in one);
    const hits: Hits[] = [];
    for (const search of searches) hits.push(await this.#holding(index, search));
    const [first, ...others] = hits;
    const tests = [
      ...conditions.map(({ test }) => test),
      ...others.map(
        ({ members }) =>
          (entry: BanEntry) =>
            members.has(entry),
      ),
    ];
    const found = first?.entries ?? candidates(index, conditions);
    return tests.reduce((entries, test) => entries.filter(test), found);
  }

  #holding(index: BanIndex, search: LineSearch): Promise<Hits> {
    return this.#hits.get(`${String(search.whole)} ${search.text}`, index.version, async () => {
      const lines = await this.#withLines(index, search);
      const words = [...index.words.holding(search.text.toLowerCase())];
      const named = search.whole ? words.filter(({ users }) => users.includes(search.text)) : words;
      const members = membersOf(index, lines);
      const more = named.filter((entry) => !members.has(entry));
      for (const entry of more) members.add(entry);
      return { entries: [...lines, ...more], members };
    });
  }

  /** The bans whose lines hold a text: looked for in memory, or in the database where the lines are too many to be kept. */
  async #withLines(index: BanIndex, search: LineSearch): Promise<readonly BanEntry[]> {
    const entriesOf = (names: readonly BanName[]): BanEntry[] =>
      names.map(([jail, id]) => index.get(jail, id)).filter((entry) => entry !== null);
    if (index.lines.isFull) return entriesOf(await this.database.holding(search).catch(() => []));
    const entries = [...index.lines.holding(inJson(search.text))];
    if (!search.whole || entries.length > MOST_LOOKED_AT) return entries;
    const names = entries.map(({ row }): BanName => [row.jail, row.id]);
    return entriesOf(await this.database.withWord(names, search.text).catch(() => []));
  }
}

function membersOf(index: BanIndex, entries: readonly BanEntry[]): Members {
  const members = new Members(index.places);
  for (const entry of entries) members.add(entry);
  return members;
}

/** All that may fulfil the conditions. */
function candidates(index: BanIndex, conditions: readonly Condition[]): readonly BanEntry[] {
  const keys = conditions.find((condition) => condition.keys !== undefined)?.keys;
  if (keys !== undefined) return index.between(keys.from, keys.to);
  const jail = conditions.find((condition) => condition.jail !== undefined)?.jail;
  return jail === undefined ? index.inOrder('address') : index.ofJail(jail);
}

/** The last answers to questions about one version of the list; those of an older version are forgotten. */
class Remembered<T> {
  readonly #answers = new Map<string, { readonly version: number; readonly answer: Promise<T> }>();

  get(key: string, version: number, make: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(key);
    if (known?.version === version) return known.answer;
    const answer = make();
    this.#answers.delete(key);
    for (const [other, { version: old }] of this.#answers) if (old !== version) this.#answers.delete(other);
    if (this.#answers.size >= REMEMBERED) this.#answers.delete(this.#answers.keys().next().value ?? '');
    this.#answers.set(key, { version, answer });
    return answer;
  }
}
