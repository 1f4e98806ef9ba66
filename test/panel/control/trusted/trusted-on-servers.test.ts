/** Trusted addresses over the stock server and ours: the running server follows, and bans nobody who is trusted. */
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { formatLocalTime } from '../../../../src/base/local-time';
import { systemClock } from '../../../../src/base/clock';
import { createTrustedList } from '../../../../src/panel/control/trusted/create-trusted-list';
import type { NewTrusted, TrustedList } from '../../../../src/panel/control/trusted/trusted';
import { trustedNotesInMemory } from '../../../../src/panel/control/trusted/trusted-notes';
import { editorAt } from '../../../support/editor';
import { KINDS, runningServer, until, type RunningServer } from '../../../support/two-servers';

const FILES = {
  'jail.d/all.conf': [
    '[DEFAULT]\nignoreip = 127.0.0.1/8 ::1\n',
    '[a]\nenabled = true\nlogpath = FOLDER/a.log\n',
    '[b]\nenabled = true\nlogpath = FOLDER/b.log\n',
  ].join(''),
};
const wish = (entry: string, jail: string | null = null): NewTrusted => ({ entry, note: '', end: null, jail });

describe.each(KINDS)('trusted addresses on %s', (kind) => {
  let server: RunningServer;
  let trusted: TrustedList;

  beforeAll(async () => {
    server = await runningServer(kind, FILES, 2, ['a.log', 'b.log']);
    const { keeper, editor } = editorAt(path.join(server.side.folder, 'config'), {
      control: server.control,
      states: path.join(server.side.folder, 'states'),
    });
    trusted = createTrustedList({
      keeper,
      editor,
      notes: trustedNotesInMemory(),
      resolver: { addressesOf: async () => [] },
      clock: systemClock,
    });
  });
  afterAll(() => server.remove());

  const attack = (log: string, address: string): void => {
    const line = `${formatLocalTime(systemClock.now())} fail ${address}\n`;
    appendFileSync(path.join(server.side.folder, `${log}.log`), line.repeat(3));
  };
  const ignored = async (jail: string): Promise<readonly string[]> => [...(await server.control.get(jail, 'ignoreip'))].sort();

  test('are followed at once, in all jails or in one, and what was inherited stays', async () => {
    const results = await trusted.add([wish('192.0.2.7'), wish('198.51.100.0/24', 'b')], 'admin', systemClock.now());
    expect(results.map(({ ok, message }) => [ok, message])).toEqual([
      [true, null],
      [true, null],
    ]);
    expect(await ignored('a')).toEqual(['127.0.0.0/8', '192.0.2.7', '::1']);
    expect(await ignored('b')).toEqual(['127.0.0.0/8', '192.0.2.7', '198.51.100.0/24', '::1']);
  });

  test('are not banned; others are, and so is who is trusted no longer', async () => {
    attack('a', '192.0.2.7');
    attack('a', '198.51.100.4');
    attack('b', '198.51.100.4');
    attack('b', '203.0.113.5');
    await until(
      'the others are banned',
      async () => (await server.control.isBanned('a', '198.51.100.4')) && server.control.isBanned('b', '203.0.113.5'),
    );
    expect(await server.control.isBanned(null, '192.0.2.7')).toBe(false);
    expect(await server.control.isBanned('b', '198.51.100.4')).toBe(false);
    const [result] = await trusted.remove([{ entry: '192.0.2.7', jail: null }], 'admin', systemClock.now());
    expect(result).toEqual({ id: '192.0.2.7', jail: '', ok: true, message: null });
    attack('a', '192.0.2.7');
    await until('it is banned now', () => server.control.isBanned('a', '192.0.2.7'));
  });

  test('may be none: an emptied list is no trouble to the server', async () => {
    const all = (await trusted.list()).map(({ entry, jail }) => ({ entry, jail }));
    expect((await trusted.remove(all, 'admin', systemClock.now())).map(({ ok }) => ok)).toEqual([true, true, true]);
    expect([await ignored('a'), await ignored('b')]).toEqual([[], []]);
    await trusted.add([wish('192.0.2.50')], 'admin', systemClock.now());
    expect([await ignored('a'), await ignored('b')]).toEqual([['192.0.2.50'], ['192.0.2.50']]);
  });
});
