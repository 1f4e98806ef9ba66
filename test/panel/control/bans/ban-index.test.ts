/** The list of bans in memory while thousands come, go and change: orders and searches are those of a plain sort and filter of all. */
import type { BannedAddress } from '../../../../src/model/status';
import { BAN_SORTS, type BanFilter, type BanSort, type ManualBanInfo } from '../../../../src/panel/control/bans/ban-board';
import { BanDatabase } from '../../../../src/panel/control/bans/ban-database';
import { type BanFacts, keyOf } from '../../../../src/panel/control/bans/ban-entry';
import { BanIndex, type RowSources } from '../../../../src/panel/control/bans/ban-index';
import type { BanRows } from '../../../../src/panel/control/bans/ban-rows';
import { BanSelection } from '../../../../src/panel/control/bans/ban-selection';
import { NOWHERE } from '../../../../src/panel/control/geo/geo';
import { systemClock } from '../../../../src/base/clock';
import { drawer } from '../../../support/attack-history';

const draw = drawer(23);
const below = (most: number): number => Math.floor(draw() * most);
const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
const JAILS = ['sshd', 'web', 'mail'];
const COUNTRIES = ['DE', 'US', null];
const idOf = (number: number): string =>
  number % 9 === 0
    ? `2001:db8::${number.toString(16)}`
    : number % 31 === 0
      ? `10.${number & 255}.0.0/16`
      : `10.${number & 255}.${number >> 8}.${number % 7}`;

/** What is known of each ban, apart from the list. */
interface Known {
  readonly ban: BannedAddress;
  readonly facts: BanFacts | null;
  readonly manual: ManualBanInfo | null;
}

const place = (id: string): typeof NOWHERE => ({ ...NOWHERE, country: COUNTRIES[id.length % 3] ?? null, network: `Net ${id.length}` });

function drawBan(jail: string, id: string): Known {
  const failures = below(5);
  const user = pick(['Root', 'admin', 'bob']);
  const text = Buffer.from(JSON.stringify({ matches: [`Failed for ${user} from ${id}`, `"${below(50)}"`], failures, user }));
  return {
    ban: { jail, id, time: 1_700_000_000 + below(1000), bantime: draw() < 0.1 ? -1 : 600 + below(5) },
    facts: draw() < 0.1 ? null : { failures, times: 1 + below(3), users: [user], text },
    manual: draw() < 0.05 ? { who: 'admin', reason: 'Spam WAVE', until: null } : null,
  };
}

const all = new Map<string, Known>();
const nameOf = (jail: string, id: string): string => `${jail} ${id}`;
/** Bans of which the database tells nothing this time. */
const silent = new Set<string>();
const sources = (jail: string): RowSources => ({
  place,
  facts: (id) => (silent.has(nameOf(jail, id)) ? null : (all.get(nameOf(jail, id))?.facts ?? null)),
  manual: (id) => all.get(nameOf(jail, id))?.manual ?? null,
});

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const VALUES: Readonly<Record<BanSort, (known: Known) => number | string>> = {
  address: () => 0,
  jail: ({ ban }) => ban.jail,
  country: ({ ban }) => place(ban.id).country ?? '',
  since: ({ ban }) => ban.time,
  left: ({ ban }) => (ban.bantime === -1 ? Infinity : ban.time + ban.bantime),
  failures: ({ facts }) => facts?.failures ?? -1,
  times: ({ facts }) => facts?.times ?? -1,
};

function plainly(sort: BanSort, fulfils: (known: Known) => boolean): string[] {
  const value = VALUES[sort];
  return [...all.values()]
    .filter(fulfils)
    .sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      return (x < y ? -1 : x > y ? 1 : 0) || compareText(keyOf(a.ban.id), keyOf(b.ban.id)) || compareText(a.ban.jail, b.ban.jail);
    })
    .map(({ ban }) => nameOf(ban.jail, ban.id));
}

const named = (rows: BanRows): string[] => rows.slice(0, rows.length).map(({ row }) => nameOf(row.jail, row.id));
const filterOf = (sort: BanSort, search: string): BanFilter => ({ sort, search, jail: null, country: null, descending: false });

const holds =
  (piece: string) =>
  ({ ban, facts, manual }: Known): boolean => {
    const wanted = piece.toLowerCase();
    return [ban.id, place(ban.id).network ?? '', manual?.reason ?? '', facts?.text.toString() ?? '', ...(facts?.users ?? [])].some((text) =>
      text.toLowerCase().includes(wanted),
    );
  };

const SEARCHES: readonly (readonly [string, (known: Known) => boolean])[] = [
  ['bob from', holds('bob from')],
  ['10.4', holds('10.4')],
  ['net 1', holds('net 1')],
  ['spam wave', holds('spam wave')],
  ['nowhere', holds('nowhere')],
  ['web', ({ ban }) => ban.jail === 'web'],
  ['united states', ({ ban }) => place(ban.id).country === 'US'],
  ['2001:db8::/32', ({ ban }) => ban.id.startsWith('2001:')],
  ['de FAILED', holds('de failed')],
  ['2001:db8::/32 ROOT', (known) => known.ban.id.startsWith('2001:') && holds('root')(known)],
];

