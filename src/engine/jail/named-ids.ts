/** From ids that somebody gave by hand: in their one spelling, bounded, each once. */
import { canonicalId } from '../../model/address';

/** Characters of an id. */
export const MAX_ID = 1024;

export function namedIds(ids: readonly string[]): readonly string[] {
  return [...new Set(ids.map((id) => canonicalId(id).slice(0, MAX_ID)).filter((id) => id !== ''))];
}
