/** Reads a pattern token by token (a character, or a backslash with its character) and makes errors with Python's positions. */
import { PatternError } from './pattern';

/** Number of characters (code points) of a text. */
export function lengthOf(text: string): number {
  return [...text].length;
}

export class TokenReader {
  readonly #characters: readonly string[];
  #index = 0;
  /** The token that comes; null at the end. */
  next: string | null = null;

  constructor(readonly source: string) {
    this.#characters = [...source];
    this.#advance();
  }

  #advance(): void {
    const character = this.#characters[this.#index];
    if (character === undefined) {
      this.next = null;
      return;
    }
    this.#index++;
    this.next = character;
    if (character !== '\\') return;
    const escaped = this.#characters[this.#index];
    if (escaped === undefined) throw new PatternError('bad escape (end of pattern)', this.source, this.#characters.length - 1);
    this.#index++;
    this.next = character + escaped;
  }

  /** Takes the next token. */
  get(): string | null {
    const token = this.next;
    this.#advance();
    return token;
  }

  /** Takes the next token if it is `token`. */
  match(token: string): boolean {
    if (this.next !== token) return false;
    this.#advance();
    return true;
  }

  /** Takes up to `count` tokens that `allowed` has. */
  getWhile(count: number, allowed: string): string {
    let result = '';
    while (count-- > 0 && this.next !== null && this.next.length === 1 && allowed.includes(this.next)) result += this.get()!;
    return result;
  }

  /** Takes all up to `terminator`, which is taken too; `what` names it in errors. */
  getUntil(terminator: string, what: string): string {
    let result = '';
    for (;;) {
      const token = this.get();
      if (token === null) {
        if (result === '') throw this.error(`missing ${what}`);
        throw this.error(`missing ${terminator}, unterminated name`, lengthOf(result));
      }
      if (token === terminator) {
        if (result === '') throw this.error(`missing ${what}`, 1);
        return result;
      }
      result += token;
    }
  }

  /** Where the next token begins. */
  tell(): number {
    return this.#index - (this.next === null ? 0 : lengthOf(this.next));
  }

  /** Goes back to `position`. */
  seek(position: number): void {
    this.#index = position;
    this.#advance();
  }

  /** An error that lies `back` characters before the next token. */
  error(reason: string, back = 0): PatternError {
    return new PatternError(reason, this.source, this.tell() - back);
  }
}
