/** Which bans fulfil a filter, in its order; what was found by a text is remembered until the list changes. */
import type { BanFilter } from './ban-board';
import { inJson, MOST_LOOKED_AT, type BanDatabase, type BanName } from './ban-database';
import type { BanIndex } from './ban-index';
import type { BanRows } from './ban-rows';
import { inCountry, inJail, readSearch, type LineSearch, type Wanted } from './ban-search';
import type { Members } from './members';

/** Texts whose bans are remembered. */
const REMEMBERED = 20;

export class BanSelection {
  /** By the text; all of one version of the list. */
  readonly #found = new Map<string, Promise<Members>>();
  #version = -1;

  constructor(private readonly database: BanDatabase) {}

  /** Ascending. A database that fails holds no lines. */
  async select(index: BanIndex, filter: BanFilter): Promise<BanRows> {
    const { jail, country, sort, search } = filter;
    const wanted: readonly Wanted[] = [
      ...(jail === null ? [] : [inJail(jail)]),
      ...(country === null ? [] : [inCountry(country)]),
      ...readSearch(search, index.jails, index.countries),
    ];
    const { entries } = index;
    let rows = index.inOrder(sort);
    for (const one of wanted) {
      const members = typeof one === 'function' ? one(index) : await this.#holding(index, one);
      // What was found has places of its own when they were given anew meanwhile.
      if (index.entries !== entries) return this.select(index, filter);
      rows = rows.only(members);
    }
    return rows;
  }

  /** The bans that hold what was searched for. */
  #holding(index: BanIndex, search: LineSearch): Promise<Members> {
    if (this.#version !== index.version || this.#found.size >= REMEMBERED) this.#found.clear();
    this.#version = index.version;
    const key = `${String(search.whole)} ${search.text}`;
    const found = this.#found.get(key) ?? this.#find(index, search);
    this.#found.set(key, found);
    return found;
  }

  async #find(index: BanIndex, search: LineSearch): Promise<Members> {
    const lines = await this.#inLines(index, search);
    const words = index.nobody();
    index.words.find(search.text.toLowerCase(), words);
    if (!search.whole) {
      lines.join(words);
      return lines;
    }
    for (const place of words.places()) if (index.entries[place]?.users.includes(search.text) === true) lines.add(place);
    return lines;
  }

  /** The bans whose lines hold a text: looked for in memory, or in the database where the lines are too many to be kept. */
  async #inLines(index: BanIndex, search: LineSearch): Promise<Members> {
    const named = (names: readonly BanName[]): Members => {
      const members = index.nobody();
      for (const [jail, id] of names) {
        const entry = index.get(jail, id);
        if (entry !== null) members.add(entry.place);
      }
      return members;
    };
    if (index.lines.isFull) return named(await this.database.holding(search).catch(() => []));
    const members = index.nobody();
    index.lines.find(inJson(search.text), members);
    if (!search.whole) return members;
    const places = members.places(MOST_LOOKED_AT + 1);
    if (places.length > MOST_LOOKED_AT) return members;
    const names = places.flatMap((place): BanName[] => {
      const row = index.entries[place]?.row;
      return row === undefined ? [] : [[row.jail, row.id]];
    });
    return named(await this.database.withWord(names, search.text).catch(() => []));
  }
}
