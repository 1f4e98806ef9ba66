/** `history`, `top`, `audit`: months of events as the server's log told them, who is at the top, and who changed what. */
import { parseAddress } from '../../model/address';
import type { EventQuery, TopQuery } from '../../panel/history/questions';
import { type HistoryEvent, type HistoryKind, isHistoryKind } from '../../panel/history/history';
import type { AuditEntry, AuditQuery } from '../../panel/history/notebook';
import { noWords, quoted, wholeOf, wrong } from './items';
import { momentOf } from './moments';
import { count, formatTable, moment } from './print';
import type { Answer, Call, OptionSpec, Verb } from './verb';
import type { CliWorld } from './world';

const MOST = 100_000;
const PAGE = 1000;
const KINDS: readonly HistoryKind[] = ['found', 'ban', 'restore-ban', 'unban', 'ignore', 'already-banned'];
const OF = ['address', 'jail', 'country', 'network'] as const;
const BY = ['bans', 'failures'] as const;

const FROM: OptionSpec = {
  name: 'from',
  value: 'TIME',
  meaning: "not before this: 2026-11-26, '2026-11-26 14:30', or how long ago: 2h, 7d",
};
const TO: OptionSpec = { name: 'to', value: 'TIME', meaning: 'before this' };
const LINES: OptionSpec = { name: 'lines', value: 'NUMBER', meaning: 'how many (default: 50)' };

/** One of several words. @throws AppError BAD_ARGUMENT that names the option */
function oneOf<Word extends string>(option: string, text: string, words: readonly Word[]): Word {
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) throw wrong(`${option} is one of ${words.join(', ')}, not ${quoted(text)}`);
  return word;
}

function linesOf({ options }: Call): number {
  return wholeOf('--lines', options.text('lines') ?? '50', 1, MOST);
}

function spanOf({ options }: Call, now: number): { readonly from?: number; readonly to?: number } {
  const [from, to] = [options.text('from'), options.text('to')];
  const span = {
    ...(from === null ? {} : { from: momentOf('--from', from, now) }),
    ...(to === null ? {} : { to: momentOf('--to', to, now) }),
  };
  if (span.from !== undefined && span.to !== undefined && span.from >= span.to) throw wrong('--from must be before --to');
  return span;
}

/** The query that options describe, without its place in the list. */
function eventQuery(call: Call, now: number): Omit<EventQuery, 'limit' | 'before'> {
  const { options } = call;
  const [jail, kind, text] = [options.text('jail'), options.text('kind'), options.text('text')];
  const [address, country] = [options.text('address'), options.text('country')];
  if (kind !== null && !isHistoryKind(kind)) throw wrong(`--kind is one of ${KINDS.join(', ')}, not ${quoted(kind)}`);
  if (country !== null && !/^[A-Za-z]{2}$/.test(country))
    throw wrong(`--country is a code of two letters such as DE, not ${quoted(country)}`);
  const isRange = address !== null && address.includes('/');
  if (isRange && parseAddress(address) === null) throw wrong(`--address: ${quoted(address)} is no address or range`);
  return {
    ...spanOf(call, now),
    ...(jail === null ? {} : { jail }),
    ...(kind === null ? {} : { kinds: [kind] }),
    ...(address === null ? {} : isRange ? { range: address } : { id: address }),
    ...(country === null ? {} : { country: country.toUpperCase() }),
    ...(text === null ? {} : { text }),
  };
}

async function history(call: Call, world: CliWorld): Promise<Answer> {
  noWords('history', call.words);
  const wanted = linesOf(call);
  const query = eventQuery(call, world.clock.now());
  const books = await world.books();
  const told = await world.progress.during('searching the history', async () => {
    const events: HistoryEvent[] = [];
    for (let before: string | null = ''; before !== null && events.length < wanted;) {
      const page: Awaited<ReturnType<typeof books.history.events>> = await books.history.events({
        ...query,
        limit: Math.min(PAGE, wanted - events.length),
        ...(before === '' ? {} : { before }),
      });
      events.push(...page.events);
      before = page.next;
    }
    return events;
  });
  const rows = told.map(({ time, kind, jail, id, country }) => [moment(time), kind, jail, id, country ?? '']);
  const text = rows.length === 0 ? await nothing(world) : formatTable([['TIME', 'EVENT', 'JAIL', 'ADDRESS', 'COUNTRY'], ...rows]);
  return { text, json: told };
}

