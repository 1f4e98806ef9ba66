/** `run-pickle.ts SEED INPUTS WORKERS WORKER [STEP]`: pickles that are changed again and again, those that reach new code of the decoder being kept: each is plain data or refused as PROTOCOL, and what Python reads too is the same value. */
import { AppError } from '../../src/base/errors';
import { decodePickle } from '../../src/contracts/socket/pickle-decode';
import { encodePickle } from '../../src/contracts/socket/pickle-encode';
import { commandOf } from '../../src/contracts/socket/values';
import { pythonRepr } from '../../src/model/python-repr';
import { Coverage } from './coverage';
import { changedPickle, firstPickles } from './pickle-inputs';
import { randomOf } from './random';
import type { Tally } from './run-filters';
import { StockProcess } from './stock-process';

/** Inputs of a step: coverage is looked at once for all, and for each alone where something is new. */
const STEP = 1000;
/** Inputs of a step of which Python is asked: a share, for it is slower. */
const ASKED = 100;
const LIMITS = { maxDepth: 100, maxWeight: 16 << 20 };
const [seed = 1, wanted = 1000, , worker = 0] = process.argv.slice(2).map(Number);

/** Python: the values of pickles without any class, as text; null for what it refuses. Its memory is bounded. */
const LOAD = `
import io, json, pickle, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
sys.set_int_max_str_digits(0)
class Plain(pickle.Unpickler):
    def find_class(self, module, name): raise pickle.UnpicklingError('no class')
    def persistent_load(self, pid): raise pickle.UnpicklingError('no object')
def load(text):
    try: return repr(Plain(io.BytesIO(bytes.fromhex(text))).load())
    except BaseException: return None
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
  return !/[{(]'|set\(|exception|bytearray|[{]/.test(text) || text.startsWith('[');
}

async function main(): Promise<void> {
  const coverage = new Coverage('contracts/socket/pickle');
  const python = new StockProcess<readonly (string | null)[]>(LOAD);
  const corpus = firstPickles();
  const first = corpus.length;
  corpus.forEach(read);
  coverage.fresh();
  for (let step = 0; sums.pairs < wanted; step++) {
    const random = randomOf(seed + worker * 1_000_003, step);
    const inputs = Array.from({ length: STEP }, () => changedPickle(random, corpus));
    const different: string[] = [];
    const values = inputs.map((bytes) => {
      sums.pairs++;
      try {
        const told = read(bytes);
        if (told === null) sums.failures++;
        return told;
      } catch (error) {
        different.push(
          `--seed ${seed} step ${step} ${bytes.toString('hex')}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
        return null;
      }
    });
    if (coverage.fresh() > 0) keepReaching(inputs, coverage, corpus);
    const asked = inputs.slice(0, ASKED);
    python.write(asked.map((bytes) => bytes.toString('hex')));
    for (const [at, theirs] of (await python.next()).entries()) {
      const mine = values[at] ?? null;
      if (mine === null || theirs === null) continue;
      sums.values++;
      if (mine !== theirs && isTold(mine) && isTold(theirs))
        different.push(`--seed ${seed} step ${step} ${asked[at]!.toString('hex')}: ${mine} for ${theirs}`);
    }
    sums.same += STEP - different.length;
    console.log(
      JSON.stringify({ ...sums, different, most: { blocks: coverage.blocks, kept: corpus.length - first } } satisfies Tally & typeof sums),
    );
  }
  python.end();
  coverage.end();
}

/** Keeps the inputs of a step that reach what was not reached before: found by running them with a count that knows only the corpus. */
function keepReaching(inputs: readonly Buffer[], coverage: Coverage, corpus: Buffer[]): void {
  const alone = new Coverage('contracts/socket/pickle');
  corpus.forEach(quietly);
  alone.fresh();
  for (const bytes of inputs) {
    quietly(bytes);
    if (alone.fresh() > 0) corpus.push(bytes);
  }
  alone.end();
  coverage.fresh();
}

function quietly(bytes: Buffer): void {
  try {
    read(bytes);
  } catch {
    // Its fault is told where it was found.
  }
}

void main();
