/** Tells from a few groups of a match that it is no failure and leaves no trace in a session, before all of them are gathered. */
import type { PatternMatch } from '../../regex/pattern';
import type { GroupPlan } from './captured';

/** Whether a group is one of the failregex's, of the prefregex's, or of neither; those of the failregex are laid over the others. */
type Where = 'found' | 'prefix' | 'nowhere';

export interface PassingPlan {
  readonly nofail: Where;
  readonly gained: Where;
  readonly forget: Where;
  readonly session: Where;
}

/** Null for regexes of which it cannot be told so easily, or whose matches are failures. */
export function planPassing(prefix: GroupPlan, found: GroupPlan): PassingPlan | null {
  if (prefix.additions.length > 0 || found.additions.length > 0 || found.keepUnset) return null;
  const where = (name: string): Where => (found.names.includes(name) ? 'found' : prefix.names.includes(name) ? 'prefix' : 'nowhere');
  const plan = { nofail: where('nofail'), gained: where('mlfgained'), forget: where('mlfforget'), session: where('mlfid') };
  const never = plan.nofail === 'nowhere' && plan.gained === 'nowhere';
  return never || (plan.session !== 'nowhere' && plan.forget === 'nowhere') ? null : plan;
}

/**
 * Whether a match passes without a trace: `<F-NOFAIL>` or access gained, in no session or in one that ends with it before anything was kept of it.
 * @param isKept whether something is kept of a session
 */
export function passes(plan: PassingPlan, prefix: PatternMatch | null, found: PatternMatch, isKept: (session: string) => boolean): boolean {
  const text = (where: Where, name: string): string => {
    const match = where === 'found' ? found : where === 'prefix' ? prefix : null;
    return match?.group(name) ?? '';
  };
  if (text(plan.nofail, 'nofail') === '' && text(plan.gained, 'mlfgained') === '') return false;
  const session = text(plan.session, 'mlfid');
  return session === '' || (text(plan.forget, 'mlfforget') !== '' && !isKept(session));
}
