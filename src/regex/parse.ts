/** Reads a pattern in the syntax of Python 3.11's `re` into a tree; what is wrong with it is said in Python's words. */
import type { Flags } from './flags';
import { applyFlags, flagsOf, isFlagToken, readFlags } from './flags';
import { readCounts, readGroupNumber } from './parse-count';
import { widthOf } from './width';
import type { Width } from './width';
import type { AnchorNode, LookNode, Node, PatternTree, RepeatMode } from './tree';
import { EMPTY } from './tree';
import type { PatternFlags } from './pattern';
import { PatternError } from './pattern';
import { TokenReader, lengthOf } from './reader';
import { charNode, letterNode, readClass } from './parse-class';
import { quote, readEscape } from './parse-escape';

/**
 * The tree of a pattern.
 * @param places is told at which character of the source each node begins
 * @throws PatternError with the reason and the position of Python's re.error
 */
export function parsePattern(source: string, flags: PatternFlags = {}, places: Map<Node, number> | null = null): PatternTree {
  return new Parser(source, flagsOf(flags), places).parse();
}

const WHITESPACE = ' \t\n\r\v\f';
const SPECIAL_NAME = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;
/** Deeper than any written pattern; keeps a hostile one from filling the stack. */
const MAX_DEPTH = 500;

class Parser {
  readonly #reader: TokenReader;
  readonly #names = new Map<string, number>();
  /** By number; undefined while the group is open. */
  readonly #widths: (Width | undefined)[] = [[0, 0]];
  readonly #conditionPositions = new Map<number, number>();
  readonly #globalFlags = new Set<string>();
  #flags: Flags;
  /** Groups from this number on were opened inside the look-behind being read. */
  #lookbehindGroups: number | null = null;
  #badLookbehind = false;
  #depth = 0;

  constructor(
    readonly source: string,
    flags: Flags,
    readonly places: Map<Node, number> | null,
  ) {
    this.#reader = new TokenReader(source);
    this.#flags = flags;
  }

