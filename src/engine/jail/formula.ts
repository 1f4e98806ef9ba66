/** An expression of `bantime.formula` or `bantime.factor` becomes a function: the arithmetic of Python that jail.conf(5) shows, nothing else. */
import { FormulaError, tokensOf, type Token } from './formula-lexer';
import { FUNCTIONS, OPERATORS, VARIABLES, type FormulaInput } from './formula-words';

/** Works the expression out; NaN where Python would raise an error. */
export type Formula = (input: FormulaInput) => number;

const COMPARISONS = ['<', '>', '<=', '>=', '==', '!='];
/** Loosest first; all of them group to the left. */
const LEVELS = [
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '//', '%'],
];
const MAX_DEPTH = 50;

/**
 * Compiles an expression: numbers, `+ - * / // % ** << >>`, comparisons, `and or not`, `a if c else b`, parentheses,
 * `ban.Time`, `ban.Count`, `banFactor`, `math.…`, `float int round abs min max pow`, `random.random()`.
 * @throws FormulaError what is wrong, and in which column
 */
export function compileFormula(text: string): Formula {
  const parser = new FormulaParser(tokensOf(text));
  return parser.whole();
}

class FormulaParser {
  #at = 0;
  #depth = 0;

  constructor(readonly tokens: readonly Token[]) {}

  whole(): Formula {
    const formula = this.#conditional();
    const rest = this.#peek();
    if (rest.kind !== 'end') throw new FormulaError(`unexpected '${rest.text}'`, rest.column);
    return formula;
  }

  #conditional(): Formula {
    if (++this.#depth > MAX_DEPTH) throw new FormulaError('too deep', this.#peek().column);
    const value = this.#either();
    let result = value;
    if (this.#accept('if')) {
      const condition = this.#either();
      this.#expect('else');
      const other = this.#conditional();
      result = (input) => (isTrue(condition(input)) ? value(input) : other(input));
    }
    this.#depth--;
    return result;
  }

  #either(): Formula {
    let left = this.#both();
    while (this.#accept('or')) {
      const [first, right] = [left, this.#both()];
      left = (input) => {
        const value = first(input);
        return isTrue(value) ? value : right(input);
      };
    }
    return left;
  }

  #both(): Formula {
    let left = this.#negation();
    while (this.#accept('and')) {
      const [first, right] = [left, this.#negation()];
      left = (input) => {
        const value = first(input);
        return isTrue(value) ? right(input) : value;
      };
    }
    return left;
  }

  #negation(): Formula {
    let negations = 0;
    while (this.#accept('not')) negations++;
    const value = this.#comparison();
    if (negations === 0) return value;
    return (input) => Number(isTrue(value(input)) === (negations % 2 === 0));
  }

  /** As in Python, `a < b < c` means `a < b and b < c`. */
  #comparison(): Formula {
    let left = this.#level(0);
    const holds: Formula[] = [];
    for (let sign = this.#acceptOf(COMPARISONS); sign !== null; sign = this.#acceptOf(COMPARISONS)) {
      const [first, right, compare] = [left, this.#level(0), operator(sign)];
      holds.push((input) => compare(first(input), right(input)));
      left = right;
    }
    return holds.length === 0 ? left : (input) => Number(holds.every((hold) => isTrue(hold(input))));
  }

  #level(level: number): Formula {
    const signs = LEVELS[level];
    if (signs === undefined) return this.#signed();
    let left = this.#level(level + 1);
    for (let sign = this.#acceptOf(signs); sign !== null; sign = this.#acceptOf(signs)) {
      const [first, right, apply] = [left, this.#level(level + 1), operator(sign)];
      left = (input) => apply(first(input), right(input));
    }
    return left;
  }

  #signed(): Formula {
    let negative = false;
    for (let sign = this.#acceptOf(['-', '+']); sign !== null; sign = this.#acceptOf(['-', '+'])) if (sign === '-') negative = !negative;
    const value = this.#power();
    return negative ? (input) => -value(input) : value;
  }

  #power(): Formula {
    const base = this.#atom();
    if (!this.#accept('**')) return base;
    if (++this.#depth > MAX_DEPTH) throw new FormulaError('too deep', this.#peek().column);
    const [exponent, apply] = [this.#signed(), operator('**')];
    this.#depth--;
    return (input) => apply(base(input), exponent(input));
  }

  #atom(): Formula {
    const token = this.#next();
    if (token.kind === 'number') {
      const value = Number(token.text);
      return () => value;
    }
    if (token.text === '(') {
      const value = this.#conditional();
      this.#expect(')');
      return value;
    }
    if (token.kind === 'name') return this.#named(token);
    throw new FormulaError(token.kind === 'end' ? 'the expression ends too early' : `unexpected '${token.text}'`, token.column);
  }

  #named(token: Token): Formula {
    let name = token.text;
    while (this.#accept('.')) name += `.${this.#next().text}`;
    const known = FUNCTIONS.get(name);
    if (known === undefined || !this.#accept('(')) {
      const variable = VARIABLES.get(name);
      if (variable === undefined) throw new FormulaError(`unknown name '${name}'`, token.column);
      return variable;
    }
    const args = this.#arguments();
    if (args.length < known.least || args.length > known.most) {
      throw new FormulaError(`'${name}' takes another number of arguments`, token.column);
    }
    return (input) =>
      known.work(
        args.map((argument) => argument(input)),
        input,
      );
  }

  #arguments(): readonly Formula[] {
    const args: Formula[] = [];
    if (this.#accept(')')) return args;
    do args.push(this.#conditional());
    while (this.#accept(','));
    this.#expect(')');
    return args;
  }

  #peek(): Token {
    return this.tokens[this.#at] ?? { kind: 'end', text: '', column: 1 };
  }

  #next(): Token {
    const token = this.#peek();
    this.#at++;
    return token;
  }

  #accept(text: string): boolean {
    return this.#acceptOf([text]) !== null;
  }

  #acceptOf(texts: readonly string[]): string | null {
    const token = this.#peek();
    if (token.kind === 'end' || !texts.includes(token.text)) return null;
    this.#at++;
    return token.text;
  }

  #expect(text: string): void {
    const token = this.#peek();
    if (!this.#accept(text)) throw new FormulaError(`'${text}' expected`, token.column);
  }
}

function operator(sign: string): (a: number, b: number) => number {
  return OPERATORS.get(sign) ?? (() => NaN);
}

function isTrue(value: number): boolean {
  return value !== 0;
}
