/** What an action's commands do to the firewall, for many bans at once: how they are made, which of them are missing, what an earlier run left. */
import { parseAddress, formatAddress } from '../../../model/address';
import { endOfBan, END_OF_TIME, type BanTicket } from '../../../model/ticket';
import { applyChanges, type Environment, type Outcome } from './apply-changes';
import { shapeOf, type Purpose, type Shape } from './shape';
import { addressOf, familyOf } from '../ticket-values';
import type { Family } from '../static-tags';
import type { Place, PlaceChange, PlaceRun } from './place';

/** Seconds: what ends as soon as this may have been ended by the kernel already. */
const SOON = 3;

/** Places of all actions by key, with the number of actions that use each. */
export class PlaceBook {
  readonly places = new Map<string, Place>();
  readonly #users = new Map<string, Set<object>>();

  use(place: Place, user: object): void {
    const users = this.#users.get(place.key) ?? new Set();
    this.#users.set(place.key, users.add(user));
  }

  leave(user: object): void {
    for (const users of this.#users.values()) users.delete(user);
  }

  /** True when nobody but `user` bans in this place. */
  isAlone(place: Place, user: object): boolean {
    const users = this.#users.get(place.key);
    return users === undefined || (users.size <= 1 && users.has(user));
  }
}

export interface BulkTools {
  /** Runs a program of a place; its output, or null when it failed. */
  run(run: PlaceRun): Promise<string | null>;
  now(): number;
}

export class BulkBans {
  /** Elements that stood in each place when its family was first started: what an earlier run left. */
  readonly #leftovers = new Map<Place, ReadonlySet<string>>();
  /** Elements that stand in a place though this run did not put them there: to add them again would double them in some places. */
  readonly #present = new Map<Place, Set<string>>();
  readonly #looked = new Set<Place>();
  readonly #shapes = new Map<string, Shape | null>();

  constructor(
    private readonly commandOf: (purpose: Purpose, family: Family) => string,
    private readonly book: PlaceBook,
    private readonly tools: BulkTools,
  ) {}

  /** What the command does; null when it is not known. */
  shape(purpose: Purpose, family: Family): Shape | null {
    const key = `${purpose} ${family}`;
    const known = this.#shapes.get(key);
    if (known !== undefined) return known;
    const shape = family === 'None' ? null : shapeOf(this.commandOf(purpose, family), purpose, this.book.places);
    this.#shapes.set(key, shape);
    return shape;
  }

  /** True when bans of addresses are made many at once. */
  get ready(): boolean {
    return this.shape('ban', 'inet4') !== null || this.shape('ban', 'inet6') !== null;
  }

  /** True when all bans stand where a server that ends may leave them. */
  get keeps(): boolean {
    const shapes = (['inet4', 'inet6'] as const).map((family) => this.shape('ban', family));
    return shapes.every((shape) => shape?.place.keeps === true);
  }

  /** The places in which bans of these families stand. */
  places(families: Iterable<Family>): readonly Place[] {
    return [...new Set([...families].flatMap((family) => this.shape('ban', family)?.place ?? []))];
  }