  parse(): PatternTree {
    const branches = [this.#sequence(this.#flags, true)];
    while (this.#reader.match('|')) branches.push(this.#sequence(this.#flags, false));
    if (this.#reader.next !== null) throw this.#reader.error('unbalanced parenthesis');
    for (const [index, position] of this.#conditionPositions) {
      if (index >= this.#widths.length) throw new PatternError(`invalid group reference ${index}`, this.source, position);
    }
    if (this.#badLookbehind) throw new PatternError('look-behind requires fixed-width pattern', this.source, null);
    return { root: alternation(branches), groupCount: this.#widths.length - 1, names: this.#names };
  }

  #alternation(flags: Flags): Node {
    if (++this.#depth > MAX_DEPTH) throw new PatternError('too many nested groups', this.source, this.#reader.tell());
    const branches = [this.#sequence(flags, false)];
    while (this.#reader.match('|')) branches.push(this.#sequence(flags, false));
    this.#depth--;
    return alternation(branches);
  }

  /** @param first the very start of the pattern: only there may global flags stand */
  #sequence(given: Flags, first: boolean): Node {
    const reader = this.#reader;
    let flags = given;
    const items: Node[] = [];
    while (reader.next !== null && reader.next !== '|' && reader.next !== ')') {
      const [at, former] = [reader.tell(), items.at(-1)];
      const token = reader.get()!;
      if (flags.verbose && this.#skipVerbose(token)) continue;
      if (token.startsWith('\\')) items.push(this.#escape(token, flags));
      else if (token === '[') items.push(readClass(reader, flags));
      else if (token === '*' || token === '+' || token === '?' || token === '{') this.#quantifier(token, items, flags);
      else if (token === '.') items.push({ type: 'set', set: { negated: true, ranges: flags.dotAll ? [] : [10, 10], classes: [] } });
      else if (token === '^') items.push(anchor(flags.multiline ? 'lineStart' : 'start'));
      else if (token === '$') items.push(anchor(flags.multiline ? 'lineEnd' : 'endOrNewline'));
      else if (token !== '(') items.push(charNode(token.codePointAt(0)!, flags));
      else {
        const node = this.#group(flags, first && items.length === 0);
        if (node !== null) items.push(node);
        if (first && items.length === 0) flags = this.#flags;
      }
      if (this.places !== null) this.#place(items, at, former);
    }
    return items.length === 1 ? items[0]! : { type: 'sequence', items };
  }

  /** Notes where the last item begins; one that a quantifier took in begins where it began. */
  #place(items: Node[], at: number, former: Node | undefined): void {
    const last = items.at(-1);
    if (last === undefined || last === former) return;
    const node = { ...last };
    const place = last.type === 'repeat' && former !== undefined ? this.places?.get(former) : undefined;
    items[items.length - 1] = node;
    this.places?.set(node, place ?? at);
  }

  #skipVerbose(token: string): boolean {
    if (WHITESPACE.includes(token)) return true;
    if (token !== '#') return false;
    for (let skipped = this.#reader.get(); skipped !== null && skipped !== '\n';) skipped = this.#reader.get();
    return true;
  }

  #escape(token: string, flags: Flags): Node {
    const escape = readEscape(this.#reader, token);
    switch (escape.kind) {
      case 'char':
        return charNode(escape.code, flags);
      case 'class':
        return letterNode(escape.letter, flags);
      case 'anchor': {
        const at = ({ A: 'start', Z: 'end', b: 'word', B: 'notWord' } as const)[escape.letter];
        return { type: 'anchor', at, ascii: flags.ascii };
      }
      case 'backref': {
        if (escape.index >= this.#widths.length) {
          throw this.#reader.error(`invalid group reference ${escape.index}`, escape.length - 1);
        }
        return this.#backref(escape.index, escape.length, flags);
      }
    }
  }

  #backref(index: number, length: number, flags: Flags): Node {
    if (this.#widths[index] === undefined) throw this.#reader.error('cannot refer to an open group', length);
    this.#checkLookbehindGroup(index);
    return { type: 'backref', index, ignoreCase: flags.ignoreCase ? (flags.ascii ? 'ascii' : 'unicode') : 'no' };
  }

  #checkLookbehindGroup(index: number): void {
    if (this.#lookbehindGroups === null) return;
    if (this.#widths[index] === undefined) throw this.#reader.error('cannot refer to an open group');
    if (index >= this.#lookbehindGroups) throw this.#reader.error('cannot refer to group defined in the same lookbehind subpattern');
  }

  #quantifier(token: string, items: Node[], flags: Flags): void {
    const reader = this.#reader;
    const here = reader.tell();
    const counts = token === '{' ? readCounts(reader, here) : ({ '?': [0, 1], '*': [0, Infinity], '+': [1, Infinity] } as const)[token];
    if (counts === null || counts === undefined) {
      items.push(charNode(0x7b, flags));
      return;
    }
    const body = items.pop();
    if (body === undefined || body.type === 'anchor') throw reader.error('nothing to repeat', reader.tell() - here + 1);
    if (body.type === 'repeat') throw reader.error('multiple repeat', reader.tell() - here + 1);
    const mode: RepeatMode = reader.match('?') ? 'lazy' : reader.match('+') ? 'possessive' : 'greedy';
    items.push({ type: 'repeat', min: counts[0], max: counts[1], mode, body });
  }

  /** A group behind its `(`; null when it adds nothing (comment, global flags). */
  #group(flags: Flags, first: boolean): Node | null {
    const reader = this.#reader;
    const start = reader.tell() - 1;
    if (!reader.match('?')) return this.#capture(null, flags, start);
    const token = this.#need();
    if (token === 'P') return this.#pythonGroup(flags, start);
    if (token === ':') return this.#wrap(this.#body(flags, start));
    if (token === '>') return { type: 'atomic', body: this.#body(flags, start) };
    if (token === '#') return this.#comment(start);
    if (token === '=' || token === '!') return this.#look(true, token === '!', flags, start);
    if (token === '<') {
      const sign = this.#need();
      if (sign !== '=' && sign !== '!') throw reader.error(`unknown extension ?<${sign}`, lengthOf(sign) + 2);
      return this.#look(false, sign === '!', flags, start);
    }
    if (token === '(') return this.#conditional(flags, start);
    if (!isFlagToken(token)) throw reader.error(`unknown extension ?${token}`, lengthOf(token) + 1);
    const inline = readFlags(reader, token);
    if (!inline.global) return this.#wrap(this.#body(applyFlags(flags, inline, this.source, this.#globalFlags), start));
    if (!first) throw reader.error('global flags not at the start of the expression', reader.tell() - start);
    this.#flags = applyFlags(this.#flags, inline, this.source, this.#globalFlags);
    return null;
  }

  #need(): string {
    const token = this.#reader.get();
    if (token === null) throw this.#reader.error('unexpected end of pattern');
    return token;
  }

  #comment(start: number): null {
    for (;;) {
      if (this.#reader.next === null) throw this.#reader.error('missing ), unterminated comment', this.#reader.tell() - start);
      if (this.#reader.get() === ')') return null;
    }
  }

  /** A group without effect of its own; kept as a node so that a quantifier behind it takes all of it. */
  #wrap(body: Node): Node {
    return body.type === 'anchor' || body.type === 'repeat' ? { type: 'sequence', items: [body] } : body;
  }

  #body(flags: Flags, start: number): Node {
    const body = this.#alternation(flags);
    this.#close(start);
    return body;
  }

  #close(start: number): void {
    if (!this.#reader.match(')')) throw this.#reader.error('missing ), unterminated subpattern', this.#reader.tell() - start);
  }

  #capture(name: string | null, flags: Flags, start: number): Node {
    const index = this.#widths.length;
    if (name !== null) {
      const former = this.#names.get(name);
      if (former !== undefined) {
        const reason = `redefinition of group name ${quote(name)} as group ${index}; was group ${former}`;
        throw this.#reader.error(reason, lengthOf(name) + 1);
      }
      this.#names.set(name, index);
    }
    this.#widths.push(undefined);
    const body = this.#body(flags, start);
    this.#widths[index] = widthOf(body, this.#widths);
    return { type: 'group', index, body };
  }

  #pythonGroup(flags: Flags, start: number): Node {
    const reader = this.#reader;
    if (reader.match('<')) {
      const name = reader.getUntil('>', 'group name');
      this.#checkName(name);
      return this.#capture(name, flags, start);
    }
    if (reader.match('=')) {
      const name = reader.getUntil(')', 'group name');
      this.#checkName(name);
      const index = this.#names.get(name);
      if (index === undefined) throw reader.error(`unknown group name ${quote(name)}`, lengthOf(name) + 1);
      return this.#backref(index, lengthOf(name) + 1, flags);
    }
    const token = this.#need();
    throw reader.error(`unknown extension ?P${token}`, lengthOf(token) + 2);
  }

  #checkName(name: string): void {
    if (!SPECIAL_NAME.test(name)) throw this.#reader.error(`bad character in group name ${quote(name)}`, lengthOf(name) + 1);
  }

  #look(ahead: boolean, negated: boolean, flags: Flags, start: number): LookNode {
    const outer = this.#lookbehindGroups;
    if (!ahead && outer === null) this.#lookbehindGroups = this.#widths.length;
    const body = this.#alternation(flags);
    if (!ahead && outer === null) this.#lookbehindGroups = null;
    this.#close(start);
    const [least, greatest] = ahead ? [0, 0] : widthOf(body, this.#widths);
    if (least !== greatest) this.#badLookbehind = true;
    return { type: 'look', ahead, negated, body, width: least };
  }

  #conditional(flags: Flags, start: number): Node {
    const reader = this.#reader;
    const index = this.#condition(reader.getUntil(')', 'group name'));
    this.#checkLookbehindGroup(index);
    const yes = this.#sequence(flags, false);
    let no: Node = EMPTY;
    if (reader.match('|')) {
      no = this.#sequence(flags, false);
      if (reader.next === '|') throw reader.error('conditional backref with more than two branches');
    }
    this.#close(start);
    return { type: 'conditional', index, yes, no };
  }

  /** The number of the group that a condition names. */
  #condition(name: string): number {
    const reader = this.#reader;
    const length = lengthOf(name);
    if (SPECIAL_NAME.test(name)) {
      const index = this.#names.get(name);
      if (index === undefined) throw reader.error(`unknown group name ${quote(name)}`, length + 1);
      return index;
    }
    const index = readGroupNumber(reader, name);
    if (!this.#conditionPositions.has(index)) this.#conditionPositions.set(index, reader.tell() - length - 1);
    return index;
  }
}

function anchor(at: AnchorNode['at']): AnchorNode {
  return { type: 'anchor', at, ascii: false };
}

function alternation(branches: readonly Node[]): Node {
  return branches.length === 1 ? branches[0]! : { type: 'alternation', branches };
}
