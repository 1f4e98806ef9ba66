/** Which characters a part of a pattern may take, roughly: each of ASCII by itself, the others in three kinds. */
import { hasCode } from './charset';
import type { CharSet } from './charset';
import type { Node } from './tree';
import { childrenOf } from './tree';
import { isNullable } from './analyse';

/** One flag for each ASCII character, then for letters and digits beyond ASCII, for spaces beyond ASCII, for all others. */
export type Characters = Uint8Array;

const WORDS = 128;
const SPACES = 129;
const OTHERS = 130;

export function overlaps(a: Characters, b: Characters): boolean {
  return a.some((flag, i) => flag === 1 && b[i] === 1);
}

export function none(): Characters {
  return new Uint8Array(131);
}

export function either(a: Characters, b: Characters): Characters {
  return a.map((flag, i) => flag | b[i]!);
}

/** All characters that `node` may take (more when in doubt). */
export function allOf(node: Node): Characters {
  const characters = none();
  const visit = (part: Node) => {
    if (part.type === 'look') return;
    addOwn(part, characters);
    childrenOf(part).forEach(visit);
  };
  visit(node);
  return characters;
}

/** The characters that what `node` matches may begin with (more when in doubt). */
export function firstOf(node: Node): Characters {
  const characters = none();
  addFirst(node, characters);
  return characters;
}

function addFirst(node: Node, into: Characters): void {
  if (node.type === 'look') return;
  addOwn(node, into);
  for (const child of childrenOf(node)) {
    addFirst(child, into);
    if (node.type === 'sequence' && !isNullable(child)) return;
  }
}

function addOwn(node: Node, into: Characters): void {
  if (node.type === 'backref') into.fill(1);
  else if (node.type === 'char') addSet({ negated: false, ranges: [node.code, node.code], classes: [] }, into);
  else if (node.type === 'set') addSet(node.set, into);
}

function addSet(set: CharSet, into: Characters): void {
  for (let code = 0; code < 128; code++) if (hasCode(set, code)) into[code] = 1;
  const classes = new Set(set.classes);
  if (set.negated) {
    if (!classes.has('w')) into[WORDS] = 1;
    if (!classes.has('s')) into[SPACES] = 1;
    if (!classes.has('W') && !classes.has('S') && !classes.has('D')) into[OTHERS] = 1;
    return;
  }
  const beyond = (set.ranges.at(-1) ?? 0) > 127;
  if (beyond || classes.has('w') || classes.has('d') || classes.has('S') || classes.has('D')) into[WORDS] = 1;
  if (beyond || classes.has('s') || classes.has('W') || classes.has('D')) into[SPACES] = 1;
  if (beyond || classes.has('W') || classes.has('S') || classes.has('D')) into[OTHERS] = 1;
}