/** Why there is nothing to tell: the history grows while the pages run. */
async function nothing(world: CliWorld): Promise<string> {
  const { events, newest } = await (await world.books()).history.extent();
  if (events === 0) return 'The history is empty: bailiff-web fills it from the log while it runs.\n';
  return `Nothing; ${count(events, 'event is', 'events are')} known, the last of ${moment(newest)}.\n`;
}

async function top(call: Call, world: CliWorld): Promise<Answer> {
  noWords('top', call.words);
  const now = world.clock.now();
  const { from = now - 86400, to = now } = spanOf(call, now);
  const query: TopQuery = {
    ...{ from, to, limit: Math.min(PAGE, linesOf(call)) },
    of: oneOf('--of', call.options.text('of') ?? 'address', OF),
    by: oneOf('--by', call.options.text('by') ?? 'bans', BY),
  };
  const rows = await (await world.books()).history.top(query);
  const told = rows.map(({ key, bans, failures }) => [key === '' ? 'unknown' : key, String(bans), String(failures)]);
  const text = rows.length === 0 ? await nothing(world) : formatTable([[query.of.toUpperCase(), 'BANS', 'FAILURES'], ...told], [1, 2]);
  return { text, json: rows };
}

async function audit(call: Call, world: CliWorld): Promise<Answer> {
  noWords('audit', call.words);
  const wanted = linesOf(call);
  const { notebook } = await world.books();
  const given = ['who', 'action', 'text'].flatMap((name) => {
    const text = call.options.text(name);
    return text === null ? [] : [[name, text]];
  });
  const entries: AuditEntry[] = [];
  for (let before: number | null | undefined; before !== null && entries.length < wanted;) {
    const place: Partial<AuditQuery> = before === undefined ? {} : { before };
    const page: Awaited<ReturnType<typeof notebook.auditList>> = await notebook.auditList({
      ...(Object.fromEntries(given) as Partial<AuditQuery>),
      ...place,
      limit: Math.min(PAGE, wanted - entries.length),
    });
    entries.push(...page.entries);
    before = page.next;
  }
  const rows = entries.map(({ time, who, action, subject, ok, message }) => [
    ...[moment(time), who === '' ? 'nobody' : who, action, subject, ok ? 'done' : `refused: ${message ?? ''}`],
  ]);
  const text = rows.length === 0 ? 'Nothing.\n' : formatTable([['TIME', 'WHO', 'WHAT', 'TO WHAT', 'OUTCOME'], ...rows]);
  return { text, json: entries };
}

export const historyVerbs: readonly Verb[] = [
  {
    name: 'history',
    operands: '',
    summary: 'failures, bans and unbans as the log told them, newest first',
    options: [
      FROM,
      TO,
      { name: 'jail', value: 'JAIL', meaning: 'only those of a jail' },
      { name: 'kind', value: 'KIND', meaning: `only one of ${KINDS.join(', ')}` },
      { name: 'address', value: 'IP', meaning: 'only those of an address, or of a range' },
      { name: 'country', value: 'CODE', meaning: 'only those from a country: DE' },
      { name: 'text', value: 'TEXT', meaning: 'only those whose address or jail holds a text' },
      LINES,
    ],
    run: history,
  },
  {
    name: 'top',
    operands: '',
    summary: 'who or what has most bans or failures; of the last day unless told',
    options: [
      { name: 'of', value: 'WHAT', meaning: `${OF.join(', ')} (default: address)` },
      { name: 'by', value: 'WHAT', meaning: `${BY.join(' or ')} (default: bans)` },
      FROM,
      TO,
      LINES,
    ],
    run: top,
  },
  {
    name: 'audit',
    operands: '',
    summary: 'who changed what, newest first',
    options: [
      { name: 'who', value: 'NAME', meaning: 'only what somebody did' },
      { name: 'action', value: 'ACTION', meaning: 'only deeds of a kind: bans.ban, jail.edit …' },
      { name: 'text', value: 'TEXT', meaning: 'only those that hold a text' },
      LINES,
    ],
    run: audit,
  },
];
