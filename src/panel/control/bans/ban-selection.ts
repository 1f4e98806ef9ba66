/** Which bans fulfil a filter, in its order: worked out from as few bans as can be, and remembered until the list changes. */
import type { BanFilter } from './ban-board';
import type { BanDatabase } from './ban-database';
import type { BanEntry } from './ban-entry';
import type { BanIndex } from './ban-index';
import { Members } from './members';
import { comparer } from './ban-order';
import { inCountry, inJail, readSearch, type Condition, type LineSearch } from './ban-search';

/** Answers of each kind that are remembered. */
const REMEMBERED = 20;
/** Fewer bans than this are sorted by themselves; more are picked out of all in their order. */
const FEW = 500;
const NOBODY = new Members(0);

export class BanSelection {
  readonly #hits = new Remembered<Members>();
  readonly #selected = new Remembered<readonly BanEntry[]>();
  readonly #ordered = new Remembered<readonly BanEntry[]>();

  constructor(private readonly database: BanDatabase) {}

  /** Ascending. A database that fails holds no lines. */
  async select(index: BanIndex, filter: BanFilter): Promise<readonly BanEntry[]> {
    const { jail, country, sort, search } = filter;
    const conditions = [
      ...(jail === null ? [] : [inJail(jail)]),
      ...(country === null ? [] : [inCountry(country)]),
      ...readSearch(search, index.jails, index.countries),
    ];
    if (conditions.length === 0) return index.inOrder(sort);
    const key = JSON.stringify([jail, country, search]);
    const selected = await this.#selected.get(key, index.version, () => this.#fulfilling(index, conditions));
    return this.#ordered.get(`${sort} ${key}`, index.version, async () => {
      if (selected.length <= FEW) return [...selected].sort(comparer(sort));
      const members = new Members(index.places);
      for (const entry of selected) members.add(entry);
      return index.inOrder(sort).filter((entry) => members.has(entry));
    });
  }

  async #fulfilling(index: BanIndex, conditions: readonly Condition[]): Promise<readonly BanEntry[]> {
    const tests: ((entry: BanEntry) => boolean)[] = [];
    for (const { test, lines } of conditions) {
      const hits = lines === undefined ? NOBODY : await this.#holding(index, lines);
      tests.push((entry) => test(entry, hits));
    }
    return candidates(index, conditions).filter((entry) => tests.every((test) => test(entry)));
  }

  #holding(index: BanIndex, lines: LineSearch): Promise<Members> {
    return this.#hits.get(`${String(lines.whole)} ${lines.text}`, index.version, async () => {
      const names = await this.database.holding(lines).catch(() => []);
      const hits = new Members(index.places);
      for (const [jail, id] of names) {
        const entry = index.get(jail, id);
        if (entry !== null) hits.add(entry);
      }
      return hits;
    });
  }
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
