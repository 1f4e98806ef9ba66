/** Makes short texts from parts of a pattern: one that a part matches, and one that leads a search up to a part. */
import { hasCode, type CharSet } from './charset';
import type { Node } from './tree';
import { childrenOf } from './tree';

/** Signs that are tried for a set, in this order: what a reader of the text understands best. */
const LIKED = [...'a0 -.:/_xA@,=;"\'()[]<>!#%&*+?|~^$`{}\\\t'];
/** Longer texts are not made: a count of a thousand is not written out. */
const LONGEST = 1000;

/** A character of a set; null for one that has none of ASCII. */
export function exampleOfSet(set: CharSet): string | null {
  const liked = LIKED.find((char) => hasCode(set, char.charCodeAt(0)));
  if (liked !== undefined) return liked;
  for (let code = 0; code < 128; code++) if (hasCode(set, code)) return String.fromCharCode(code);
  return null;
}

/** A short text that a part matches, as far as that is told by the part alone: look-arounds and back references count as empty. */
export function exampleOf(node: Node): string {
  switch (node.type) {
    case 'char':
      return String.fromCodePoint(node.code);
    case 'set':
      return exampleOfSet(node.set) ?? '';
    case 'sequence':
      return node.items.map(exampleOf).join('').slice(0, LONGEST);
    case 'alternation':
      return shortest(node.branches.map(exampleOf));
    case 'conditional':
      return shortest([exampleOf(node.yes), exampleOf(node.no)]);
    case 'group':
    case 'atomic':
      return exampleOf(node.body);
    case 'repeat': {
      const once = exampleOf(node.body);
      return once.repeat(Math.min(node.min, Math.ceil(LONGEST / Math.max(1, once.length)))).slice(0, LONGEST);
    }
    case 'look':
    case 'backref':
    case 'anchor':
      return '';
  }
}

/** A text that leads from the beginning of `node` up to `part`; null when `part` is not in it. */
export function exampleBefore(node: Node, part: Node): string | null {
  if (node === part) return '';
  const before: string[] = [];
  for (const child of childrenOf(node)) {
    const inner = exampleBefore(child, part);
    if (inner !== null) return (node.type === 'sequence' ? before.join('') + inner : inner).slice(0, LONGEST);
    before.push(exampleOf(child));
  }
  return null;
}

function shortest(texts: readonly string[]): string {
  return texts.reduce((best, text) => (text.length < best.length ? text : best), texts[0] ?? '');
}
