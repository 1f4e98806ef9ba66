/** The text of a ban-time expression becomes tokens. */

export interface Token {
  readonly kind: 'number' | 'name' | 'operator' | 'end';
  readonly text: string;
  /** Counted from 1. */
  readonly column: number;
}

/** What is wrong with an expression, and where. */
export class FormulaError extends Error {
  constructor(
    readonly reason: string,
    /** Counted from 1. */
    readonly column: number,
  ) {
    super(`${reason} (column ${column})`);
    this.name = 'FormulaError';
  }
}

const MAX_LENGTH = 1000;
const TOKEN = /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|(\*\*|\/\/|<<|>>|<=|>=|==|!=|[-+*/%()<>,.]))/y;

/** Cuts the text into tokens; the last one is of kind `end`. Throws a FormulaError for what is none of an expression's signs. */
export function tokensOf(text: string): readonly Token[] {
  if (text.length > MAX_LENGTH) throw new FormulaError(`an expression has at most ${MAX_LENGTH} characters`, MAX_LENGTH);
  const tokens: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== '') {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) {
      const bad = text.slice(at).trimStart();
      throw new FormulaError(`'${bad.charAt(0)}' has no place in an expression`, text.length - bad.length + 1);
    }
    at = TOKEN.lastIndex;
    const [, number, name, operator] = match;
    const token = number ?? name ?? operator ?? '';
    const kind = number !== undefined ? 'number' : name !== undefined ? 'name' : 'operator';
    tokens.push({ kind, text: token, column: at - token.length + 1 });
  }
  tokens.push({ kind: 'end', text: '', column: text.length + 1 });
  return tokens;
}
