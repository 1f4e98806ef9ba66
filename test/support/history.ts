/** A real history in memory that holds what it is given, opened when it is first asked: for tests of what stands above it. */
import { systemClock } from '../../src/base/clock';
import { silentLogger } from '../../src/base/logger';
import type { History, HistoryEvent } from '../../src/panel/history/history';
import { openHistory } from '../../src/panel/history/open-history';

/** An event whose place need not be told. */
export type TestEvent = Omit<HistoryEvent, 'country' | 'asn'> & Partial<HistoryEvent>;

export function placed(events: readonly TestEvent[]): HistoryEvent[] {
  return events.map((event) => ({ country: null, asn: null, ...event }));
}

/** Nobody closes it: it goes with the process. */
export function historyOf(events: readonly TestEvent[]): History {
  let opened: Promise<History> | null = null;
  const open = async (): Promise<History> => {
    const history = await openHistory(':memory:', systemClock, silentLogger);
    await history.add(placed(events), [], Math.max(0, ...events.map((event) => event.time)));
    return history;
  };
  const ready = (): Promise<History> => (opened ??= open());
  return {
    recent: async (limit) => (await ready()).recent(limit),
    perHour: async (from, to) => (await ready()).perHour(from, to),
    events: async (query) => (await ready()).events(query),
    async *eachEvent(query) {
      yield* (await ready()).eachEvent(query);
    },
    counts: async (query) => (await ready()).counts(query),
    top: async (query) => (await ready()).top(query),
    lastMatches: async () => (await ready()).lastMatches(),
    address: async (id) => (await ready()).address(id),
    neighbours: async (range, limit) => (await ready()).neighbours(range, limit),
    timesBanned: async (ids) => (await ready()).timesBanned(ids),
    extent: async () => (await ready()).extent(),
    close: async () => (opened === null ? undefined : (await opened).close()),
  };
}
