/** Tags of tickets in the commands that are run for nobody (start, reload, flush, stop): empty, as the stock server fills them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEngineControl } from '../../../src/panel/control/engine-control';
import { type ENGINES, startEither } from '../../support/either-server';

const TAGS = 'ip|name|fid|matches|ipmatches|failures|bancount|restored|bantime|family|ip-host|ip-rev|F-USER|F-ID|unknown'.split('|');

/** Bans, reloads, unbans and stops; the lines that the action wrote. */
async function tracesOf(engine: (typeof ENGINES)[number]): Promise<readonly string[]> {
  const server = await startEither(engine, 'tags');
  const traces = (): string[] =>
    existsSync(join(server.folder, 'told')) ? readFileSync(join(server.folder, 'told'), 'utf8').trim().split('\n') : [];
  const told = async (what: string): Promise<void> => {
    for (let round = 0; round < 600 && !traces().some((line) => line.startsWith(`${what} `)); round++)
      await new Promise((done) => setTimeout(done, 50));
  };
  try {
    const command = (name: string): string =>
      `action${name} = echo "${name} ${TAGS.map((tag) => `[<${tag}>]`).join('')}" >> ${server.folder}/told\n`;
    server.write('action.d/tell.conf', `[Definition]\n${['start', 'reload', 'flush', 'stop', 'ban', 'unban'].map(command).join('')}`);
    const options = ['filter = door', 'action = tell', 'backend = polling', `logpath = ${server.folder}/a.log`, 'bantime = 2h'];
    server.write('jail.conf', `[door]\nenabled = true\nusedns = no\n${options.join('\n')}\n`);
    const door = createEngineControl({ socket: server.socket, conf: server.conf });
    await door.reload();
    await told('start');
    await door.ban('door', ['192.0.2.1']);
    await told('ban');
    await door.reload();
    await told('reload');
    await door.stop();
    return traces();
  } finally {
    await server.stop();
  }
}

test('both servers fill them alike', async () => {
  const [stock, ours] = [await tracesOf('fail2ban'), await tracesOf('bailiff')];
  expect(stock.map((line) => line.split(' ')[0])).toEqual(['start', 'ban', 'reload', 'reload', 'flush', 'stop', 'stop']);
  expect(ours).toEqual(stock);
  expect(ours[0]).toBe('start [][door][][][][0][0][0][7200][][None][][][][<unknown>]');
});
