/** The options `bantime.*` become a rule: how long somebody is banned who was banned before. */
import { compileFormula, type Formula } from './formula';
import { FormulaError } from './formula-lexer';
import type { BanIncrement } from '../../model/jail-config';
import type { Problem } from '../../model/problem';

/** The ban time in seconds for an id that was banned `count` times before, in a jail with the ban time `time`. */
export type BanTimeRule = (time: number, count: number) => number;

/** The rule, and what was wrong with the options; what is wrong is left out, so that a ban is never lost to a typing error. */
export interface BanTimePlan {
  readonly rule: BanTimeRule;
  readonly problems: readonly Problem[];
}

const DOUBLING = 'ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor';

/**
 * Makes the rule, as jail.conf(5) describes it: `multipliers` before `formula` before doubling; never shorter than the jail's ban time
 * (multipliers may be); no longer than `maxtime`; then up to `rndtime` more.
 * @param random from 0 to 1, new at every call
 */
export function planBanTime(increment: BanIncrement, random: () => number, jail?: string): BanTimePlan {
  const problems: Problem[] = [];
  const complain = (option: string, error: unknown): void => {
    if (!(error instanceof FormulaError)) throw error;
    const place = jail === undefined ? {} : { jail };
    problems.push({ severity: 'error', message: error.reason, column: error.column, option: `bantime.${option}`, ...place });
  };
  const compiled = (option: 'factor' | 'formula', text: string, fallback: string): Formula => {
    try {
      return compileFormula(text);
    } catch (error) {
      complain(option, error);
      return compileFormula(fallback);
    }
  };

  const factorOf = compiled('factor', increment.factor?.trim() || '1', '1');
  let factor = factorOf({ time: 0, count: 0, factor: 1, random });
  if (!Number.isFinite(factor)) {
    complain('factor', new FormulaError('the factor is no number', 1));
    factor = 1;
  }
  let grow: BanTimeRule | null = null;
  try {
    grow = byMultipliers(increment.multipliers, factor);
  } catch (error) {
    complain('multipliers', error);
  }
  if (grow === null) {
    const formula = compiled('formula', increment.formula?.trim() || DOUBLING, DOUBLING);
    grow = (time, count) => Math.max(time, formula({ time, count, factor, random }));
  }
  return { rule: bounded(grow, increment, random), problems };
}

function byMultipliers(text: string | null, factor: number): BanTimeRule | null {
  const words = (text ?? '').trim().split(/[\s,]+/);
  if (words[0] === '') return null;
  const multipliers = words.map((word) => {
    const value = Number(word);
    if (!Number.isFinite(value)) throw new FormulaError(`'${word}' is no number`, (text ?? '').indexOf(word) + 1);
    return value;
  });
  return (time, count) => time * factor * (multipliers[Math.min(count, multipliers.length - 1)] ?? 1);
}

function bounded(grow: BanTimeRule, { maxtime, rndtime }: BanIncrement, random: () => number): BanTimeRule {
  return (time, count) => {
    const grown = grow(time, count);
    let length = Number.isNaN(grown) ? time : Math.min(grown, Number.MAX_SAFE_INTEGER);
    if (maxtime !== null) length = Math.min(length, maxtime);
    return rndtime === null ? length : length + random() * rndtime;
  };
}
