/** `run-forms.ts SEED INPUTS WORKERS WORKER`: bodies of forms and of the API, drawn and led by the code they reach: each is answered with what is documented, and what is refused changes nothing. A share goes through the whole app, the others to the body's parser and the page or endpoint behind it. */
import { isEnough, seed, worker } from './asked';
import { Coverage } from './coverage';
import { changedForm, drawForm, type FormInput } from './form-inputs';
import { FormWorld, type Outcome } from './form-world';
import { type Random, randomOf } from './random';
import type { Tally } from './run-filters';

/** Inputs of a step: coverage is looked at once for all of them. */
const STEP = 200;
/** Steps that one world lasts: it grows by what is done in it. */
const STEPS_OF_WORLD = 20;
/** Characters of a world's state beyond which another one begins: it is compared after each request. */
const LARGEST = 8_000;
/** So many steps in a row without anything new, and only every hundredth is looked at: a look costs more than a step. */
const QUIET = 20;
const SELDOM = 100;
const FIRST = 5;
const WHOLE = 0.02;
/** Refused by the rooms (502) are only requests that name what is not there. */
const DOCUMENTED = new Set([200, 201, 202, 204, 303, 400, 403, 404, 409, 413, 415, 422, 502]);

/** `failures`: requests that were refused; `whole`: those through the whole app; `changed`: those that changed something. */
const sums = { pairs: 0, same: 0, meant: 0, failures: 0, late: 0, whole: 0, changed: 0 };
const most = { blocks: 0, kept: 0, milliseconds: 0 };

const HEADERS: readonly Readonly<Record<string, string>>[] = [
  ...[
    { 'content-type': 'text/plain' },
    { 'content-type': 'multipart/form-data; boundary=x' },
    { 'content-type': 'application/json; charset=utf-16' },
  ],
  ...[
    { 'content-type': 'application/x-www-form-urlencoded; charset=iso-8859-1' },
    { 'content-type': 'application/x-www-form-urlencoded; charset=x' },
  ],
  ...[{ 'content-type': 'application/JSON;;;' }, { 'content-type': '' }, { 'content-encoding': 'gzip' }, { 'content-encoding': 'x' }],
  ...[{ 'content-length': '5' }, { 'content-length': '99999' }, { 'content-length': '99999999' }, { 'content-length': 'x' }],
  ...[
    { 'accept-language': 'xx;q=9,\0' },
    { accept: '\xff' },
    { 'transfer-encoding': 'chunked' },
    { cookie: '' },
    { authorization: 'Bearer x' },
  ],
  ...[{ origin: 'null' }, { origin: 'http://[' }, { 'sec-fetch-site': 'cross-site' }],
];

const nameOf = ({ target }: FormInput): string =>
  'route' in target ? `post ${target.route.path}` : `${target.endpoint.method} /api/v1${target.endpoint.path}`;

/** Null when all is well. */
async function judge(world: FormWorld, input: FormInput, ask: () => Promise<Outcome>, before: string): Promise<[string | null, string]> {
  const began = performance.now();
  let outcome: Outcome;
  try {
    outcome = await ask();
  } catch (error) {
    outcome = { status: 0, wrong: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  most.milliseconds = Math.max(most.milliseconds, Math.ceil(performance.now() - began));
  const after = await world.state();
  const { status } = outcome;
  if (status >= 400) sums.failures += 1;
  if (after !== before) sums.changed += 1;
  const wrong =
    (outcome.wrong ?? world.mistakes.splice(0).join('\n')) ||
    (!DOCUMENTED.has(status) && !(status === 401 || status === 429) ? `status ${status}` : null) ||
    (after !== before && status >= 400 && status < 500 ? `it is refused with ${status} and has changed something` : null);
  if (wrong === null || wrong === '') return [null, after];
  return [
    `${nameOf(input)} ${status} ${JSON.stringify([input.params, input.query, input.body.toString('latin1').slice(0, 1500)])}: ${wrong}`,
    after,
  ];
}

function draw(random: Random, kept: readonly FormInput[]): FormInput {
  return kept.length > 0 && random.chance(0.3) ? changedForm(random, kept) : drawForm(random);
}

async function main(): Promise<void> {
  const coverage = new Coverage(/src\/panel\/web\//);
  const kept: FormInput[] = [];
  let world = await FormWorld.begin();
  let quiet = 0;
  for (let step = 0; !isEnough(sums.pairs); step++) {
    const random = randomOf(seed + worker * 1_000_003, step);
    if (step % STEPS_OF_WORLD === 0) world = await FormWorld.begin();
    const inputs = Array.from({ length: STEP }, () => draw(random, kept));
    const different: string[] = [];
    let state = await world.state();
    for (const input of inputs) {
      const whole = random.chance(WHOLE);
      const headers = whole && random.chance(0.3) ? random.pick(HEADERS) : {};
      const [difference, after] = await judge(world, input, () => (whole ? world.askWhole(input, headers) : world.ask(input)), state);
      state = after;
      if (after.length > LARGEST) {
        world = await FormWorld.begin();
        state = await world.state();
      }
      sums.pairs += 1;
      if (whole) sums.whole += 1;
      if (difference === null) sums.same += 1;
      else different.push(`--seed ${seed} step ${step}${whole ? ` whole ${JSON.stringify(headers)}` : ''} ${difference}`);
    }
    if (quiet < QUIET || step % SELDOM === 0) {
      const again = await FormWorld.begin();
      // What the first steps reach is what any request reaches.
      const found =
        step < FIRST
          ? await coverage.reaching([], () => undefined)
          : await coverage.reaching(inputs, async (input) => void (await again.ask(input).catch(() => null)));
      quiet = found.length > 0 ? 0 : quiet + 1;
      kept.push(...found);
    }
    console.log(
      JSON.stringify({ ...sums, different, most: { ...most, blocks: coverage.blocks, kept: kept.length } } satisfies Tally & typeof sums),
    );
  }
  coverage.end();
}

void main();
