/** Tells from a few groups of a match that it is no failure and leaves no trace in a session, before all of them are gathered. */
import type { PatternMatch } from '../../regex/pattern';
import type { GroupPlan } from './captured';
import type { Sessions } from './sessions';

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
 * @param now seconds since the epoch
 */
export function passes(
  plan: PassingPlan,
  prefix: PatternMatch | null,
  found: PatternMatch,
  sessions: Pick<Sessions, 'isKept'>,
  now: number,
): boolean {
  if (textIn(plan.nofail, prefix, found, 'nofail') === '' && textIn(plan.gained, prefix, found, 'mlfgained') === '') return false;
  const session = textIn(plan.session, prefix, found, 'mlfid');
  return session === '' || (textIn(plan.forget, prefix, found, 'mlfforget') !== '' && !sessions.isKept(session, now));
}

function textIn(where: Where, prefix: PatternMatch | null, found: PatternMatch, name: string): string {
  const match = where === 'found' ? found : where === 'prefix' ? prefix : null;
  return match?.group(name) ?? '';
}