  /** Makes the changes of these tickets. The tickets that failed are those of the outcome. */
  async apply(
    shape: Shape,
    tickets: readonly BanTicket[],
    look: () => Promise<Environment>,
  ): Promise<{ readonly environment: Environment; readonly failed: ReadonlySet<BanTicket> }> {
    const { place } = shape;
    const ticketOf = new Map<PlaceChange, BanTicket>();
    for (const ticket of tickets) {
      const change = this.#changeOf(shape, ticket);
      if (!(change.verb === 'add' && place.doubles && this.#present.get(place)?.has(change.element))) ticketOf.set(change, ticket);
    }
    const run = async (of: PlaceRun): Promise<boolean> => (await this.tools.run(of)) !== null;
    const outcome: Outcome = await applyChanges(place, [...ticketOf.keys()], { run, look, now: () => this.tools.now() });
    for (const change of ticketOf.keys()) if (change.verb === 'remove') this.#present.get(place)?.delete(change.element);
    return { environment: outcome.environment, failed: new Set([...outcome.failed].flatMap((change) => ticketOf.get(change) ?? [])) };
  }

  /** Before a family is started for the first time: looks what an earlier run left in its place. */
  async adopt(family: Family): Promise<void> {
    const place = this.shape('ban', family)?.place;
    if (place === undefined || this.#looked.has(place)) return;
    this.#looked.add(place);
    this.book.use(place, this);
    const outputs = await this.#list(place);
    if (outputs === null) return;
    place.adopt(outputs, this.tools.now());
    const members = place.members(outputs, this.tools.now());
    this.#leftovers.set(place, new Set(members.keys()));
    this.#present.set(place, new Set(members.keys()));
  }

  /** Before bans are made that may stand there already: looks what does, where it matters. */
  async recount(family: Family): Promise<void> {
    const place = this.shape('ban', family)?.place;
    if (place?.doubles !== true) return;
    const outputs = await this.#list(place);
    this.#present.set(place, new Set(outputs === null ? [] : place.members(outputs, this.tools.now()).keys()));
  }

  /** What stands in the places of these families is not known any more: they were mended. */
  doubt(families: Iterable<Family>): void {
    for (const place of this.places(families)) this.#doubtPlace(place);
  }

  /** The places of these families were emptied. */
  emptied(families: Iterable<Family>): void {
    for (const place of this.places(families)) {
      place.emptied();
      this.#forget(place);
    }
  }

  /** Which of these bans do not stand where they should. A place that cannot be listed tells nothing. */
  async missing(tickets: readonly BanTicket[]): Promise<readonly BanTicket[]> {
    const now = this.tools.now();
    const lasting = tickets.filter((ticket) => endOfBan(ticket) > now + SOON);
    const missing: BanTicket[] = [];
    for (const [shape, group] of this.#byShape(lasting)) {
      const outputs = await this.#list(shape.place);
      if (outputs === null) continue;
      const members = shape.place.members(outputs, now);
      const lost = group.filter((ticket) => !stands(members, addressOf(ticket)));
      if (lost.length > 0) this.#doubtPlace(shape.place);
      missing.push(...lost);
    }
    return missing;
  }

  /** Takes out what an earlier run left and nobody is banned for, where no other action bans. */
  async sweep(isBanned: (id: string) => boolean): Promise<void> {
    for (const [place, left] of this.#leftovers) {
      this.#leftovers.delete(place);
      if (!this.book.isAlone(place, this)) continue;
      const changes = [...left].filter((element) => !isBanned(element)).map((element) => place.removal(element));
      const run = async (of: PlaceRun): Promise<boolean> => (await this.tools.run(of)) !== null;
      await applyChanges(place, changes, { run, look: () => Promise.resolve('sane'), now: () => this.tools.now() });
    }
  }

  /** Nobody bans here any more. */
  leave(): void {
    this.book.leave(this);
    this.#looked.clear();
    this.#leftovers.clear();
    this.#present.clear();
  }

  #doubtPlace(place: Place): void {
    place.doubt();
    this.#forget(place);
  }

  #forget(place: Place): void {
    this.#leftovers.delete(place);
    this.#present.delete(place);
  }

  async #list(place: Place): Promise<readonly string[] | null> {
    const outputs: string[] = [];
    for (const listing of place.listings) {
      const output = await this.tools.run(listing);
      if (output === null) return null;
      outputs.push(output);
    }
    return outputs;
  }

  #byShape(tickets: readonly BanTicket[]): ReadonlyMap<Shape, readonly BanTicket[]> {
    const groups = new Map<Shape, BanTicket[]>();
    for (const ticket of tickets) {
      const shape = this.shape('ban', familyOf(ticket));
      if (shape === null) continue;
      const group = groups.get(shape);
      if (group === undefined) groups.set(shape, [ticket]);
      else group.push(ticket);
    }
    return groups;
  }

  #changeOf(shape: Shape, ticket: BanTicket): PlaceChange {
    const end = endOfBan(ticket);
    const banned = { element: addressOf(ticket), bantime: ticket.bantime, end: end === END_OF_TIME ? null : end };
    return shape.change(banned, this.tools.now());
  }
}

/** A set of single addresses holds a range as all of its addresses. */
function stands(members: ReadonlyMap<string, number | null>, element: string): boolean {
  if (members.has(element)) return true;
  const address = element.includes('/') ? parseAddress(element) : null;
  return address !== null && members.has(formatAddress({ ...address, prefix: address.bytes.length * 8 }));
}
