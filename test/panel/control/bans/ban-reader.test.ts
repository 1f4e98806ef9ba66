/** A jail that comes while the list is read: its bans are in it with the next question, not ten minutes later. */
import { silentLogger } from '../../../../src/base/logger';
import type { EventPage, KeptEvent } from '../../../../src/model/event-page';
import type { Availability } from '../../../../src/model/availability';
import type { BannedAddress } from '../../../../src/model/status';
import { createBanBoard } from '../../../../src/panel/control/bans/board';
import { manualBansInMemory } from '../../../../src/panel/control/bans/manual-bans';
import { NOWHERE } from '../../../../src/panel/control/geo/geo';
import { manualClock } from '../../../support/clock';
import { TinyControl } from '../../../support/control';

const NOW = 1_700_000_000;
const ban = (jail: string, id: string): BannedAddress => ({ jail, id, time: NOW, bantime: 600 });
const geo = { locate: () => NOWHERE, networkName: () => null, attribution: [] };

/** A server that tells its events; a jail may start when it was just asked for its jails. */
class StartingServer extends TinyControl {
  readonly #told: KeptEvent[] = [];
  #soon: readonly BannedAddress[] = [];

  /** The jail of these bans starts behind the next question for jails. */
  startsSoon(bans: readonly BannedAddress[]): void {
    this.#soon = bans;
  }

  override async jails(): Promise<readonly string[]> {
    const jails = await super.jails();
    for (const { jail, id } of this.#soon) {
      if (!this.jailList.some(({ name }) => name === jail)) this.jailList.push({ name: jail });
      this.#told.push({ time: NOW, jail, kind: 'restore-ban', id, data: {} });
    }
    this.bans.push(...this.#soon);
    this.#soon = [];
    return jails;
  }

  override events(cursor: string | null = null): Promise<Availability<EventPage>> {
    const events = this.#told.slice(Number(cursor ?? 0));
    return Promise.resolve({ available: true, value: { cursor: String(this.#told.length), lost: cursor === null, more: false, events } });
  }
}

test('the bans of a jail that starts between two questions of one reading are in the list', async () => {
  const control = new StartingServer([{ name: 'web' }], [ban('web', '192.0.2.1')]);
  const clock = manualClock(NOW);
  const board = createBanBoard({ control, geo, clock, logger: silentLogger, manual: manualBansInMemory(), database: null });
  expect((await board.counts()).total).toBe(1);
  control.startsSoon([ban('door', '192.0.2.2'), ban('door', '192.0.2.3')]);
  for (let question = 0; question < 2; question++) {
    await clock.advance(11);
    await board.counts();
  }
  expect((await board.counts()).byJail).toEqual(new Map(Object.entries({ web: 1, door: 2 })));
  await board.close();
});
