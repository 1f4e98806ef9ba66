/** `run-pickle.ts SEED INPUTS WORKERS WORKER [STEP]`: pickles that are changed again and again, those that reach new code of the decoder being kept: each is plain data or refused as PROTOCOL, and what Python reads too is the same value. */
import { AppError } from '../../src/base/errors';
import { decodePickle } from '../../src/contracts/socket/pickle-decode';
import { encodePickle } from '../../src/contracts/socket/pickle-encode';
import { commandOf } from '../../src/contracts/socket/values';
import { pythonRepr } from '../../src/model/python-repr';
import { isEnough, seed, worker } from './asked';
import { Coverage } from './coverage';
import { changedPickle, firstPickles } from './pickle-inputs';
import { randomOf } from './random';
import type { Tally } from './run-filters';
import { StockProcess } from './stock-process';

/** Inputs of a step: coverage is looked at once for all, and in halves of halves where something is new. */
const STEP = 1000;
const LIMITS = { maxDepth: 100, maxWeight: 16 << 20 };

/** Python: the values of pickles without any class, as text; null for what it refuses. Its memory is bounded. */
const LOAD = `
import json, pickle, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (192 << 20, 192 << 20))
sys.set_int_max_str_digits(0)
def refused(event, _arguments):
    if event in ('pickle.find_class', 'import'): raise pickle.UnpicklingError(event)
def load(text):
    try: return repr(pickle.loads(bytes.fromhex(text)))
    except BaseException: return None
sys.addaudithook(refused)
for line in sys.stdin:
    print(json.dumps([load(text) for text in json.loads(line)]), flush=True)
`;

/** `failures`: inputs that are refused; `values`: those that Python reads too. */
const sums = { pairs: 0, same: 0, meant: 0, failures: 0, late: 0, values: 0 };

/** The value as Python would print it; null when it is refused. Anything else that is thrown is a fault. */
function read(bytes: Buffer): string | null {
  try {
    const value = decodePickle(bytes, LIMITS);
    try {
      commandOf(value);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'PROTOCOL') throw error;
    }
    // What was read can be written, and means the same then.
    const told = pythonRepr(value);
    return pythonRepr(decodePickle(encodePickle(value), LIMITS)) === told ? told : `written, it is another value: ${told}`;
  } catch (error) {
    if (error instanceof AppError && error.code === 'PROTOCOL') return null;
    throw error;
  }
}

/** Texts that two programs print alike: not sets, whose order is nobody's, nor exceptions. */
function isTold(text: string): boolean {
  if (/\{[^{}:]*,/.test(text)) return false;
  return !/[{(]'|set\(|exception|bytearray|[{]/.test(text) || text.startsWith('[');
}

/** A text with all beyond ASCII escaped: two versions of Unicode print not the same characters as they are. */
function escaped(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, (sign) => {
    const code = sign.codePointAt(0)!;
    const width = code < 0x100 ? 2 : code < 0x10000 ? 4 : 8;
    return `\\${width === 2 ? 'x' : width === 4 ? 'u' : 'U'}${code.toString(16).padStart(width, '0')}`;
  });
}

interface Step {
  readonly number: number;
  readonly inputs: readonly Buffer[];
  readonly values: readonly (string | null)[];
  readonly different: string[];
}

const told = (step: number, bytes: Buffer, what: string): string => `--seed ${seed} step ${step} ${bytes.toString('hex')}: ${what}`;

/** Reads the inputs of a step, and keeps those that reach what none has reached. */
async function readStep(number: number, coverage: Coverage, corpus: Buffer[]): Promise<Step> {
  const random = randomOf(seed + worker * 1_000_003, number);
  const inputs = Array.from({ length: STEP }, () => changedPickle(random, corpus));
  const different: string[] = [];
  const values = inputs.map((bytes) => {
    try {
      return read(bytes);
    } catch (error) {
      different.push(told(number, bytes, error instanceof Error ? (error.stack ?? error.message) : String(error)));
      return null;
    }
  });
  corpus.push(...(await coverage.reaching(inputs, quietly)));
  return { number, inputs, values, different };
}

/** Python is asked of a step while we read the next one. */
async function main(): Promise<void> {
  const coverage = new Coverage(/contracts\/socket\/pickle/);
  const python = new StockProcess<readonly (string | null)[]>(LOAD);
  const corpus = firstPickles();
  const first = corpus.length;
  corpus.forEach(read);
  await coverage.reaching([], quietly);
  const begin = async (number: number): Promise<Step> => {
    const step = await readStep(number, coverage, corpus);
    python.write(step.inputs.map((bytes) => bytes.toString('hex')));
    return step;
  };
  for (let step = await begin(0); !isEnough(sums.pairs);) {
    const next = await begin(step.number + 1);
    const { number, inputs, values, different } = step;
    for (const [at, theirs] of (await python.next()).entries()) {
      const mine = values[at] ?? null;
      if (mine === null) sums.failures++;
      if (mine === null || theirs === null) continue;
      sums.values++;
      if (escaped(mine) !== escaped(theirs) && isTold(mine) && isTold(theirs))
        different.push(told(number, inputs[at]!, `${mine} for ${theirs}`));
    }
    sums.pairs += STEP;
    sums.same += STEP - different.length;
    const most = { blocks: coverage.blocks, kept: corpus.length - first };
    console.log(JSON.stringify({ ...sums, different, most } satisfies Tally & typeof sums));
    step = next;
  }
  python.end();
  coverage.end();
}

function quietly(bytes: Buffer): void {
  try {
    read(bytes);
  } catch {
    // Its fault is told where it was found.
  }
}

void main();
