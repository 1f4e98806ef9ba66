/** A jail in a small real world: a store in memory, a filter for lines like `fail IP [user]`, actions that keep a table of bans, a clock turned by hand. */
import type { Spared } from '../../src/engine/jail/spared';
import { MemoryStore } from '../../src/contracts/database/memory-store';
import { createResolver, type Resolver } from '../../src/base/resolver';
import { createLogger, type LogRecord } from '../../src/base/logger';
import { createOwnAddresses } from '../../src/engine/jail/own-addresses';
import { defaultJailConfig, type JailConfig } from '../../src/model/jail-config';
import { Jail } from '../../src/engine/jail/jail';
import { manualClock, type ManualClock } from './clock';
import type { BanStore } from '../../src/contracts/database/ban-store';
import type { BanTicket, Failure, LogBatch } from '../../src/model/ticket';
import type { DateReader } from '../../src/engine/filter/date-reader';
import type { IgnoreCommandRunner } from '../../src/engine/jail/ignore';
import type { JailAction } from '../../src/engine/action/jail-action';
import type { JailEvent } from '../../src/model/event';
import type { LineFilter } from '../../src/engine/filter/line-filter';

/** An action that keeps its bans in a table, as a firewall does: a ban that is there already, or an unban of none, is remembered as a fault. */
export class TableAction implements JailAction {
  norestored = false;
  canProlong = true;
  canFlush = false;
  keeps = false;
  banEpoch = 0;
  readonly table = new Map<string, BanTicket>();
  readonly calls: string[] = [];
  readonly faults: string[] = [];
  /** Ids whose ban fails; `*` is every one. */
  readonly broken = new Set<string>();
  /** Every call waits for this. */
  gate: Promise<void> = Promise.resolve();

  constructor(readonly name = 'table') {}

  async start(): Promise<void> {
    await this.#call('start');
  }

  async stop(): Promise<void> {
    await this.#call('stop');
    this.table.clear();
  }

  async reload(): Promise<void> {
    await this.#call('reload');
  }

  async ban(tickets: readonly BanTicket[]): Promise<readonly (Error | null)[]> {
    const results: (Error | null)[] = [];
    for (const ticket of tickets) {
      await this.#call(`ban ${ticket.id}`);
      const fails = this.broken.has('*') || this.broken.has(ticket.id);
      if (!fails && this.table.has(ticket.id)) this.faults.push(`banned twice: ${ticket.id}`);
      if (!fails) this.table.set(ticket.id, ticket);
      results.push(fails ? new Error('the wall is broken') : null);
    }
    return results;
  }

  async unban(tickets: readonly BanTicket[]): Promise<readonly (Error | null)[]> {
    for (const { id } of tickets) {
      await this.#call(`unban ${id}`);
      if (!this.table.delete(id) && !this.broken.has('*') && !this.broken.has(id)) this.faults.push(`unbanned but not banned: ${id}`);
    }
    return tickets.map(() => null);
  }

  async prolong(tickets: readonly BanTicket[]): Promise<readonly null[]> {
    for (const ticket of tickets) {
      await this.#call(`prolong ${ticket.id}`);
      this.table.set(ticket.id, ticket);
    }
    return tickets.map(() => null);
  }

  async flush(): Promise<void> {
    await this.#call('flush');
    this.table.clear();
  }

  async check(): Promise<boolean> {
    await this.#call('check');
    return false;
  }

  /** Somebody flushed the firewall, and the action found out and repaired it. */
  loseEverything(): void {
    this.table.clear();
    this.banEpoch++;
  }

  async #call(text: string): Promise<void> {
    await this.gate;
    this.calls.push(text);
  }
}

/** Finds `fail ID [USER]`; the time is now, or `@SECONDS` before it. An id with letters after a `~` is a name to be resolved. */
export const failFilter: LineFilter = {
  dateKey: 'none',
  literals: null,
  slow: [],
  held: { take: () => null, unwritten: () => undefined, restore: () => undefined },
  mayMatch: (text) => text.includes('fail '),
  *pieces(batch, dates, now) {
    yield { failures: this.process(batch, dates, now), isLast: true };
  },
  process(batch, _dates, now) {
    const failures: Failure[] = [];
    for (const line of batch.lines) {
      const match = /^(?:@(\d+) )?fail (~?)(\S+)(?: (\S+))?$/.exec(line);
      if (match === null) continue;
      const [, time, name, id = '', user] = match;
      failures.push({
        regexIndex: 0,
        time: time === undefined ? now : Number(time),
        id: name === '' ? id : null,
        dns: name === '' ? null : id,
        data: user === undefined ? {} : { user },
        matches: [line],
      });
    }
    return failures;
  },
};

const noDates: DateReader = { read: () => ({ before: '', date: '', after: '', time: null, dated: false, zoned: false }) };

export interface JailWorld {
  readonly clock: ManualClock;
  readonly store: BanStore;
  readonly jail: Jail;
  readonly action: TableAction;
  readonly events: JailEvent[];
  readonly records: LogRecord[];
  /** Hands lines to the jail and waits until the actions have followed. */
  lines(...lines: string[]): Promise<void>;
  /** What happened since the last call: `found 192.0.2.1`, `ban 192.0.2.1`, … */
  told(): string[];
}

export interface WorldOptions {
  readonly config?: Partial<JailConfig>;
  readonly actions?: readonly JailAction[];
  readonly store?: BanStore;
  readonly clock?: ManualClock;
  readonly names?: Readonly<Record<string, readonly string[]>>;
  readonly runIgnoreCommand?: IgnoreCommandRunner;
  readonly spared?: Spared;
  readonly random?: () => number;
}

/** A resolver that knows only these names. */
export function resolverOf(clock: ManualClock, names: Readonly<Record<string, readonly string[]>>): Resolver {
  return createResolver({
    clock,
    system: { addresses: async (name) => names[name] ?? [], name: async () => null },
  });
}

/** A jail named `j` that is not started yet: three failures within 600 seconds ban for 600 seconds. */
export function jailWorld(options: WorldOptions = {}): JailWorld {
  const clock = options.clock ?? manualClock();
  const store = options.store ?? new MemoryStore();
  const action = new TableAction();
  const events: JailEvent[] = [];
  const records: LogRecord[] = [];
  const resolver = resolverOf(clock, options.names ?? {});
  const machine = { hostname: () => 'here', interfaceAddresses: () => ['198.51.100.1'] };
  const config = { ...defaultJailConfig('j'), ...options.config };
  let seen = 0;
  const jail = new Jail(config, {
    clock,
    store,
    resolver,
    filter: failFilter,
    actions: options.actions ?? [action],
    logger: createLogger((record) => records.push(record)),
    emit: (event) => events.push(event),
    ownAddresses: createOwnAddresses(clock, resolver, machine),
    runIgnoreCommand: options.runIgnoreCommand ?? (async () => 1),
    random: options.random ?? (() => 0.5),
    ...(options.spared === undefined ? {} : { spared: options.spared }),
  });
  return {
    clock,
    store,
    jail,
    action,
    events,
    records,
    async lines(...lines) {
      await jail.handle(batchOf(lines), noDates);
      await jail.settled();
    },
    told() {
      const news = events.slice(seen).map((event) => ('id' in event && event.id !== undefined ? `${event.kind} ${event.id}` : event.kind));
      seen = events.length;
      return news;
    },
  };
}

export function batchOf(lines: readonly string[]): LogBatch {
  return { source: '/var/log/test.log', lines, inOperation: true };
}

export { noDates };
