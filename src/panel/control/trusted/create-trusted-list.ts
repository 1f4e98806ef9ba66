/** Makes the TrustedList: words go into ignoreip by edits, which the running server follows; what people tell about them goes into the notebook. */
import type { Clock } from '../../../base/clock';
import { AppError, messageOf } from '../../../base/errors';
import type { Resolver } from '../../../base/resolver';
import { readIgnoreWord } from '../../../contracts/files/ignoreip';
import { contains, parseAddress } from '../../../model/address';
import { formatProblem } from '../../../model/problem';
import type { ItemResult } from '../bans/ban-desk';
import type { Edit, Editor } from '../editor/editor';
import { jailNames } from '../editor/jail-views';
import { OneAtATime } from '../editor/one-at-a-time';
import type { SnapshotKeeper } from '../editor/snapshot';
import { checkEntry, entryKey } from './check-entry';
import { addressesOfNames, wordsOfFile } from './entry-addresses';
import { defaultList, type IgnoreList, isApart, jailList, withoutWord, withWord } from './ignore-lists';
import type { NewTrusted, TrustedEntry, TrustedList } from './trusted';
import type { TrustedNotes } from './trusted-notes';

export interface TrustedDeps {
  /** Of the configuration folder; the editor's. */
  readonly keeper: SnapshotKeeper;
  readonly editor: Pick<Editor, 'apply' | 'stamp'>;
  readonly notes: TrustedNotes;
  readonly resolver: Pick<Resolver, 'addressesOf'>;
  readonly clock: Pick<Clock, 'after'>;
}

/** Items of one call. */
const MOST = 10_000;
const MOST_NOTE = 2000;

interface Item {
  readonly entry: string;
  readonly jail: string | null;
}

/** By their jail; null: everywhere. */
type Lists = ReadonlyMap<string | null, { readonly list: IgnoreList; raw: string | null }>;

/** What became of an item before anything is written. */
type Wish<T extends Item> = { readonly item: T; readonly entry: string } | { readonly item: T; readonly refusal: string };