it('stands as a plain sort and filter of all would have it, after each change', async () => {
  const index = new BanIndex();
  const selection = new BanSelection(new BanDatabase(() => Promise.resolve(null), systemClock));
  for (let round = 0; round < 60; round++) {
    const jail = pick(JAILS);
    if (draw() < 0.15) {
      for (const [name, { ban }] of all) if (ban.jail === jail && draw() < 0.5) all.delete(name);
      for (let more = below(400); more > 0; more--) {
        const id = idOf(below(3000));
        all.set(nameOf(jail, id), drawBan(jail, id));
      }
      const bans = [...all.values()].map(({ ban }) => ban).filter((ban) => ban.jail === jail);
      index.replaceJail(jail, bans, sources(jail));
    } else {
      const ids = [...new Set(Array.from({ length: below(30) }, () => idOf(below(3000))))];
      for (const id of ids) {
        if (draw() < 0.4) all.delete(nameOf(jail, id));
        else all.set(nameOf(jail, id), drawBan(jail, id));
      }
      // Some of those that stand become longer, and the database has nothing new to tell of them.
      for (const [name, known] of all) {
        if (known.ban.jail !== jail || ids.includes(known.ban.id) || draw() < 0.97) continue;
        all.set(name, { ...known, ban: { ...known.ban, bantime: known.ban.bantime + 1 } });
        ids.push(known.ban.id);
        silent.add(name);
      }
      const bans = ids.flatMap((id) => all.get(nameOf(jail, id))?.ban ?? []);
      index.changeBans(jail, ids, bans, sources(jail));
    }
    silent.clear();
    const sort = pick(BAN_SORTS);
    // A database that told nothing this time takes nothing away of what it told before.
    for (const [name, known] of all) {
      const row = index.get(known.ban.jail, known.ban.id)?.row;
      if (known.facts === null && row?.failures !== null) all.delete(name);
    }
    for (const entry of [...index.all()])
      if (!all.has(nameOf(entry.row.jail, entry.row.id))) index.changeBans(entry.row.jail, [entry.row.id], [], sources(entry.row.jail));
    expect(named(index.inOrder(sort))).toEqual(plainly(sort, () => true));
    expect(index.total).toBe(all.size);
    expect(index.countries).toEqual([...new Set([...all.values()].flatMap(({ ban }) => place(ban.id).country ?? []))].sort());
    const [search, fulfils] = pick(SEARCHES);
    expect([search, named(await selection.select(index, filterOf(sort, search)))]).toEqual([search, plainly(sort, fulfils)]);
  }
  expect(all.size).toBeGreaterThan(500);
  for (const [name, { ban }] of all) {
    if (place(ban.id).country !== 'DE') continue;
    all.delete(name);
    index.changeBans(ban.jail, [ban.id], [], sources(ban.jail));
  }
  expect(index.countries).toEqual(['US']);
});

it('asks the database for lines that are too many to be kept', async () => {
  const index = new BanIndex(100);
  const known = drawBan('sshd', '192.0.2.1');
  const facts = {
    failures: 1,
    times: 1,
    users: [],
    text: Buffer.from('{"matches": ["a long line that has no room there"], "failures": 1}'.repeat(3)),
  };
  index.replaceJail('sshd', [known.ban], { place, facts: () => facts, manual: () => null });
  const asked: string[] = [];
  const database = new BanDatabase(() => Promise.resolve(null), systemClock);
  database.holding = ({ text }) => {
    asked.push(text);
    return Promise.resolve([['sshd', '192.0.2.1']]);
  };
  expect(named(await new BanSelection(database).select(index, filterOf('since', 'long line')))).toEqual(['sshd 192.0.2.1']);
  expect(asked).toEqual(['long line']);
});

describe('while bans come and go', () => {
  const bans = Array.from({ length: 300 }, (_, at): BannedAddress => ({ jail: 'sshd', id: idOf(at), time: at, bantime: 600 }));
  const text = Buffer.from('{"matches": ["Failed for Root"], "user": "Root"}');
  const known: RowSources = { place, facts: () => ({ failures: 1, times: 1, users: ['Root'], text }), manual: () => null };
  /** So much comes and goes that places are given anew. */
  const churn = (index: BanIndex): void => {
    for (let round = 0; round < 20; round++) {
      index.replaceJail('sshd', bans.slice(150), known);
      index.replaceJail('sshd', bans.toReversed(), known);
    }
  };

  it('a search that asks the database finds the same', async () => {
    const index = new BanIndex();
    index.replaceJail('sshd', bans, known);
    const database = new BanDatabase(() => Promise.resolve(null), systemClock);
    let asked = 0;
    database.withWord = (names) => {
      if (asked++ === 0) churn(index);
      return Promise.resolve(names.filter(([, id]) => id.startsWith('10.')));
    };
    const found = await new BanSelection(database).select(index, filterOf('since', 'user:Root 10.0.0.0/8'));
    expect(named(found)).toEqual(bans.filter(({ id }) => id.startsWith('10.')).map(({ id }) => nameOf('sshd', id)));
    expect(asked).toBeGreaterThan(1);
  });

  it('what was asked for stays as it was', () => {
    const index = new BanIndex();
    index.replaceJail('sshd', bans, known);
    const rows = index.inOrder('since');
    const before = named(rows);
    index.changeBans('sshd', [idOf(5)], [], known);
    expect(named(index.inOrder('since'))).toHaveLength(299);
    churn(index);
    expect(named(rows)).toEqual(before);
  });
});
