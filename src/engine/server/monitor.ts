/** Watches all jails: keeps their events, and measures how they fare, once per batch of lines. */
import type { Clock } from '../../base/clock';
import type { JailEvent } from '../../model/event';
import type { ActionError, JailHealth } from '../../model/health';
import type { JailConfig } from '../../model/jail-config';
import { countOf, type LogBatch } from '../../model/ticket';
import type { DateReader } from '../filter/date-reader';
import { EventRing } from './event-ring';
import { RateMeter } from './rate-meter';
import { RegexSampler } from './regex-sampler';

type Measured = Omit<JailHealth, 'jail' | 'files' | 'problems'>;

class JailMeter {
  lastLine: number | null = null;
  lag: number | null = null;
  lastActionError: ActionError | null = null;
  readonly lines = new RateMeter();
  readonly matches = new RateMeter();
  /** Failures that were found since the last batch: they count for it. */
  found = 0;
  readonly sampler: RegexSampler;

  constructor(clock: Clock) {
    this.sampler = new RegexSampler(clock);
  }
}

export class Monitor {
  readonly events: EventRing;
  readonly #meters = new Map<string, JailMeter>();

  constructor(readonly clock: Clock) {
    this.events = new EventRing(Math.floor(clock.now() * 1000).toString(36));
  }

  /** Is told every event of every jail. */
  heard(event: JailEvent): void {
    const now = this.clock.now();
    this.events.add(event, now);
    if (event.kind === 'found') this.#meter(event.jail).found += 1;
    else if (event.kind === 'stopped') this.#meters.delete(event.jail);
    else if (event.kind === 'action-failed') {
      const { action, operation, id = null, message } = event;
      this.#meter(event.jail).lastActionError = { time: now, action, operation, id, message };
    }
  }

  /** Is told of every batch that a jail has handled; its dates have been read by then. */
  handled(config: JailConfig, batch: LogBatch, dates: DateReader): void {
    const count = countOf(batch);
    if (count === 0) return;
    const meter = this.#meter(config.name);
    const last = dates.read(count - 1);
    meter.lastLine = this.clock.now();
    meter.lag = last.time === null ? null : meter.lastLine - last.time;
    const moment = this.clock.monotonic();
    meter.lines.add(count, moment);
    countFound(meter, moment);
    if (meter.sampler.isDue(count, moment)) meter.sampler.measure(config, last.before + last.after);
  }

  measured(jail: string): Measured {
    const meter = this.#meters.get(jail) ?? new JailMeter(this.clock);
    const now = this.clock.monotonic();
    countFound(meter, now);
    return {
      lastLine: meter.lastLine,
      lag: meter.lag,
      linesPerMinute: meter.lines.perMinute(now),
      matchesPerMinute: meter.matches.perMinute(now),
      slowestRegex: meter.sampler.slowest,
      lastActionError: meter.lastActionError,
    };
  }

  #meter(jail: string): JailMeter {
    const known = this.#meters.get(jail);
    if (known !== undefined) return known;
    const meter = new JailMeter(this.clock);
    this.#meters.set(jail, meter);
    return meter;
  }
}

function countFound(meter: JailMeter, moment: number): void {
  if (meter.found > 0) meter.matches.add(meter.found, moment);
  meter.found = 0;
}
