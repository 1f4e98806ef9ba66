/** When each jail found a failure last: also after the bans of a start, and in a database of an older version. */
import { openConnection } from '../../../src/contracts/database/connection';
import { applySteps } from '../../../src/contracts/database/migrate';
import { systemClock } from '../../../src/base/clock';
import { silentLogger } from '../../../src/base/logger';
import { openHistory } from '../../../src/panel/history/open-history';
import { HISTORY_STEPS } from '../../../src/panel/history/steps';
import { BEGIN, type HistoryFolder, historyFolder } from '../../support/history-folder';
import { placed, type TestEvent } from '../../support/history';

let world: HistoryFolder;

beforeEach(async () => void (world = await historyFolder()));
afterEach(() => world.remove());

const event = (time: number, jail: string, kind: TestEvent['kind'] = 'found'): TestEvent => ({ time, jail, kind, id: '192.0.2.1' });

it('is the newest failure of each jail, whatever came after it and in whatever order it was read', async () => {
  const { history } = world;
  await history.add(placed([event(BEGIN + 9.5, 'ssh'), event(BEGIN + 4, 'ssh'), event(BEGIN + 10, 'web', 'ban')]), [], BEGIN);
  await history.add(placed([event(BEGIN + 5, 'ssh'), event(BEGIN + 50, 'ssh', 'restore-ban'), event(BEGIN + 2.25, 'mail')]), [], BEGIN);
  expect(await history.lastMatches()).toEqual(
    new Map([
      ['ssh', BEGIN + 9.5],
      ['mail', BEGIN + 2.25],
    ]),
  );
});

it('is found in what an older version has written', async () => {
  const { history, file } = world;
  const days = [BEGIN - 90_000, BEGIN - 7, BEGIN - 100];
  await history.add(
    placed(days.flatMap((time) => [event(time, 'ssh'), event(time + 1, 'ssh', 'ban'), event(time, 'web', 'ban')])),
    [],
    BEGIN,
  );
  await history.close();
  const connection = await openConnection(file);
  await connection.exec('ALTER TABLE jails DROP COLUMN matched; DELETE FROM bailiff_steps WHERE number = 4;');
  expect(await applySteps(connection, HISTORY_STEPS, BEGIN)).toBe(1);
  await connection.close();
  world.history = await openHistory(file, systemClock, silentLogger);
  expect(await world.history.lastMatches()).toEqual(new Map([['ssh', BEGIN - 7]]));
});
