/** Tells whether all that a pattern finds in a line is decided by what stands from the first `[` to the character behind the next `]`. */
import { hasCode } from './charset';
import { parsePattern } from './parse';
import { contains, type Node } from './tree';
import { widthOf } from './width';

const OPENING = 0x5b;
const CLOSING = 0x5d;

/** What is known of patterns: they are few, and asked about often. */
const known = new Map<string, boolean>();
const MOST = 1000;

/**
 * True for `^[^\[]*\[…`, where the rest never goes back, never takes a `]` unless at its very end, and looks one character ahead at most.
 * Then two lines that are alike from their first `[` to the character behind the next `]` are alike for the pattern, from that `[` on.
 */
export function isBracketed(source: string): boolean {
  let answer = known.get(source);
  if (answer === undefined) {
    if (known.size >= MOST) known.clear();
    known.set(source, (answer = looksWithin(source)));
  }
  return answer;
}

function looksWithin(source: string): boolean {
  const { root } = parsePattern(source);
  const items = root.type === 'sequence' ? root.items : [];
  const [start, lead, ...rest] = items;
  if (start?.type !== 'anchor' || start.at !== 'start' || lead === undefined || !isLead(lead)) return false;
  const flat = rest.flatMap(flattened);
  if (flat[0]?.type !== 'char' || flat[0].code !== OPENING) return false;
  const end = flat.findIndex((node) => node.type === 'char' && node.code === CLOSING);
  const within = end < 0 ? flat : flat.slice(0, end);
  const behind = end < 0 ? [] : flat.slice(end + 1);
  return flat.every(looksNear) && !within.some(takesClosing) && behind.every((node) => node.type === 'anchor' || node.type === 'look');
}

/** `[^\[]*` */
function isLead(node: Node): boolean {
  if (node.type !== 'repeat' || node.min !== 0 || node.max !== Infinity || node.mode !== 'greedy' || node.body.type !== 'set') return false;
  const { negated, ranges, classes } = node.body.set;
  return negated && classes.length === 0 && ranges.length === 2 && ranges[0] === OPENING && ranges[1] === OPENING;
}

/** The parts of sequences and groups, one behind the other. */
function flattened(node: Node): readonly Node[] {
  if (node.type === 'sequence') return node.items.flatMap(flattened);
  return node.type === 'group' ? flattened(node.body) : [node];
}

function looksNear(node: Node): boolean {
  return !contains(node, (part) => part.type === 'look' && !(part.ahead && widthOf(part.body, [])[1] <= 1 && !hasInnerLook(part.body)));
}

function hasInnerLook(body: Node): boolean {
  return contains(body, (part) => part.type === 'look' || part.type === 'backref');
}

function takesClosing(node: Node): boolean {
  if (node.type === 'look') return false;
  if (node.type === 'char') return node.code === CLOSING;
  if (node.type === 'set') return hasCode(node.set, CLOSING);
  return 'body' in node
    ? takesClosing(node.body)
    : node.type === 'sequence'
      ? node.items.some(takesClosing)
      : node.type === 'alternation'
        ? node.branches.some(takesClosing)
        : node.type === 'conditional' && (takesClosing(node.yes) || takesClosing(node.no));
}
