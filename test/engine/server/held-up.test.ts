/** A log full of lines that were written to hold up the engine: other jails go on meanwhile, and the jail itself finds who comes behind those lines. */
import { engineOnSocket, type EngineOnSocket } from '../../support/engine-on-socket';
import { waitFor } from '../../support/two-hosts';

let engine: EngineOnSocket;
afterEach(() => engine.close());

const jail = (name: string, folder: string, failregex: string): readonly (readonly string[])[] => [
  ['add', name, 'polling'],
  ['set', name, 'usedns', 'no'],
  ['set', name, 'maxretry', '1'],
  ['set', name, 'addfailregex', failregex],
  ['set', name, 'addlogpath', `${folder}/${name}.log`, 'tail'],
];

const stamp = (): string => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 19).replace('T', ' ');

test('another jail bans before the jail is through them, and the slow regex is told and stands in its health', async () => {
  engine = await engineOnSocket((folder) => [
    ...jail('held', folder, '^ x.*.*.*y from <HOST>$'),
    ...jail('free', folder, '^ bad <HOST>$'),
    ['start', 'held'],
    ['start', 'free'],
  ]);
  const hostile = `${stamp()} x${'ay from '.repeat(500)}`;
  engine.append('free.log', `${stamp()} good`);
  // Some forty times what is read at once.
  engine.append('held.log', ...Array.from({ length: 1200 }, () => hostile), `${stamp()} xaay from 198.51.100.7`);
  const said = (part: string): number => engine.records.findIndex(({ message }) => message.includes(part));
  await waitFor('the slow regex', () => said('A regex took too long') >= 0);
  engine.append('free.log', `${stamp()} bad 198.51.100.8`);
  await waitFor('the ban behind the hostile lines', () => said('[held] Ban 198.51.100.7') >= 0);
  await waitFor('the ban of the other jail', () => said('[free] Ban 198.51.100.8') >= 0);
  expect(said('[free] Ban 198.51.100.8')).toBeLessThan(said('[held] Ban 198.51.100.7'));
  expect(engine.records.filter(({ message }) => message.includes('A regex took too long'))).toHaveLength(1);
  const [unit] = [...engine.server.units()].filter(({ name }) => name === 'held');
  expect(unit?.problems().map(({ option, message }) => [option, message])).toEqual([
    ['failregex', expect.stringContaining('A regex took too long on a line')],
  ]);
}, 60_000);

test('many slow regexes in one batch hold up nobody: another jail bans before the batch is through', async () => {
  const slow = Array.from({ length: 100 }, (_, n) => n);
  engine = await engineOnSocket((folder) => [
    ...jail('held', folder, '^ offender <HOST>$'),
    ...slow.map((n) => ['set', 'held', 'addfailregex', `^ x${n}x.*.*.*.*.*y from <HOST>$`]),
    ...jail('free', folder, '^ bad <HOST>$'),
    ['start', 'held'],
    ['start', 'free'],
  ]);
  engine.append('free.log', `${stamp()} good`);
  // Few enough bytes for one batch.
  engine.append('held.log', ...slow.map((n) => `${stamp()} x${n}x${'ay from '.repeat(30)}`), `${stamp()} offender 198.51.100.7`);
  const said = (part: string): number => engine.records.findIndex(({ message }) => message.includes(part));
  await waitFor('a slow regex', () => said('A regex took too long') >= 0);
  engine.append('free.log', `${stamp()} bad 198.51.100.8`);
  await waitFor('the ban of the other jail', () => said('[free] Ban 198.51.100.8') >= 0);
  expect(said('[held] Ban 198.51.100.7')).toBe(-1);
  await waitFor('the ban behind the hostile lines', () => said('[held] Ban 198.51.100.7') >= 0, 60);
}, 120_000);
