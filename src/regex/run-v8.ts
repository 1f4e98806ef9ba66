/** A Pattern that runs as a RegExp: one for texts of ASCII only, and one for all others, made when the first such text comes. */
import type { Emitted } from './emit';
import { emitRegExp } from './emit';
import { RegExpMatch } from './matched';
import type { Pattern, PatternMatch } from './pattern';
import type { PatternTree } from './tree';

const NOT_ASCII = /[^\x00-\x7f]/; // eslint-disable-line no-control-regex
let lastText = '';
let lastIsAscii = true;

/** Many patterns see the same text one after the other, so the last answer is kept. */
function isAscii(text: string): boolean {
  if (text !== lastText) {
    lastIsAscii = !NOT_ASCII.test(text);
    lastText = text;
  }
  return lastIsAscii;
}

export class RegExpPattern implements Pattern {
  readonly way = 'v8';
  readonly groupNames: readonly string[];
  readonly groupCount: number;
  readonly names: ReadonlyMap<string, number>;
  readonly #emitted: Emitted;
  readonly #ascii: RegExp;
  #full: RegExp | null = null;

  /** @throws NotExpressible when RegExp has no exact form of the pattern */
  constructor(
    readonly source: string,
    readonly tree: PatternTree,
    readonly required: readonly string[] | null,
    readonly offsets: boolean,
  ) {
    this.#emitted = emitRegExp(tree, 'ascii');
    this.names = tree.names;
    this.groupNames = [...tree.names.keys()];
    this.groupCount = tree.groupCount;
    this.#ascii = this.#build(this.#emitted);
  }

  #build(emitted: Emitted): RegExp {
    return new RegExp(emitted.source, `g${emitted.flags}${this.offsets ? 'd' : ''}`);
  }

  #for(text: string): RegExp {
    if (isAscii(text)) return this.#ascii;
    this.#full ??= this.#build(emitRegExp(this.tree, 'full'));
    return this.#full;
  }

  search(text: string, from = 0, to = text.length): PatternMatch | null {
    const searched = to < text.length ? text.slice(0, to) : text;
    const regExp = this.#for(searched);
    regExp.lastIndex = from;
    const result = regExp.exec(searched);
    return result === null ? null : new RegExpMatch(this, this.#emitted.slots, result);
  }

  test(text: string): boolean {
    const regExp = this.#for(text);
    regExp.lastIndex = 0;
    return regExp.test(text);
  }
}
