/** What people do with bans: lift, make, prolong, move to trusted. Each item fares by itself, and each deed is written down. */
import type { ItemResult } from '../../control/bans/ban-desk';
import type { PageWorld } from '../page';
import { isBigRange } from '../../control/handle/risk';
import { type Actor, record, type RecordWorld } from './actor';
import { held, type HeldWorld } from './held';

/** Where bans are made and lifted. */
export type BanWorld = RecordWorld & HeldWorld & Pick<PageWorld, 'desk'>;

export interface BanItem {
  readonly jail: string;
  readonly id: string;
}

/** Writes one line of the audit log for each item. */
async function recordAll(
  world: RecordWorld,
  actor: Actor,
  action: string,
  results: readonly ItemResult[],
  after: string | null,
): Promise<void> {
  for (const { id, jail, ok, message } of results) await record(world, actor, { action, subject: `${id} in ${jail}`, after, ok, message });
}

/** @param items a null jail lifts the address's bans in all jails */
export async function unbanItems(
  world: BanWorld,
  actor: Actor,
  items: readonly { readonly jail: string | null; readonly id: string }[],
): Promise<readonly ItemResult[]> {
  const results = await world.desk.unban(items);
  await recordAll(world, actor, 'bans.unban', results, null);
  return results;
}

export interface BanByHand {
  readonly ids: readonly string[];
  /** Null bans from all services. */
  readonly jail: string | null;
  /** Seconds; null for the jail's own, -1 for ever. */
  readonly duration: number | null;
  readonly reason: string;
}

/** The actor's own address is never banned. */
export async function banByHand(world: BanWorld, actor: Actor, wish: BanByHand): Promise<readonly ItemResult[]> {
  const big = wish.ids.filter(isBigRange);
  const ban = (): Promise<readonly ItemResult[]> =>
    world.desk.ban({ ...wish, who: actor.who, now: world.clock.now(), own: [actor.client] });
  const bansOf = (done: readonly ItemResult[]): readonly BanItem[] => done.filter(({ ok, id }) => ok && isBigRange(id));
  const results = await (big.length === 0
    ? ban()
    : held(world, actor, { risk: 'any', what: `bans.ban ${big.join(' ')}`.slice(0, 200), bansOf }, ban));
  await recordAll(world, actor, 'bans.ban', results, JSON.stringify({ duration: wish.duration, reason: wish.reason }));
  return results;
}

/** @param duration seconds from now; -1 for ever */
export async function prolongItems(
  world: BanWorld,
  actor: Actor,
  items: readonly BanItem[],
  duration: number,
): Promise<readonly ItemResult[]> {
  const results = await world.desk.prolong(items, duration, actor.who, world.clock.now());
  await recordAll(world, actor, 'bans.prolong', results, JSON.stringify({ duration }));
  return results;
}

/** Trusts the addresses first and then lifts their bans everywhere: an address that could not be trusted stays banned. */
export async function moveToTrusted(
  world: BanWorld & Pick<PageWorld, 'trusted'>,
  actor: Actor,
  ids: readonly string[],
  note: string,
  end: number | null,
): Promise<readonly ItemResult[]> {
  const entries = ids.map((entry) => ({ entry, note, end, jail: null }));
  const trusted = await world.trusted.add(entries, actor.who, world.clock.now());
  await recordAll(world, actor, 'trusted.add', trusted, JSON.stringify({ note, end }));
  const good = trusted.filter(({ ok }) => ok).map(({ id }) => ({ jail: null, id }));
  const lifted = good.length === 0 ? [] : await unbanItems(world, actor, good);
  return [...trusted.filter(({ ok }) => !ok), ...lifted];
}
