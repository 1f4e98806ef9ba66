/** From what a scanner found for all the readers of a file, the lines in which one of a filter's own literals may stand. */
import type { LineBlock } from '../../base/line-block';
import type { LiteralScanner } from '../../base/literal-scan';

export class LookedFor {
  /** For the last scanner: which of its literals are ours; null when it did not look for all of ours. */
  #scanner: LiteralScanner | null = null;
  #ours: Uint8Array | null = null;

  constructor(readonly literals: readonly string[] | null) {}

  /** The lines in order, each once; null when nobody looked for the filter's literals. */
  linesIn(block: LineBlock): readonly number[] | null {
    const ours = this.#oursOf(block.scanner);
    if (ours === null) return null;
    const { foundLines, foundLiterals, unscanned } = block;
    const lines: number[] = [];
    for (let at = 0; at < foundLines.length; at++) {
      const line = foundLines[at] as number;
      if (ours[foundLiterals[at] as number] === 1 && lines[lines.length - 1] !== line) lines.push(line);
    }
    return unscanned.length === 0 ? lines : [...new Set([...lines, ...unscanned])].sort((a, b) => a - b);
  }

  #oursOf(scanner: LiteralScanner | null): Uint8Array | null {
    if (this.#scanner === scanner) return this.#ours;
    this.#scanner = scanner;
    this.#ours = null;
    if (scanner === null || this.literals === null) return null;
    const places = new Map(scanner.literals.map((literal, index) => [literal, index]));
    const ours = new Uint8Array(scanner.literals.length);
    for (const literal of this.literals) {
      const place = places.get(literal);
      if (place === undefined) return null;
      ours[place] = 1;
    }
    return (this.#ours = ours);
  }
}
