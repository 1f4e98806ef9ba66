/** From what a scanner found for all the readers of a file, the lines in which one of a filter's own literals may stand. */
import type { LineBlock } from '../../base/line-block';
import type { LiteralScanner } from '../../base/literal-scan';

/** Lines of a block that a filter is to look at. */
export interface WantedLines {
  readonly lines: number[];
  /** For each line, where its literals begin in `literals`; without any, it was not scanned. */
  readonly first: number[];
  /** Indices of the filter's literals that stand in the lines. */
  readonly literals: number[];
}

const NOT_OURS = -1;

function addLine({ lines, first, literals }: WantedLines, line: number): void {
  if (lines[lines.length - 1] === line) return;
  lines.push(line);
  first.push(literals.length);
}

export class LookedFor {
  /** For the last scanner: which of ours its literals are; null when it did not look for all of ours. */
  #scanner: LiteralScanner | null = null;
  #ours: Int32Array | null = null;

  constructor(readonly literals: readonly string[] | null) {}

  /** The lines in order, each once; null when nobody looked for the filter's literals. */
  linesIn(block: LineBlock): WantedLines | null {
    const ours = this.#oursOf(block.scanner);
    if (ours === null) return null;
    const { foundLines, foundLiterals, unscanned } = block;
    const wanted: WantedLines = { lines: [], first: [], literals: [] };
    for (let at = 0, missed = 0; at <= foundLines.length; at++) {
      const line = at < foundLines.length ? (foundLines[at] as number) : block.length;
      for (; missed < unscanned.length && (unscanned[missed] as number) < line; missed++) addLine(wanted, unscanned[missed] as number);
      const literal = at < foundLines.length ? (ours[foundLiterals[at] as number] as number) : NOT_OURS;
      if (literal === NOT_OURS) continue;
      addLine(wanted, line);
      wanted.literals.push(literal);
    }
    return wanted;
  }

  #oursOf(scanner: LiteralScanner | null): Int32Array | null {
    if (this.#scanner === scanner) return this.#ours;
    this.#scanner = scanner;
    this.#ours = null;
    if (scanner === null || this.literals === null) return null;
    const places = new Map(scanner.literals.map((literal, index) => [literal, index]));
    const ours = new Int32Array(scanner.literals.length).fill(NOT_OURS);
    for (const [index, literal] of this.literals.entries()) {
      const place = places.get(literal);
      if (place === undefined) return null;
      ours[place] = index;
    }
    return (this.#ours = ours);
  }
}
