/** Match objects over what a RegExp's exec or our own matcher gave; groups are looked up only when asked for. */
import type { PatternMatch } from './pattern';

/** Groups of a pattern: names to numbers. */
export interface GroupTable {
  readonly names: ReadonlyMap<string, number>;
  readonly groupCount: number;
}

/** The number of a group by its name or number. */
function numberOf(table: GroupTable, key: string | number): number {
  const index = typeof key === 'number' ? key : table.names.get(key);
  if (index === undefined || index < 0 || index > table.groupCount) throw new RangeError(`no such group: ${key}`);
  return index;
}

/** A match of a RegExp. */
export class RegExpMatch implements PatternMatch {
  constructor(
    readonly table: GroupTable,
    readonly slots: readonly (readonly number[])[],
    readonly namedSlots: readonly (readonly number[])[],
    readonly result: RegExpExecArray,
  ) {}

  get start(): number {
    return this.result.index;
  }

  get end(): number {
    return this.result.index + this.result[0].length;
  }

  group(key: string | number): string | null {
    return this.#text(numberOf(this.table, key));
  }

  namedAt(place: number): string | null {
    const slots = this.namedSlots[place] as readonly number[];
    return slots.length === 1 ? (this.result[slots[0] as number] ?? null) : this.#textOf(slots);
  }

  #text(index: number): string | null {
    return this.#textOf(this.slots[index]!);
  }

  #textOf(slots: readonly number[]): string | null {
    for (const slot of slots) {
      const text = this.result[slot];
      if (text !== undefined) return text;
    }
    return null;
  }

  span(key: string | number): readonly [number, number] | null {
    const index = numberOf(this.table, key);
    if (index === 0) return [this.start, this.end];
    if (this.result.indices === undefined) throw new Error('the pattern was compiled without offsets');
    for (const slot of this.slots[index]!) {
      const span = this.result.indices[slot];
      if (span !== undefined) return span;
    }
    return null;
  }

  groups(): Record<string, string | null> {
    const groups: Record<string, string | null> = {};
    for (const [name, index] of this.table.names) groups[name] = this.#text(index);
    return groups;
  }
}

/** The same, with the numbers of the named groups in order. */
export interface NumberedTable extends GroupTable {
  readonly named: readonly number[];
}

/** A match of our own matcher: `marks` holds start and end of each group, -1 where it took no part. */
export class MarksMatch implements PatternMatch {
  constructor(
    readonly table: NumberedTable,
    readonly text: string,
    readonly marks: Int32Array,
  ) {}

  get start(): number {
    return this.marks[0]!;
  }

  get end(): number {
    return this.marks[1]!;
  }

  group(key: string | number): string | null {
    return this.#text(numberOf(this.table, key));
  }

  namedAt(place: number): string | null {
    return this.#text(this.table.named[place] as number);
  }

  #text(index: number): string | null {
    const start = this.marks[2 * index]!;
    const end = this.marks[2 * index + 1]!;
    return start < 0 || end < start ? null : this.text.slice(start, end);
  }

  span(key: string | number): readonly [number, number] | null {
    const index = numberOf(this.table, key);
    const start = this.marks[2 * index]!;
    const end = this.marks[2 * index + 1]!;
    return start < 0 || end < start ? null : [start, end];
  }

  groups(): Record<string, string | null> {
    const groups: Record<string, string | null> = {};
    for (const [name, index] of this.table.names) groups[name] = this.#text(index);
    return groups;
  }
}
