/** Makes what could cut off its author in the hand of the dead man's handle: it is taken back unless he is still there some seconds later. */
import type { HandleDeps } from '../../control/handle/dead-mans-handle';
import type { BannedItem } from '../../control/handle/held-edit';
import { isLoopback, type Risk } from '../../control/handle/risk';
import type { PageWorld } from '../page';
import { type Actor, record, type RecordWorld } from './actor';

/** Without a handle (in a shell, which stays where it is) nothing waits. */
export type HeldWorld = Partial<Pick<PageWorld, 'handle' | 'trusted'>>;

export interface HeldDeed<T> {
  readonly risk: Risk;
  /** What is done to what, for people. */
  readonly what: string;
  readonly bansOf?: (done: T) => readonly BannedItem[];
}

/** Writes down what became of an edit that waited; by nobody when it was taken back by itself. */
export function recordHeld(world: RecordWorld, { kept, by, what, ok, message }: Parameters<HandleDeps['tell']>[0]): Promise<void> {
  return record(world, by, { action: kept ? 'edit.kept' : 'edit.taken-back', subject: what, ok, message });
}

/** A program has no browser that could be cut off. */
function isProgram({ who }: Actor): boolean {
  return who.startsWith('token ');
}

/** Throws AppError BAD_ARGUMENT while somebody else's edit waits; else what `work` throws. */
export function held<T>({ handle, trusted }: HeldWorld, actor: Actor, deed: HeldDeed<T>, work: () => Promise<T>): Promise<T> {
  if (handle === undefined) return work();
  if (deed.risk === 'none' || isProgram(actor)) return handle.harmless(actor, work);
  // Whoever comes by a tunnel comes from somewhere else.
  const exposed = async (): Promise<boolean> =>
    deed.risk === 'any' || trusted === undefined || isLoopback(actor.client) || !(await trusted.isTrusted(actor.client));
  return handle.during(actor, deed.what, work, exposed, deed.bansOf);
}
