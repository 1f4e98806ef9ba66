/** The last fifty states in their folder: what is kept, what goes, and what damage does. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createLogger, silentLogger } from '../../../../src/base/logger';
import { SavedStates } from '../../../../src/panel/control/editor/saved-states';
import { temporaryFolder } from '../../../support/folder';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const room = (): string => path.join(folder.path, 'states');
const texts = (entries: Readonly<Record<string, string>>): ReadonlyMap<string, string> => new Map(Object.entries(entries));

test('a folder that is not there has no states', () => {
  const states = new SavedStates(room(), silentLogger);
  expect([states.list(), states.latest(), states.texts('00000001-00000000'), states.texts('../../etc/passwd')]).toEqual([
    [],
    null,
    null,
    null,
  ]);
});

test('of 51 states the last 50 are kept, and no text that none of them needs', () => {
  const states = new SavedStates(room(), silentLogger);
  for (let number = 1; number <= 51; number++) {
    states.add({
      time: number,
      who: 'admin',
      what: `edit ${number}`,
      texts: texts({ 'jail.local': `# ${number}\n`, 'jail.d/x.local': 'x\n' }),
    });
  }
  const list = new SavedStates(room(), silentLogger).list();
  expect(list.map(({ what }) => what)).toEqual(Array.from({ length: 50 }, (_, index) => `edit ${51 - index}`));
  expect(list[0]).toMatchObject({ time: 51, who: 'admin', files: ['jail.local'] });
  expect(readdirSync(path.join(room(), 'texts'))).toHaveLength(51);
  expect(states.texts(list[49]?.id ?? '')?.get('jail.local')).toBe('# 2\n');
});

test('the files of a state are those that differ from the one before, gone ones too', () => {
  const states = new SavedStates(room(), silentLogger);
  states.add({ time: 1, who: '', what: 'a', texts: texts({ a: '1', b: '1', c: '1' }) });
  states.add({ time: 2, who: '', what: 'b', texts: texts({ a: '1', b: '2', d: '1' }) });
  expect(states.list().map(({ files }) => files)).toEqual([
    ['b', 'c', 'd'],
    ['a', 'b', 'c'],
  ]);
});

test('a state may take the place of an earlier one of the same work', () => {
  const states = new SavedStates(room(), silentLogger);
  states.add({ time: 1, who: '', what: 'first', texts: texts({ a: '0', b: '0' }) });
  const half = states.add({ time: 2, who: '', what: 'half', texts: texts({ a: '1', b: '0' }) });
  states.add({ time: 3, who: '', what: 'whole', texts: texts({ a: '1', b: '1' }), replaces: half });
  expect(states.list().map(({ what, files }) => [what, files])).toEqual([
    ['whole', ['a', 'b']],
    ['first', ['a', 'b']],
  ]);
});

test('nobody but the owner reads what is kept', () => {
  const states = new SavedStates(room(), silentLogger);
  const id = states.add({ time: 1, who: '', what: 'a', texts: texts({ a: 'key = secret' }) });
  const [text = ''] = readdirSync(path.join(room(), 'texts'));
  const modes = [room(), path.join(room(), `${id}.json`), path.join(room(), 'texts', text)].map((file) => statSync(file).mode & 0o777);
  expect(modes).toEqual([0o700, 0o600, 0o600]);
});

test('damage is told and never handed out', () => {
  const told: string[] = [];
  const states = new SavedStates(
    room(),
    createLogger(({ message }) => void told.push(message)),
  );
  const first = states.add({ time: 1, who: '', what: 'first', texts: texts({ a: 'one' }) });
  const second = states.add({ time: 2, who: '', what: 'second', texts: texts({ a: 'two' }) });
  const third = states.add({ time: 3, who: '', what: 'third', texts: texts({ a: 'three' }) });
  writeFileSync(path.join(room(), `${third}.json`), '{"time": 3, "hashes": {"a": "../../../etc/passwd"}}');
  const { hashes } = JSON.parse(readFileSync(path.join(room(), `${second}.json`), 'utf8')) as { hashes: { a: string } };
  writeFileSync(path.join(room(), 'texts', hashes.a), 'something else');
  expect(states.list().map(({ id }) => id)).toEqual([second, first]);
  expect([states.texts(third), states.texts(second)]).toEqual([null, null]);
  expect(states.latest()?.get('a')).toBe('one');
  expect(told.some((message) => message.includes('is no state'))).toBe(true);
  expect(told.some((message) => message.includes('is damaged'))).toBe(true);
  const again = states.add({ time: 4, who: '', what: 'again', texts: texts({ a: 'two' }) });
  expect(states.texts(again)?.get('a')).toBe('two');
});
