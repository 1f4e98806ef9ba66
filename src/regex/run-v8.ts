/** A Pattern that runs as a RegExp: one for texts of ASCII only, and one for all others, made when the first such text comes. */
import type { Emitted } from './emit';
import { emitRegExp } from './emit';
import { RegExpMatch } from './matched';
import { requiredLiterals } from './literals';
import type { Pattern, PatternMatch } from './pattern';
import { possibleStarts } from './starts';
import type { PatternTree } from './tree';

const NOT_ASCII = /[^\x00-\x7f]/;
let lastText = '';
let lastIsAscii = true;

/** Tells that a text is of ASCII only: patterns that search it next need not look. */
export function holdAscii(text: string): void {
  lastText = text;
  lastIsAscii = true;
}

/** Many patterns see the same text one after the other, so the last answer is kept. */
function isAscii(text: string): boolean {
  if (text !== lastText) {
    lastIsAscii = !NOT_ASCII.test(text);
    lastText = text;
  }
  return lastIsAscii;
}

export class RegExpPattern implements Pattern {
  #required: readonly string[] | null | undefined;
  readonly way = 'v8';
  readonly groupNames: readonly string[];
  readonly groupCount: number;
  readonly names: ReadonlyMap<string, number>;
  readonly starts: readonly string[] | null;
  readonly #namedSlots: readonly (readonly number[])[];
  readonly #emitted: Emitted;
  readonly #ascii: RegExp;
  #full: RegExp | null = null;

  /** @throws NotExpressible when RegExp has no exact form of the pattern */
  constructor(
    readonly source: string,
    readonly tree: PatternTree,
    readonly offsets: boolean,
    readonly leastPerSign = 0,
  ) {
    this.#emitted = emitRegExp(tree, 'ascii');
    this.names = tree.names;
    this.groupNames = [...tree.names.keys()];
    this.groupCount = tree.groupCount;
    this.starts = possibleStarts(tree.root);
    this.#namedSlots = [...tree.names.values()].map((index) => this.#emitted.slots[index] ?? []);
    this.#ascii = this.#build(this.#emitted);
  }

  #build(emitted: Emitted): RegExp {
    return new RegExp(emitted.source, `g${emitted.flags}${this.offsets ? 'd' : ''}`);
  }

  /** Looked for when it is first asked for: nobody asks it of dates. */
  get required(): readonly string[] | null {
    if (this.#required === undefined) this.#required = requiredLiterals(this.tree.root);
    return this.#required;
  }

  search(text: string, from = 0, to = text.length): PatternMatch | null {
    const searched = to < text.length ? text.slice(0, to) : text;
    const result = isAscii(searched) ? execFrom(this.#ascii, searched, from) : this.#searchFull(searched, from);
    return result === null ? null : new RegExpMatch(this, this.#emitted.slots, this.#namedSlots, result);
  }

  test(text: string): boolean {
    if (!isAscii(text)) return this.#searchFull(text, 0) !== null;
    this.#ascii.lastIndex = 0;
    return this.#ascii.test(text);
  }

  #searchFull(text: string, from: number): RegExpExecArray | null {
    this.#full ??= this.#build(emitRegExp(this.tree, 'full'));
    let result = execFrom(this.#full, text, from);
    // V8 finds empty matches also between the two units of one character.
    while (result !== null && splitsCharacter(text, result.index)) result = execFrom(this.#full, text, result.index + 1);
    return result;
  }
}

function execFrom(regExp: RegExp, text: string, from: number): RegExpExecArray | null {
  regExp.lastIndex = from;
  return regExp.exec(text);
}

function splitsCharacter(text: string, position: number): boolean {
  if (position === 0 || position >= text.length) return false;
  const before = text.charCodeAt(position - 1);
  const after = text.charCodeAt(position);
  return before >= 0xd800 && before < 0xdc00 && after >= 0xdc00 && after < 0xe000;
}
