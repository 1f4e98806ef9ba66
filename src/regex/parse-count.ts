/** Reads the numbers of a pattern: counts of a quantifier (`{2,5}`) and the group that a condition names by number. */
import { PatternError } from './pattern';
import type { TokenReader } from './reader';
import { lengthOf } from './reader';
import { MAX_REPEAT } from './width';
import { quote } from './parse-escape';

const DIGITS = '0123456789';
/** Python's MAXGROUPS. */
const MAX_GROUPS = 0x3fffffff;

/**
 * `{2,5}`, `{,5}`, `{2,}`, `{2}` behind the brace; null when the brace is only a brace.
 * @param here where the brace ends
 */
export function readCounts(reader: TokenReader, here: number): readonly [min: number, max: number] | null {
  if (reader.next === '}') return null;
  const low = reader.getWhile(Infinity, DIGITS);
  const high = reader.match(',') ? reader.getWhile(Infinity, DIGITS) : low;
  if (!reader.match('}')) {
    reader.seek(here);
    return null;
  }
  const min = low === '' ? 0 : Number(low);
  const max = high === '' ? Infinity : Number(high);
  if (min >= MAX_REPEAT || (high !== '' && max >= MAX_REPEAT)) {
    throw new PatternError('the repetition number is too large', reader.source, null);
  }
  if (max < min) throw reader.error('min repeat greater than max repeat', reader.tell() - here);
  return [min, max];
}

/** The number in `(?(2)…`, as Python's int() reads it; the parenthesis behind it is taken already. */
export function readGroupNumber(reader: TokenReader, name: string): number {
  const length = lengthOf(name);
  const digits = /^\s*\+?(\d+(?:_\d+)*)\s*$/.exec(name)?.[1];
  if (digits === undefined && !/^\s*-0+\s*$/.test(name)) throw reader.error(`bad character in group name ${quote(name)}`, length + 1);
  const index = Number((digits ?? '0').replaceAll('_', ''));
  if (index === 0) throw reader.error('bad group number', length + 1);
  if (index >= MAX_GROUPS) throw reader.error(`invalid group reference ${index}`, length + 1);
  return index;
}
