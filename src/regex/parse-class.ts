/** Reads a class (`[…]`, its opening bracket taken) of a pattern into a node. */
import type { CharSet, ClassLetter } from './charset';
import { asciiClass, foldChar, foldRanges, normalize, pairsOf } from './charset';
import { isCased } from './casing';
import type { Escape } from './parse-escape';
import type { Flags } from './flags';
import type { Node } from './tree';
import type { TokenReader } from './reader';
import { lengthOf } from './reader';
import { readClassEscape } from './parse-escape';

export function readClass(reader: TokenReader, flags: Flags): Node {
  const start = reader.tell() - 1;
  const negated = reader.match('^');
  const pairs: [number, number][] = [];
  const classes = new Set<ClassLetter>();
  const add = (member: Escape) => {
    if (member.kind === 'class') classes.add(member.letter);
    else if (member.kind === 'char') pairs.push([member.code, member.code]);
  };
  for (;;) {
    const token = take(reader, start);
    if (token === ']' && pairs.length + classes.size > 0) break;
    const first = readMember(reader, token);
    if (!reader.match('-')) {
      add(first);
      continue;
    }
    const end = take(reader, start);
    if (end === ']') {
      add(first);
      pairs.push([0x2d, 0x2d]);
      break;
    }
    const last = readMember(reader, end);
    if (first.kind !== 'char' || last.kind !== 'char' || last.code < first.code) {
      throw reader.error(`bad character range ${token}-${end}`, lengthOf(token) + 1 + lengthOf(end));
    }
    pairs.push([first.code, last.code]);
  }
  return classNode(negated, pairs, classes, flags);
}

function take(reader: TokenReader, start: number): string {
  const token = reader.get();
  if (token === null) throw reader.error('unterminated character set', reader.tell() - start);
  return token;
}

function readMember(reader: TokenReader, token: string): Escape {
  return token.startsWith('\\') ? readClassEscape(reader, token) : { kind: 'char', code: token.codePointAt(0)! };
}

/** The node of a class: a single character where it is one. */
function classNode(negated: boolean, pairs: [number, number][], classes: ReadonlySet<ClassLetter>, flags: Flags): Node {
  const named = flags.ascii ? [...classes].flatMap((letter) => pairsOf(asciiClass(letter))) : [];
  let ranges: readonly number[] = normalize(pairs);
  if (!negated && classes.size === 0 && ranges.length === 2 && ranges[0] === ranges[1]) return charNode(ranges[0]!, flags);
  if (flags.ignoreCase) {
    const single = classes.size === 0 && ranges.length === 2 && ranges[0] === ranges[1];
    ranges = single ? foldChar(ranges[0]!, flags.ascii) : foldRanges(ranges, flags.ascii);
  }
  const set: CharSet = { negated, ranges: normalize([...pairsOf(ranges), ...named]), classes: flags.ascii ? [] : [...classes] };
  return { type: 'set', set };
}

/** The node of one character under the flags in effect. */
export function charNode(code: number, flags: Flags): Node {
  if (!flags.ignoreCase || !isCased(code, flags.ascii)) return { type: 'char', code };
  return { type: 'set', set: { negated: false, ranges: foldChar(code, flags.ascii), classes: [] } };
}

/** The node of `\d`, `\W` … under the flags in effect. */
export function letterNode(letter: ClassLetter, flags: Flags): Node {
  const set: CharSet = flags.ascii
    ? { negated: false, ranges: asciiClass(letter), classes: [] }
    : { negated: false, ranges: [], classes: [letter] };
  return { type: 'set', set };
}
