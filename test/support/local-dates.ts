/** Prints the times of local dates around the change to summer time, in the zone that TZ names. */
import { silentLogger } from '../../src/base/logger';
import { createDateStream } from '../../src/engine/filter/date-reader';

const now = Date.UTC(2026, 10, 22) / 1000;
const dates = createDateStream({ datepattern: null, logtimezone: null }, now, silentLogger);
const lines = ['2026-01-15 12:00:00', '2026-07-15 12:00:00', '2026-03-29 01:59:59', '2026-03-29 03:00:00'];
console.log(JSON.stringify(lines.map((line) => dates.timeOf(`${line} x`, now))));
