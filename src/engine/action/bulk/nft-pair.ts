/** The two nftables sets of our own action: one of addresses, hashed, and one of ranges; every element with the time that its ban has left. */
import { elementStatements, listedElements } from './nft-elements';
import { RangeBook } from './range-book';
import type { Place, PlaceChange } from './place';

export interface NftSets {
  readonly program: string;
  /** Family and name: `inet bailiff`. */
  readonly table: string;
  readonly addresses: string;
  readonly ranges: string;
}

const isRange = (element: string): boolean => /[/-]/.test(element);
const timed = (text: string, end: number | null, now: number): string =>
  end === null || end === Infinity ? text : `${text} timeout ${Math.max(1, Math.ceil(end - now))}s`;

export function nftPair({ program, table, addresses, ranges }: NftSets): Place {
  const book = new RangeBook();
  const [addressSet, rangeSet] = [`${table} ${addresses}`, `${table} ${ranges}`];
  let runAt = 0;

  /** To take out what may have ended meanwhile, or to give another time to it, it is put in first: then it is there. */
  function ofAddresses(changes: readonly PlaceChange[], now: number): string {
    const out = changes.filter(({ verb }) => verb !== 'add').map(({ element }) => element);
    const into = changes.filter(({ verb }) => verb !== 'remove').map(({ element, end }) => timed(element, end, now));
    return (
      elementStatements('add', addressSet, out) + elementStatements('delete', addressSet, out) + elementStatements('add', addressSet, into)
    );
  }

  function ofRanges(changes: readonly PlaceChange[], now: number): string {
    if (changes.length === 0) return '';
    const { anew, gone, come } = book.plan(changes, now);
    const out = anew ? `flush set ${rangeSet}\n` : elementStatements('delete', rangeSet, gone);
    const into = come.map(({ text, end }) => timed(text, end, now));
    return out + elementStatements('add', rangeSet, into);
  }

  return {
    key: `nft ${addressSet} ${ranges}`,
    tool: 'nft',
    program,
    within: table,
    keeps: true,
    most: 8000,
    // It is put in, taken out and put in again.
    undoing: 3,
    doubles: false,
    timed: true,
    run: (changes, now) => {
      runAt = now;
      const stdin =
        ofAddresses(
          changes.filter(({ element }) => !isRange(element)),
          now,
        ) +
        ofRanges(
          changes.filter(({ element }) => isRange(element)),
          now,
        );
      return { command: program, args: ['-f', '-'], stdin };
    },
    done: (changes) => {
      const ofBook = changes.filter(({ element }) => isRange(element));
      if (ofBook.length > 0) book.done(ofBook, runAt);
    },
    // Both sets at once would be the whole table, and with it those of all other jails.
    listings: [addresses, ranges].map((set) => ({ command: program, args: ['-j', 'list', 'set', ...table.split(' '), set] })),
    members: (outputs, now) => {
      const [single, pieces] = outputs.map((output) => listedElements(output, now));
      const inForce = book.inForce(pieces ?? new Map(), now);
      return new Map([...(single ?? []), ...inForce.map((range) => [range, null] as const)]);
    },
    adopt: (outputs, now) => book.adopt(listedElements(outputs[1] ?? '', now)),
    doubt: () => book.doubt(),
    emptied: () => book.clear(),
    removal: (element): PlaceChange => ({ verb: 'remove', element, text: element, end: null }),
  };
}
