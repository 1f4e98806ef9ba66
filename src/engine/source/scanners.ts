/** From the literals that the readers of a file ask for, one scanner for all of them; files with the same readers share it. */
import { canScan, LiteralScanner } from '../../base/literal-scan';
import type { Attachment } from './attachment';

/** Scanners that are kept for files which come later. */
const KEPT = 100;
/** More literals than this are no cheaper to look for than the regexes themselves. */
const MOST_LITERALS = 4000;
/** Of literals that cannot be scanned for. */
const NONE = -1;

export class Scanners {
  /** A number for each list of literals. */
  readonly #numbers = new WeakMap<readonly string[], number>();
  readonly #kept = new Map<string, LiteralScanner>();
  #count = 0;

  /** A scanner for the literals of those readers that name some; null when nobody does. */
  of(readers: readonly Pick<Attachment, 'reader'>[]): LiteralScanner | null {
    const wanted = new Set<readonly string[]>();
    let key = '';
    for (const { reader } of readers) {
      const literals = reader.literals?.() ?? null;
      const number = literals === null ? NONE : this.#numberOf(literals);
      if (literals === null || number === NONE || wanted.has(literals)) continue;
      wanted.add(literals);
      key += `${number} `;
    }
    if (wanted.size === 0) return null;
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const all = new Set([...wanted].flat());
    if (all.size > MOST_LITERALS) return null;
    const scanner = new LiteralScanner([...all]);
    if (this.#kept.size >= KEPT) this.#kept.delete(this.#kept.keys().next().value ?? '');
    this.#kept.set(key, scanner);
    return scanner;
  }

  #numberOf(literals: readonly string[]): number {
    const known = this.#numbers.get(literals);
    if (known !== undefined) return known;
    const number = literals.every(canScan) ? this.#count++ : NONE;
    this.#numbers.set(literals, number);
    return number;
  }
}
