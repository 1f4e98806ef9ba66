/** Keeps the last events of all jails, and answers with those since a cursor. */
import type { JailEvent } from '../../model/event';
import type { EventPage, KeptEvent } from '../../model/event-page';

/** Characters of a text in an event: a failing command may say a lot. */
const LONGEST = 2000;

export class EventRing {
  readonly #times: number[] = [];
  /** All but those of `found`; null in their places. */
  readonly #kept: (JailEvent | null)[] = [];
  /** Of `found`: in a flood it is nearly all that comes, and objects that live for a while are what the collector has most work with. */
  readonly #jails: string[] = [];
  readonly #ids: string[] = [];
  readonly #found: number[] = [];
  #count = 0;

  /**
   * @param run names this run of the server: cursors of another one are known as such
   * @param most events that are kept
   * @param pageSize events of one answer at most
   */
  constructor(
    readonly run: string,
    readonly most = 10_000,
    readonly pageSize = 1000,
  ) {}

  /** @param time seconds since the epoch */
  add(event: JailEvent, time: number): void {
    const slot = this.#count++ % this.most;
    this.#times[slot] = time;
    const isFound = event.kind === 'found';
    this.#kept[slot] = isFound ? null : event;
    this.#jails[slot] = event.jail;
    this.#ids[slot] = isFound ? event.id : '';
    this.#found[slot] = isFound ? event.time : 0;
  }

  /** Events behind the cursor, the oldest first; null asks for all that are kept. A cursor that is none of ours has lost what was before. */
  since(cursor: string | null): EventPage {
    const oldest = Math.max(0, this.#count - this.most);
    const wanted = cursor === null ? oldest : this.#numberOf(cursor);
    const known = wanted !== null && wanted <= this.#count;
    const from = known ? Math.max(wanted, oldest) : oldest;
    const to = Math.min(this.#count, from + this.pageSize);
    const events = Array.from({ length: to - from }, (_none, index) => this.#event(from + index));
    return { cursor: `${this.run}-${to}`, lost: !known || wanted < oldest, more: to < this.#count, events };
  }

  #numberOf(cursor: string): number | null {
    const number = cursor.startsWith(`${this.run}-`) ? cursor.slice(this.run.length + 1) : '';
    return /^\d{1,15}$/.test(number) ? Number(number) : null;
  }

  #event(number: number): KeptEvent {
    const slot = number % this.most;
    const { kind, jail, ...rest } = this.#kept[slot] ?? this.#foundIn(slot);
    const { id = null, ...data } = rest as { readonly id?: string } & Readonly<Record<string, string | number | boolean>>;
    const bounded = Object.entries(data).map(
      ([name, value]) => [name, typeof value === 'string' ? value.slice(0, LONGEST) : value] as const,
    );
    return { time: this.#times[slot] ?? 0, jail, kind, id, data: Object.fromEntries(bounded) };
  }

  #foundIn(slot: number): JailEvent {
    return { kind: 'found', jail: this.#jails[slot] ?? '', id: this.#ids[slot] ?? '', time: this.#found[slot] ?? 0 };
  }
}
