/** Events, health and explain over the control door: from our engine on a socket, and what the stock server says to them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EXTRA_COMMANDS } from '../../../src/engine/server/extra-commands';
import { SAMPLE_EVERY } from '../../../src/engine/server/regex-sampler';
import { createSocketServer } from '../../../src/contracts/socket/server';
import { createEngineControl } from '../../../src/panel/control/engine-control';
import { engineOnSocket, type EngineOnSocket } from '../../support/engine-on-socket';
import { runProgramAsync, startStockServer } from '../../support/stock-server';
import { waitFor } from '../../support/two-hosts';

const root = path.resolve(__dirname, '../../..');

describe('our engine', () => {
  let engine: EngineOnSocket;
  let door: ReturnType<typeof createEngineControl>;
  beforeAll(async () => {
    engine = await engineOnSocket(
      (folder) => [
        ['add', 'door', 'polling'],
        ['set', 'door', 'usedns', 'no'],
        ['set', 'door', 'prefregex', '^ door: <F-CONTENT>.+</F-CONTENT>$'],
        ['multi-set', 'door', 'addfailregex', ['^knock from <HOST>$', '^<F-USER>\\S+</F-USER> failed from <HOST>$']],
        ['set', 'door', 'addlogpath', path.join(folder, 'a.log'), 'tail'],
        ['set', 'door', 'addaction', 'broken'],
        ['set', 'door', 'action', 'broken', 'actionban', 'echo no such door; false'],
        ['set', 'door', 'maxretry', '2'],
        ['start', 'door'],
        ['add', 'quiet', 'polling'],
        ['start', 'quiet'],
      ],
      false,
    );
    door = createEngineControl({ socket: engine.socket });
  });
  afterAll(() => engine.close());

  const stamp = (ahead = 0): string =>
    new Date(Date.now() + ahead * 1000 - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 19).replace('T', ' ');

  it('tells events once, from cursor to cursor', async () => {
    const first = await door.events(null);
    if (!first.available) throw new Error('not available');
    expect(first.value.events.map(({ kind, jail, id }) => [kind, jail, id])).toContainEqual(['started', 'door', null]);
    await door.ban('quiet', ['192.0.2.9']);
    await door.unban('quiet', ['192.0.2.9']);
    const second = await door.events(first.value.cursor);
    if (!second.available) throw new Error('not available');
    expect(second.value.events.map(({ kind, jail, id }) => [kind, jail, id])).toEqual([
      ['ban', 'quiet', '192.0.2.9'],
      ['unban', 'quiet', '192.0.2.9'],
    ]);
    expect(Math.abs((second.value.events[0]?.time ?? 0) - Date.now() / 1000)).toBeLessThan(10);
    await expect(door.events('elsewhere-7')).resolves.toMatchObject({ value: { lost: true } });
  });

  it('bans for a time of its own, and refuses what is no time, no jail or nobody', async () => {
    await expect(door.banFor('quiet', 5000, ['192.0.2.77', '198.51.100.0/24'])).resolves.toEqual({ available: true, value: 2 });
    await expect(door.banFor('quiet', -1, ['192.0.2.77'])).resolves.toEqual({ available: true, value: 1 });
    const bans = await door.bannedIn('quiet');
    expect(bans.map(({ id, bantime }) => [id, bantime])).toEqual([
      ['198.51.100.0/24', 5000],
      ['192.0.2.77', -1],
    ]);
    await expect(door.bansOf('quiet', ['192.0.2.77', '192.0.2.78'])).resolves.toEqual({
      available: true,
      value: bans.filter(({ id }) => id === '192.0.2.77'),
    });
    const counted = await door.status('quiet', 'counts');
    expect(counted).toMatchObject({ currentlyBanned: 2, banned: [], problems: [] });
    expect((await door.statuses()).map((status) => ({ ...status, problems: [] }))).toContainEqual(counted);
    expect((await door.statuses()).map(({ name }) => name)).toEqual(await door.jails());
    await expect(door.bansOf('nosuch', ['192.0.2.77'])).rejects.toMatchObject({ code: 'SERVER_REFUSED' });
    await door.setBantime('quiet', 7);
    await expect(door.bannedIn('quiet')).resolves.toEqual(bans);
    await door.setBantime('quiet', 600);
    await expect(door.unban('quiet', ['192.0.2.77', '198.51.100.0/24'])).resolves.toBe(2);
    await expect(door.banFor('quiet', 0, ['192.0.2.77'])).rejects.toMatchObject({
      code: 'SERVER_REFUSED',
      message: expect.stringContaining('no time of a ban') as string,
    });
    await expect(door.banFor('nosuch', 5, ['192.0.2.77'])).rejects.toMatchObject({ code: 'SERVER_REFUSED' });
    await expect(door.banFor('quiet', 5, [])).resolves.toEqual({ available: true, value: 0 });
    await expect(door.banFor('quiet', 5, ['--all'])).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });

  it('says that nobody is spared while that is off, and refuses what is no single address or no time', async () => {
    await expect(door.spare('192.0.2.3', 60)).resolves.toEqual({ available: true, value: false });
    for (const [address, seconds] of [
      ['192.0.2.0/24', 60],
      ['host.example', 60],
      ['192.0.2.3', 0],
      ['192.0.2.3', 3601],
    ] as const)
      await expect(door.spare(address, seconds)).rejects.toMatchObject({ code: 'SERVER_REFUSED' });
    await expect(door.spare('--all', 60)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });

  it('tells how a jail fares: lines, matches, lag, the slowest regex, the last action that failed, its files', async () => {
    await expect(door.health('door')).resolves.toMatchObject({
      value: [{ jail: 'door', lastLine: null, lag: null, linesPerMinute: 0, slowestRegex: null, lastActionError: null }],
    });
    const lines = Array.from({ length: SAMPLE_EVERY }, () => `${stamp()} door: opened`);
    engine.append('a.log', ...lines, `${stamp()} door: knock from 192.0.2.1`, `${stamp()} door: bob failed from 192.0.2.1`);
    await waitFor('the failed ban', () => engine.server.monitor.measured('door').lastActionError !== null);
    const answer = await door.health('door');
    const [health] = answer.available ? answer.value : [];
    expect(health).toMatchObject({
      linesPerMinute: SAMPLE_EVERY + 2,
      matchesPerMinute: 2,
      slowestRegex: { failregex: expect.any(Number) as number, microseconds: expect.any(Number) as number },
      lastActionError: { action: 'broken', operation: 'ban', id: '192.0.2.1' },
      files: [path.join(engine.folder, 'a.log')],
    });
    expect(health?.slowestRegex?.microseconds).toBeGreaterThan(0);
    expect(health?.lag).toBeLessThan(10);
    expect(health?.lag).toBeGreaterThan(-2);
    expect(Math.abs((health?.lastLine ?? 0) - Date.now() / 1000)).toBeLessThan(10);
    engine.append('a.log', `${stamp(2 * 86_400)} door: opened`);
    await waitFor('the date to come', () => (engine.server.monitor.measured('door').lag ?? 0) < -86400);
    const all = await door.health(null);
    expect(all.available && all.value.map(({ jail }) => jail)).toEqual(['door', 'quiet']);
  });

  it('explains a line by the configuration that runs, and counts nothing', async () => {
    const before = await door.status('door');
    const line = '2026-11-22 09:00:01 door: bob failed from 192.0.2.7';
    const good = await door.explain('door', line);
    if (!good.available) throw new Error('not available');
    expect(good.value).toMatchObject({
      verdict: 'counted',
      failure: {
        failregex: 1,
        id: '192.0.2.7',
        user: 'bob',
        dns: null,
        session: null,
        time: new Date(2026, 10, 22, 9, 0, 1).getTime() / 1000,
      },
      content: 'bob failed from 192.0.2.7\n',
    });
    const bad = await door.explain('door', line.replace('failed', 'fails'));
    if (!bad.available) throw new Error('not available');
    const [, stopped] = bad.value.failregex;
    expect([
      bad.value.verdict,
      stopped?.matched,
      bad.value.content?.slice(stopped?.furthest),
      stopped?.regex.slice(stopped.column),
    ]).toEqual(['missed', false, 's from 192.0.2.7\n', 'ed from <HOST>$']);
    await expect(door.explain('door', '2026-11-22 09:00:01 window: x')).resolves.toMatchObject({
      value: { verdict: 'prefix-missed', failregex: [] },
    });
    expect(await door.status('door')).toEqual(before);
  });

  it('refuses jails that are not there, as ever', async () => {
    await expect(door.health('nosuch')).rejects.toMatchObject({ code: 'SERVER_REFUSED' });
    await expect(door.explain('nosuch', 'x')).rejects.toMatchObject({ code: 'SERVER_REFUSED' });
    await expect(door.explain('--all', 'x')).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });
});

it('says that they are not available on the stock server', async () => {
  const stock = await startStockServer('extras');
  try {
    const door = createEngineControl({ socket: stock.socket });
    const asks = [
      () => door.banFor('j', 60, ['192.0.2.1']),
      () => door.spare('192.0.2.1', 60),
      () => door.events(null),
      () => door.health(null),
      () => door.health('j'),
      () => door.explain('j', 'line'),
    ];
    for (const ask of asks) await expect(ask()).resolves.toEqual({ available: false });
    // It was asked once for all of them: each question is an error in its log.
    expect(readFileSync(stock.log, 'utf8').split('Invalid command').length - 1).toBe(1);
  } finally {
    await stock.stop();
  }
});

it('says so when an answer has another shape', async () => {
  const engine = await engineOnSocket(() => []);
  const server = await createSocketServer({
    path: path.join(engine.folder, 'odd.sock'),
    handle: (command) => Promise.resolve({ result: command[1] === 'version' ? '9' : { cursor: 7 } }),
  });
  try {
    const door = createEngineControl({ socket: server.path });
    await expect(door.events(null)).rejects.toMatchObject({ code: 'PROTOCOL' });
    await expect(door.health(null)).rejects.toMatchObject({ code: 'PROTOCOL' });
    await expect(door.explain('j', 'x')).rejects.toMatchObject({ code: 'PROTOCOL' });
  } finally {
    await server.close();
    await engine.close();
  }
});

it('docs/socket.md has the commands and the keys of their answers', async () => {
  const page = readFileSync(path.join(root, 'docs/socket.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `bailiff ([^`]+)` \| (.+) \|$/gm)].map(([, usage, answer]) => ({ usage, answer }));
  expect(rows).toEqual(Object.values(EXTRA_COMMANDS).map(({ usage, answer }) => ({ usage, answer })));
  const engine = await engineOnSocket(() => [
    ['add', 'j', 'polling'],
    ['start', 'j'],
  ]);
  try {
    const script = `import pickle, socket, sys
def ask(*words):
    s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
    s.send(pickle.dumps(list(words)) + b'<F2B_END_COMMAND>')
    data = b''
    while not data.endswith(b'<F2B_END_COMMAND>'): data += s.recv(65536)
    return pickle.loads(data)[1]
for answer in (ask('bailiff', 'events'), ask('bailiff', 'health', 'j'), ask('bailiff', 'explain', 'j', 'a line')): print(' '.join(answer))`;
    const said = await runProgramAsync('/usr/bin/python3', ['-c', script, engine.socket]);
    const keys = said.stdout
      .trim()
      .split('\n')
      .flatMap((line) => line.split(' '));
    const documented = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key);
    expect(keys.sort()).toEqual(documented.sort());
  } finally {
    await engine.close();
  }
});