export function createTrustedList({ keeper, editor, notes, resolver, clock }: TrustedDeps): TrustedList {
  const queue = new OneAtATime(Promise.resolve());

  function allLists(): readonly IgnoreList[] {
    const snapshot = keeper.get();
    return [defaultList(snapshot), ...jailNames(snapshot).map((jail) => jailList(snapshot, jail))];
  }

  async function list(): Promise<readonly TrustedEntry[]> {
    const lists = allLists();
    const told = new Map((await notes.trusted()).map((note) => [keyOf(note), note]));
    const names = lists.flatMap(({ words }) => words.map(({ word }) => word).filter((word) => readIgnoreWord(word).kind === 'name'));
    const addresses = await addressesOfNames(names, resolver, clock);
    return lists.flatMap(({ jail, words }) =>
      words.map(({ word, file, line }): TrustedEntry => {
        const { note = '', who = null, added = null, end = null } = told.get(keyOf({ entry: word, jail })) ?? {};
        const kind = kindOf(word);
        return {
          entry: word,
          kind,
          jail,
          note,
          who,
          added,
          end,
          resolved: kind === 'name' ? (addresses.get(word) ?? []) : null,
          file,
          line,
        };
      }),
    );
  }

  /** Lists by their jail as the edits so far leave them. */
  function working(): Lists {
    return new Map(allLists().map((one) => [one.jail, { list: one, raw: one.raw }]));
  }

  /** Carries out on the files what was wished; returns why not, null when it is done. */
  async function write(lists: Lists, stamp: string, who: string, what: string): Promise<string | null> {
    const edits = [...lists].flatMap(
      ([
        jail,
        {
          list: { raw: before },
          raw,
        },
      ]): readonly Edit[] => {
        if (raw === before || raw === null) return [];
        return [jail === null ? { kind: 'defaults', options: { ignoreip: raw } } : { kind: 'jail', jail, options: { ignoreip: raw } }];
      },
    );
    if (edits.length === 0) return null;
    try {
      const { ok, message, problems } = await editor.apply(edits, { who, client: '', what, stamp });
      const [error] = problems.filter(({ severity }) => severity === 'error');
      return ok ? null : (message ?? (error === undefined ? 'it could not be written' : formatProblem(error)));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return error.message;
    }
  }

  async function add(entries: readonly NewTrusted[], who: string, now: number): Promise<readonly ItemResult[]> {
    const stamp = await editor.stamp();
    const lists = working();
    const wishes = entries.map((item, index) => wishOf(item, lists, now, index));
    for (const everywhere of [true, false]) {
      for (const wish of wishes) if ((wish.item.jail === null) === everywhere && 'entry' in wish) put(lists, wish.item.jail, wish.entry);
    }
    const failure = await write(lists, stamp, who, told('trusted', wishes));
    return Promise.all(
      wishes.map(async (wish) => {
        if ('refusal' in wish || failure !== null) return resultOf(wish.item, 'refusal' in wish ? wish.refusal : failure);
        const { note, end, jail } = wish.item;
        return resultOf(wish.item, await noted(() => notes.putTrusted({ entry: wish.entry, jail, note, who, added: now, end })));
      }),
    );
  }

  async function remove<T extends Item>(items: readonly T[], who: string, what: string): Promise<readonly ItemResult[]> {
    const stamp = await editor.stamp();
    const lists = working();
    const wishes = items.map((item): Wish<T> => {
      const one = lists.get(item.jail);
      if (one === undefined) return { item, refusal: noJail(item.jail) };
      const found = one.list.words.filter(({ word }) => entryKey(word) === entryKey(item.entry));
      const foreign = found.find(({ plain }) => !plain);
      if (foreign !== undefined)
        return { item, refusal: `it comes from another option, named in ${foreign.file}, line ${foreign.line}: edit it there` };
      if (found.length === 0) return { item, refusal: 'it is not trusted there' };
      one.raw = withoutWord(one.raw ?? '', item.entry);
      return { item, entry: entryKey(item.entry) };
    });
    const failure = await write(lists, stamp, who, told(what, wishes));
    return Promise.all(
      wishes.map(async (wish) => {
        if ('refusal' in wish || failure !== null) return resultOf(wish.item, 'refusal' in wish ? wish.refusal : failure);
        return resultOf(wish.item, await noted(() => notes.removeTrusted(wish.entry, wish.item.jail)));
      }),
    );
  }

  async function isTrusted(text: string): Promise<boolean> {
    const address = parseAddress(text);
    if (address === null) return false;
    const holdsIt = (words: readonly string[]): boolean =>
      words.some((word) => {
        const range = parseAddress(word);
        return range !== null && contains(range, address);
      });
    const read = defaultList(keeper.get()).words.map(({ word }) => readIgnoreWord(word));
    const plain = read.flatMap((word) => (word.kind === 'file' ? wordsOfFile(word.path) : word.kind === 'address' ? [word.word] : []));
    if (holdsIt(plain)) return true;
    const names = read.flatMap((word) => (word.kind === 'name' ? [word.word] : []));
    return holdsIt([...(await addressesOfNames(names, resolver, clock)).values()].flat());
  }

  async function expire(now: number): Promise<readonly string[]> {
    const due = (await notes.trusted()).filter(({ end }) => end !== null && end <= now);
    if (due.length === 0) return [];
    const there = new Set(allLists().flatMap(({ jail, words }) => words.map(({ word }) => keyOf({ entry: word, jail }))));
    const gone = due.filter((note) => !there.has(keyOf(note)));
    for (const { entry, jail } of gone) await notes.removeTrusted(entry, jail);
    const results = await remove(
      due.filter((note) => there.has(keyOf(note))),
      'bailiff',
      'trusted no longer, its time is over',
    );
    return results.filter(({ ok }) => ok).map(({ id }) => id);
  }

  return {
    list,
    add: (entries, who, now) => queue.run(() => add(entries, who, now)),
    remove: (entries, who) => queue.run(() => remove(entries, who, 'trusted no longer')),
    apart: () => Promise.resolve(allLists().flatMap((one) => (isApart(one) ? [one.jail ?? ''] : []))),
    isTrusted,
    expire: (now) => queue.run(() => expire(now)),
  };

  function wishOf(item: NewTrusted, lists: Lists, now: number, index: number): Wish<NewTrusted> {
    if (index >= MOST) return { item, refusal: `it is one too many: ${MOST} are added at once` };
    const checked = checkEntry(item.entry);
    if ('refusal' in checked) return { item, refusal: checked.refusal };
    if (!lists.has(item.jail)) return { item, refusal: noJail(item.jail) };
    if (item.note.length > MOST_NOTE) return { item, refusal: `the note is longer than ${MOST_NOTE} characters` };
    if (item.end !== null && !(Number.isFinite(item.end) && item.end > now)) return { item, refusal: 'its end is not in the future' };
    return { item, entry: checked.entry };
  }
}

/** A jail's new list goes on following what is trusted everywhere. */
function put(lists: Lists, jail: string | null, entry: string): void {
  const one = lists.get(jail);
  const everywhere = lists.get(null);
  if (one === undefined || everywhere === undefined || holds(one, entry)) return;
  if (jail !== null && one.raw === null) everywhere.raw ??= '';
  one.raw = withWord(one.raw, entry, jail === null ? '' : '%(default/ignoreip)s');
}

function holds({ list, raw }: { readonly list: IgnoreList; readonly raw: string | null }, entry: string): boolean {
  const words = [...list.words.map(({ word }) => word), ...(raw ?? '').split(/[\s,]+/)];
  return words.some((word) => word !== '' && entryKey(word) === entry);
}

function kindOf(word: string): TrustedEntry['kind'] {
  const { kind } = readIgnoreWord(word);
  if (kind === 'file' || kind === 'name') return kind;
  const address = parseAddress(word);
  return address !== null && address.prefix < address.bytes.length * 8 ? 'range' : 'address';
}

function keyOf({ entry, jail }: Item): string {
  return JSON.stringify([entryKey(entry), jail]);
}

function noJail(jail: string | null): string {
  return `there is no jail '${(jail ?? '').slice(0, 80)}'`;
}

function resultOf({ entry, jail }: Item, message: string | null): ItemResult {
  return { id: entry, jail: jail ?? '', ok: message === null, message };
}

/** The files are written then: what the notebook does not take is told. */
async function noted(task: () => Promise<void>): Promise<string | null> {
  return task().then(
    () => null,
    (error: unknown) => `it is done, but cannot be noted: ${messageOf(error)}`,
  );
}

function told(what: string, wishes: readonly Wish<Item>[]): string {
  return `${what}: ${wishes.flatMap((wish) => ('entry' in wish ? [wish.entry] : [])).join(', ')}`;
}
