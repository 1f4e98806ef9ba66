/** The control door over servers of fail2ban 0.10, which tell no times of bans and, before 0.10.5, take one address at a time. */
import path from 'node:path';
import type { SocketServer } from '../../../src/contracts/socket/server';
import { createEngineControl } from '../../../src/panel/control/engine-control';
import { manualClock } from '../../support/clock';
import { temporaryFolder } from '../../support/folder';
import { OLD_VERSIONS, OldServer } from '../../support/old-server';

const NOW = 1_795_338_000;

describe.each(OLD_VERSIONS)('a server of version %s', (version) => {
  const folder = temporaryFolder();
  let old: OldServer;
  let listener: SocketServer;
  beforeEach(async () => {
    old = new OldServer(version);
    listener = await old.listen(path.join(folder.path, 'old.sock'));
  });
  afterEach(() => listener.close());
  afterAll(() => folder.remove());

  it('bans and lifts several at once, each counted', async () => {
    const door = createEngineControl({ socket: listener.path });
    await expect(door.ban('mail', ['192.0.2.1', '192.0.2.2', '2001:db8::1'])).resolves.toBe(3);
    expect([...old.bans]).toEqual(['192.0.2.1', '192.0.2.2', '2001:db8::1']);
    await expect(door.unban('mail', ['192.0.2.9', '192.0.2.1', '192.0.2.8', '192.0.2.2'])).resolves.toBe(2);
    await expect(door.unban(null, ['192.0.2.9', '2001:db8::1'])).resolves.toBe(1);
    expect(old.bans.size).toBe(0);
  });

  it('tells its bans from the moment they were first seen, with the time of the jail', async () => {
    const clock = manualClock(NOW);
    const door = createEngineControl({ socket: listener.path, clock });
    old.bans.add('192.0.2.2');
    await expect(door.banned()).resolves.toEqual([{ jail: 'mail', id: '192.0.2.2', time: NOW, bantime: 600, approximate: true }]);
    await clock.advance(30);
    old.bans.add('192.0.2.1');
    expect((await door.banned()).map(({ id, time }) => [id, time])).toEqual([
      ['192.0.2.2', NOW],
      ['192.0.2.1', NOW + 30],
    ]);
    old.bans.delete('192.0.2.2');
    await door.banned();
    old.bans.add('192.0.2.2');
    expect((await door.banned()).find(({ id }) => id === '192.0.2.2')?.time).toBe(NOW + 30);
  });

  it('tells who is banned', async () => {
    const door = createEngineControl({ socket: listener.path });
    old.bans.add('192.0.2.2');
    const asked = [
      await door.isBanned('mail', '192.0.2.2'),
      await door.isBanned(null, '192.0.2.2'),
      await door.isBanned(null, '192.0.2.3'),
    ];
    expect(asked).toEqual([true, true, false]);
    await expect(door.isBanned('nosuch', '192.0.2.2')).rejects.toMatchObject({ code: 'SERVER_REFUSED' });
  });

  it('changes the ignore list word by word', async () => {
    const door = createEngineControl({ socket: listener.path });
    await expect(door.addIgnoreIp('mail', ['192.0.2.1', '10.0.0.0/8'])).resolves.toEqual(['192.0.2.1', '10.0.0.0/8']);
    await expect(door.delIgnoreIp('mail', ['192.0.2.7', '192.0.2.1'])).resolves.toEqual(['10.0.0.0/8']);
  });

  it('says what it does not know: a setting of a jail is refused, one of the server is null', async () => {
    const door = createEngineControl({ socket: listener.path });
    await expect(door.get('mail', 'maxmatches')).rejects.toMatchObject({ code: 'SERVER_REFUSED' });
    await expect(door.serverSettings()).resolves.toEqual({
      loglevel: 'INFO',
      logtarget: '/var/log/fail2ban.log',
      syslogsocket: null,
      dbfile: null,
      dbpurgeage: null,
      dbmaxmatches: null,
    });
  });
});
