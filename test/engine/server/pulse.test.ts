/** A jail that does not come to its next turn hangs after ten minutes, unless it gets on within its batch. */
import { Pulse, type BeatingJail } from '../../../src/engine/server/pulse';
import { manualClock } from '../../support/clock';

class Jail implements BeatingJail {
  steps = 0;
  #free: () => void = () => undefined;
  #busy: Promise<void> | null = null;

  constructor(readonly name: string) {}

  turn(): Promise<void> {
    return this.#busy ?? Promise.resolve();
  }

  block(): void {
    this.#busy = new Promise((resolve) => (this.#free = resolve));
  }

  free(): void {
    this.#busy = null;
    this.#free();
  }
}

it('tells of a jail whose batch stands still, not of one that gets on or rests, and no more when it goes on', async () => {
  const clock = manualClock();
  const [still, slow, rest] = [new Jail('still'), new Jail('slow'), new Jail('rest')];
  let jails = [still, slow, rest];
  const pulse = new Pulse(clock, () => jails);
  const minutes = async (count: number): Promise<readonly string[]> => {
    let hanging: readonly string[] = [];
    for (let minute = 0; minute < count; minute++) {
      await clock.advance(60);
      slow.steps++;
      hanging = pulse.hanging();
    }
    return hanging;
  };
  still.block();
  slow.block();
  expect(await minutes(10)).toEqual([]);
  expect(await minutes(2)).toEqual(['still']);
  expect(await minutes(60)).toEqual(['still']);
  still.free();
  expect(await minutes(60)).toEqual([]);
  still.block();
  expect(await minutes(20)).toEqual(['still']);
  jails = [slow, rest];
  expect(await minutes(1)).toEqual([]);
});
