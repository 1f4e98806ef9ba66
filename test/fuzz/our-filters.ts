/** Tells which failures our filters find in a case, in the words of the other side. */
import { systemClock } from '../../src/base/clock';
import { silentLogger } from '../../src/base/logger';
import { createLineFilter } from '../../src/engine/filter/create-filter';
import { createDateStream } from '../../src/engine/filter/date-reader';
import { defaultJailConfig } from '../../src/model/jail-config';
import { type Failure, matchedText } from '../../src/model/ticket';
import type { FilterSet, FuzzCase } from './filter-cases';
import type { Told, ToldFailure } from './stock-filters';

function tell({ id, dns, time, data, matches }: Failure): ToldFailure {
  const sorted = Object.entries(data).map(([name, value]) => [name, name === 'users' ? [...value].sort() : value] as const);
  return { id: id ?? `name ${dns}`, time, data: Object.fromEntries(sorted), matches: matches.map(matchedText) };
}

/** The failures in each line of a case, by a filter and dates without any past. */
export function runOurs(set: FilterSet, { inOperation, findtime, lines, times }: FuzzCase): Told {
  const made = createLineFilter({ ...defaultJailConfig('fuzz'), ...set, findtime, logtimezone: null }, { logger: silentLogger });
  if (made.filter === null) throw new Error(JSON.stringify(made.problems));
  const dates = createDateStream({ datepattern: set.datepattern, logtimezone: null }, systemClock.now(), silentLogger);
  const { filter } = made;
  return lines.map((line, index) => {
    const now = times[index]!;
    const batch = { source: 'fuzz', lines: [line], inOperation, ...(set.journal ? { times: [now] } : {}) };
    return filter.process(batch, dates.open(batch, now), now).map(tell);
  });
}
