/** Carries out an edit that the API asks for; one that is not taken is refused with all its problems. */
import type { z } from 'zod';
import type { Edit } from '../../control/editor/editor';
import type { Actor } from '../acts/actor';
import { applyEdits, type EditDeed } from '../acts/edits';
import type { PageWorld } from '../page';
import { ApiError } from './problem';
import type { Edited } from './schemas';

/** @throws ApiError 422 with the problems, or with the server's refusal */
export async function edited(world: PageWorld, actor: Actor, edits: readonly Edit[], deed: EditDeed): Promise<z.infer<typeof Edited>> {
  const applied = await applyEdits(world, actor, edits, deed);
  if (!applied.ok) throw new ApiError(422, applied.message ?? 'The edit was not taken; everything is as it was.', applied.problems);
  return {
    changes: applied.changes.map(({ file, before, after }) => ({ file, before, after })),
    message: applied.message,
    state: applied.state,
  };
}
