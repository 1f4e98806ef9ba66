/** Whoever made an edit that could cut him off tells that he is still here, wants it back at once, or has read that it was taken back. */
import type { PageAnswer, PageRequest, PageWorld } from '../page';
import { post, type Route } from '../route';
import { HttpError } from '../error-page';

/** A path of ours; nothing that a browser could take for another host. */
function ownPath(path: string): string {
  return /^\/(?![/\\])[\x21-\x7e]*$/.test(path) ? path : '/';
}

export async function answer(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const to = ownPath(request.form.get('to'));
  const by = { who: request.user, client: request.client };
  const { handle } = world;
  if (handle === undefined) return { kind: 'redirect', to };
  switch (request.form.get('answer')) {
    case 'keep': {
      const outcome = await handle.keep(by);
      if (outcome === 'early') return { kind: 'redirect', to, notice: { tone: 'info', text: 'here.early' } };
      return {
        kind: 'redirect',
        to,
        notice: outcome === 'kept' ? { tone: 'success', text: 'here.kept' } : { tone: 'info', text: 'here.none' },
      };
    }
    case 'back': {
      const outcome = await handle.takeBackNow(by);
      return { kind: 'redirect', to, ...(outcome === null ? { notice: { tone: 'info', text: 'here.none' } } : {}) };
    }
    case 'seen':
      if (handle.last()?.who === request.user) handle.seen();
      return { kind: 'redirect', to };
    default:
      throw new HttpError(422, 'error.400');
  }
}

export const routes: readonly Route[] = [post('/still-here', 'overview', answer)];
