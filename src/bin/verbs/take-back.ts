/** `take-back`: looks after an edit with `--confirm` until it is kept or taken back, and takes it back when its program is gone. */
import { sleep } from '../../base/clock';
import { messageOf } from '../../base/errors';
import { takeBackLeft, waitingInShell } from '../../panel/control/handle/left-behind';
import { shellDeps, shellFile } from './confirm';
import { noWords } from './items';
import type { Answer, Call, Verb } from './verb';
import type { CliWorld } from './world';

export const TAKE_BACK = 'take-back';

/** Seconds between two looks, and until what could not be taken back is tried again. */
const [LOOK, AGAIN] = [1, 30];
const TRIES = 20;

async function takeBack({ words }: Call, world: CliWorld): Promise<Answer> {
  noWords(TAKE_BACK, words);
  const file = shellFile(world);
  let waiting = waitingInShell(file);
  if (waiting.held === null) return { text: 'Nothing waits.\n', json: null };
  while (waiting.held !== null && !waiting.left) {
    await sleep(world.clock, LOOK);
    waiting = waitingInShell(file);
  }
  if (waiting.held === null) return { text: 'It was kept, or is taken back.\n', json: null };
  const { what } = waiting.held;
  for (let tries = 1; ; tries += 1) {
    try {
      const outcome = await takeBackLeft(await shellDeps(world, 0));
      const failure = outcome?.message ?? null;
      if (failure === null) return { text: `Everything is as it was before: ${what}\n`, json: outcome };
      return { text: '', json: outcome, failures: [`it could not be taken back: ${failure}`] };
    } catch (error) {
      if (tries === TRIES) return { text: '', json: null, failures: [`it could not be taken back: ${messageOf(error)}`] };
      await sleep(world.clock, AGAIN);
    }
  }
}

export const takeBackVerb: Verb = {
  name: TAKE_BACK,
  operands: '',
  summary: 'take back an edit with --confirm whose program was killed; every --confirm starts it by itself',
  options: [],
  run: takeBack,
};
