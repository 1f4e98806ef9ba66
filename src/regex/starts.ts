/** Finds in a tree the texts one of which every match at the beginning of a text begins with; only of patterns that match nowhere else. */
import type { Node } from './tree';

/** A text that a part of a pattern begins with; `exact` when that is all the part matches. */
interface Lead {
  readonly text: string;
  readonly exact: boolean;
}

/** More leads than this say too little. */
const MOST_LEADS = 16;
/** Characters of a lead. */
const LONGEST = 24;
const NOTHING: readonly Lead[] = [{ text: '', exact: true }];
const ANYTHING: readonly Lead[] = [{ text: '', exact: false }];

/** The texts; null when the pattern may match elsewhere than at the start, or may begin with anything. */
export function possibleStarts(root: Node): readonly string[] | null {
  if (!isAnchored(root)) return null;
  const texts = [...new Set(leadsOf(root).map(({ text }) => text))];
  return texts.includes('') ? null : texts;
}

/** Whether a pattern matches at the start of a text and nowhere else. */
export function isAnchored(node: Node): boolean {
  switch (node.type) {
    case 'anchor':
      return node.at === 'start';
    case 'sequence':
      return node.items[0] !== undefined && isAnchored(node.items[0]);
    case 'alternation':
      return node.branches.every(isAnchored);
    case 'group':
    case 'atomic':
      return isAnchored(node.body);
    case 'char':
    case 'set':
    case 'repeat':
    case 'look':
    case 'backref':
    case 'conditional':
      return false;
  }
}

function leadsOf(node: Node): readonly Lead[] {
  switch (node.type) {
    case 'char':
      return [{ text: String.fromCodePoint(node.code), exact: true }];
    case 'anchor':
    case 'look':
      return NOTHING;
    case 'sequence':
      return ofSequence(node.items);
    case 'alternation':
      return bounded(node.branches.flatMap(leadsOf));
    case 'conditional':
      return bounded([...leadsOf(node.yes), ...leadsOf(node.no)]);
    case 'group':
    case 'atomic':
      return leadsOf(node.body);
    case 'repeat':
      return ofRepeat(leadsOf(node.body), node.min, node.max);
    case 'set':
    case 'backref':
      return ANYTHING;
  }
}

function ofRepeat(body: readonly Lead[], min: number, max: number): readonly Lead[] {
  if (max === 0) return NOTHING;
  const once = max === 1 ? body : body.map(({ text }) => ({ text, exact: false }));
  return bounded(min === 0 ? [...once, ...NOTHING] : once);
}

function ofSequence(items: readonly Node[]): readonly Lead[] {
  let leads = NOTHING;
  for (const item of items) {
    if (!leads.some(({ exact }) => exact)) break;
    const next = leadsOf(item);
    leads = bounded(leads.flatMap((lead) => (lead.exact ? next.map(({ text, exact }) => ({ text: lead.text + text, exact })) : [lead])));
  }
  return leads;
}

/** Few and short leads: what is cut off is no longer exact, and too many are none. */
function bounded(leads: readonly Lead[]): readonly Lead[] {
  if (leads.length > MOST_LEADS) return ANYTHING;
  return leads.map((lead) => (lead.text.length > LONGEST ? { text: lead.text.slice(0, LONGEST), exact: false } : lead));
}
