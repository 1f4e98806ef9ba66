/** What people do with trusted addresses. Each entry fares by itself, and each deed is written down. */
import type { ItemResult } from '../../control/bans/ban-desk';
import type { NewTrusted } from '../../control/trusted/trusted';
import type { PageWorld } from '../page';
import { type Actor, record, type RecordWorld } from './actor';
import { held, type HeldWorld } from './held';

/** Where addresses are trusted. */
export type TrustWorld = RecordWorld & Omit<HeldWorld, 'trusted'> & Pick<PageWorld, 'trusted'>;

function subjectOf({ id, jail }: ItemResult): string {
  return jail === '' ? id : `${id} in ${jail}`;
}

export async function trustEntries(world: TrustWorld, actor: Actor, entries: readonly NewTrusted[]): Promise<readonly ItemResult[]> {
  const results = await held(world, actor, { risk: 'none', what: '' }, () => world.trusted.add(entries, actor.who, world.clock.now()));
  for (const result of results) {
    const { note = '', end = null } = entries.find(({ entry }) => entry === result.id) ?? {};
    const after = JSON.stringify({ note, end });
    await record(world, actor, { action: 'trusted.add', subject: subjectOf(result), after, ok: result.ok, message: result.message });
  }
  return results;
}

export async function distrustEntries(
  world: TrustWorld,
  actor: Actor,
  entries: readonly { readonly entry: string; readonly jail: string | null }[],
): Promise<readonly ItemResult[]> {
  const what = `trusted.remove ${entries.map(({ entry }) => entry).join(' ')}`.slice(0, 200);
  const results = await held(world, actor, { risk: 'ban', what }, () => world.trusted.remove(entries, actor.who, world.clock.now()));
  for (const result of results)
    await record(world, actor, { action: 'trusted.remove', subject: subjectOf(result), ok: result.ok, message: result.message });
  return results;
}
