/** `run-ini-files.ts SEED INPUTS WORKERS WORKER`: single files in fail2ban's dialect, changed again and again and led by the code they reach, read by us and by the original's parser: the same sections, options and values, or a mistake on both sides; and an edit of one changes nothing else. */
import { IniEditError, setOption, tidyValue } from '../../src/contracts/files/ini-edit';
import { parseIni, type IniFile } from '../../src/contracts/files/ini';
import { isEnough, seed, worker } from './asked';
import { Coverage } from './coverage';
import { changedText, firstTexts } from './ini-texts';
import { type Random, randomOf } from './random';
import type { Tally } from './run-filters';
import { StockProcess } from './stock-process';

const STEP = 1000;

/** Python: what the original's parser makes of texts as of files; null for one that it refuses. */
const READ = `
import io, json, sys
from fail2ban.client.configparserinc import SafeConfigParserWithIncludes
# To make one takes longer than to read most texts: it is emptied for each.
made = SafeConfigParserWithIncludes()
def read(text):
    for kept in (made._sections, made._defaults, made._proxies): kept.clear()
    try: made.read_file(io.StringIO(text, newline=None))
    except Exception: return None
    return [list(made._defaults.items()), [[name, list(its.items())] for name, its in made._sections.items()]]
for line in sys.stdin:
    print(json.dumps([read(text) for text in json.loads(line)]), flush=True)
`;

/** `failures`: files with mistakes; `edits`: edits that were made in files without. */
const sums = { pairs: 0, same: 0, meant: 0, failures: 0, late: 0, edits: 0 };

type Told = readonly [defaults: readonly Pair[], sections: readonly (readonly [string, readonly Pair[]])[]];
type Pair = readonly [string, string];

function tell({ defaults, sections }: IniFile): Told {
  const pairs = (options: IniFile['defaults']): Pair[] => [...options].map(([name, { value }]) => [name, value]);
  return [pairs(defaults), [...sections].map(([name, options]) => [name, pairs(options)] as const)];
}

const VALUES = [
  '1',
  '',
  'a b',
  'x ; y',
  '# z',
  'a\nb',
  'a\n\nb',
  '%(x)s',
  '[q]',
  ' = ',
  '  a  ',
  'a\n  b\n c',
  '"',
  'ä😀',
  'a\n# b',
  'a\n; b',
];

/** What is wrong with an edit of a file without mistakes; null when nothing is. */
function tryEdit(random: Random, text: string, file: IniFile): string | null {
  const section = random.pick(['a', 'DEFAULT', 'new', ...file.sections.keys()]);
  const option = random.pick(['x', 'y', 'fresh', ...(file.sections.get(section)?.keys() ?? [])]);
  const value = random.pick(VALUES);
  let edited: string;
  try {
    edited = setOption(text, section, option, value);
  } catch (error) {
    if (error instanceof IniEditError) return null;
    throw error;
  }
  sums.edits += 1;
  const after = parseIni(edited, 'x');
  const what = JSON.stringify({ section, option, value, edited });
  if (after.mistakes.length > 0) return `an edit makes a mistake: ${what}`;
  const options = section === 'DEFAULT' ? after.defaults : after.sections.get(section);
  const got = options?.get(option.toLowerCase())?.value;
  if (got !== tidyValue(value)) return `an edit is read otherwise: ${JSON.stringify(got)} ${what}`;
  const others = (one: IniFile): string => {
    const [defaults, sections] = tell(one);
    const all = [
      ...defaults.map((pair) => ['DEFAULT', ...pair] as const),
      ...sections.flatMap(([name, its]) => its.map((pair) => [name, ...pair] as const)),
    ];
    return JSON.stringify(all.filter(([name, key]) => name !== section || key !== option.toLowerCase()));
  };
  return others(after) === others(file) ? null : `an edit changes something else: ${what}`;
}

function quietly(text: string): void {
  parseIni(text, 'x');
}

interface Step {
  readonly number: number;
  readonly texts: readonly string[];
  readonly read: readonly (string | null)[];
  readonly different: string[];
}

/** The original is asked of a step while we read the next one. */
async function main(): Promise<void> {
  const coverage = new Coverage(/contracts\/files\/ini/);
  const stock = new StockProcess<readonly (Told | null)[]>(READ);
  const corpus = firstTexts(seed, 40);
  const first = corpus.length;
  corpus.forEach(quietly);
  await coverage.reaching([], quietly);
  const begin = async (number: number): Promise<Step> => {
    const random = randomOf(seed + worker * 1_000_003, number);
    const texts = Array.from({ length: STEP }, () => changedText(random, corpus));
    stock.write(texts);
    const different: string[] = [];
    const read = texts.map((text) => {
      try {
        const file = parseIni(text, 'x');
        if (file.mistakes.length > 0) return null;
        const wrong = random.chance(0.5) ? tryEdit(random, text, file) : null;
        if (wrong !== null) different.push(`--seed ${seed} step ${number} ${JSON.stringify(text)}: ${wrong}`);
        return JSON.stringify(tell(file));
      } catch (error) {
        different.push(`--seed ${seed} step ${number} ${JSON.stringify(text)}: ${error instanceof Error ? error.stack : String(error)}`);
        return null;
      }
    });
    corpus.push(...(await coverage.reaching(texts, quietly)));
    return { number, texts, read, different };
  };
  for (let step = await begin(0); !isEnough(sums.pairs);) {
    const next = await begin(step.number + 1);
    const { number, texts, read, different } = step;
    for (const [at, theirs] of (await stock.next()).entries()) {
      const [mine, told] = [read[at] ?? null, theirs === null ? null : JSON.stringify(theirs)];
      sums.pairs += 1;
      if (mine === null) sums.failures += 1;
      if (mine !== told) different.push(`--seed ${seed} step ${number} ${JSON.stringify(texts[at])}: ${mine} for ${told}`);
    }
    sums.same = sums.pairs - sums.meant - (lost += different.length);
    const most = { blocks: coverage.blocks, kept: corpus.length - first };
    console.log(JSON.stringify({ ...sums, different, most } satisfies Tally & typeof sums));
    step = next;
  }
  stock.end();
  coverage.end();
}

let lost = 0;
void main();
