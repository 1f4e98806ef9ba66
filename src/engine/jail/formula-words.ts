/** The names that a ban-time expression may use, and the arithmetic of Python that JavaScript's differs from. */
import { roundHalfEven } from '../../base/rounding';

/** What an expression is worked out for. */
export interface FormulaInput {
  /** `ban.Time`: the jail's ban time, seconds. */
  readonly time: number;
  /** `ban.Count`: how often the id was banned before. */
  readonly count: number;
  /** `banFactor`. */
  readonly factor: number;
  /** `random.random()`: from 0 to 1. */
  readonly random: () => number;
}

export const VARIABLES: ReadonlyMap<string, (input: FormulaInput) => number> = new Map([
  ['ban.Time', (input: FormulaInput) => input.time],
  ['ban.Count', (input: FormulaInput) => input.count],
  ['banFactor', (input: FormulaInput) => input.factor],
  ['math.pi', () => Math.PI],
  ['math.e', () => Math.E],
  ['True', () => 1],
  ['False', () => 0],
]);

export interface FormulaFunction {
  readonly least: number;
  readonly most: number;
  readonly work: (args: readonly number[], input: FormulaInput) => number;
}

const one = (work: (x: number) => number): FormulaFunction => ({ least: 1, most: 1, work: ([x = NaN]) => work(x) });
const logarithm: FormulaFunction = {
  least: 1,
  most: 2,
  work: ([x = NaN, base]) => (base === undefined ? Math.log(x) : Math.log(x) / Math.log(base)),
};

export const FUNCTIONS: ReadonlyMap<string, FormulaFunction> = new Map<string, FormulaFunction>([
  ['float', one((x) => x)],
  ['int', one(Math.trunc)],
  ['abs', one(Math.abs)],
  ['round', { least: 1, most: 2, work: ([x = NaN, digits = 0]) => roundHalfEven(x * 10 ** digits) / 10 ** digits }],
  ['min', { least: 1, most: 20, work: (args) => Math.min(...args) }],
  ['max', { least: 1, most: 20, work: (args) => Math.max(...args) }],
  ['pow', { least: 2, most: 2, work: ([x = NaN, y = NaN]) => x ** y }],
  ['math.pow', { least: 2, most: 2, work: ([x = NaN, y = NaN]) => x ** y }],
  ['math.log', logarithm],
  ...(['exp', 'expm1', 'log2', 'log10', 'log1p', 'sqrt', 'floor', 'ceil', 'trunc', 'sin', 'cos', 'tan', 'atan', 'tanh'] as const).map(
    (name) => [`math.${name}`, one(Math[name])] as const,
  ),
  ['math.fabs', one(Math.abs)],
  ['random.random', { least: 0, most: 0, work: (_args, input) => input.random() }],
]);

export type Operator = (a: number, b: number) => number;

/** Python's binary operators on numbers; one that Python refuses (a zero divisor, a shift of a fraction) gives NaN. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['+', (a, b) => a + b],
  ['-', (a, b) => a - b],
  ['*', (a, b) => a * b],
  ['/', (a, b) => (b === 0 ? NaN : a / b)],
  ['//', (a, b) => (b === 0 ? NaN : Math.floor(a / b))],
  ['%', (a, b) => (b === 0 ? NaN : a - b * Math.floor(a / b))],
  ['**', (a, b) => a ** b],
  ['<<', (a, b) => (isShift(a, b) ? a * 2 ** b : NaN)],
  ['>>', (a, b) => (isShift(a, b) ? Math.floor(a / 2 ** b) : NaN)],
  ['<', (a, b) => Number(a < b)],
  ['>', (a, b) => Number(a > b)],
  ['<=', (a, b) => Number(a <= b)],
  ['>=', (a, b) => Number(a >= b)],
  ['==', (a, b) => Number(a === b)],
  ['!=', (a, b) => Number(a !== b)],
]);

function isShift(a: number, b: number): boolean {
  return Number.isInteger(a) && Number.isInteger(b) && b >= 0;
}
