/** Plays a log full of lines that many slow regexes of one filter take too long on, beside another jail: how long that jail and the socket wait meanwhile. */
import { systemClock, sleep } from '../../src/base/clock';
import { SocketClient } from '../../src/contracts/socket/client';
import { TestServer } from '../support/bailiff-server';

const REGEXES = 100;
/** Few enough bytes that all the lines of a round come in one batch. */
const HOSTILE = 'ay from '.repeat(30);
/** Seconds after which a round that does not end is given up. */
const LONGEST = 300;

export interface HeldUpFigures {
  readonly lines: number;
  readonly slowRegexes: number;
  readonly pings: number;
  /** Milliseconds. */
  readonly longestAnswer: number;
  readonly bans: number;
  /** From the line to the ban in the log, milliseconds: with the pauses in which lines gather. */
  readonly longestBan: number;
}

/** @param rounds batches of one hostile line for each regex */
export async function playHeldUp(rounds: number, onRound: (done: number) => void): Promise<HeldUpFigures> {
  const server = new TestServer();
  const { monotonic } = systemClock;
  const since = (began: number): number => Math.round((monotonic() - began) * 1000);
  const regexes = Array.from({ length: REGEXES }, (_, n) => `^\\s*x${n}x.*.*.*.*.*y from <HOST>$`);
  server.write('config/filter.d/held.conf', `[Definition]\nfailregex = ${['^\\s*offender <HOST>$', ...regexes].join('\n            ')}\n`);
  for (const file of ['held.log', 'free.log']) server.write(file, '');
  const jail = (name: string, more: string): string => `[${name}]\nlogpath = ${server.path(`${name}.log`)}\nmaxretry = 1\n${more}\n`;
  server.jails(jail('held', 'filter = held') + jail('free', ''));
  let [pings, longestAnswer, bans, longestBan, running] = [0, 0, 0, 0, true];
  try {
    await server.start('held', 'free');
    const client = new SocketClient({ path: server.socket });
    const pinging = (async (): Promise<void> => {
      for (; running; pings++) {
        const began = monotonic();
        await client.send(['ping']);
        longestAnswer = Math.max(longestAnswer, since(began));
        await sleep(systemClock, 0.01);
      }
    })();
    const banning = (async (): Promise<void> => {
      while (running) {
        const address = `198.51.${100 + (bans >> 8)}.${bans & 255}`;
        const began = monotonic();
        server.fail('free.log', address);
        while (running && !server.log.includes(`[free] Ban ${address}`)) await sleep(systemClock, 0.01);
        if (running) longestBan = Math.max(longestBan, since(began));
        bans++;
      }
    })();
    for (let round = 0; round < rounds; round++) {
      for (let n = 0; n < REGEXES; n++) server.line('held.log', `x${n}x${HOSTILE}`);
      server.line('held.log', `offender 192.0.2.${round + 1}`);
      const began = monotonic();
      while (!server.log.includes(`[held] Ban 192.0.2.${round + 1}`)) {
        if (monotonic() - began > LONGEST) throw new Error('the jail with slow regexes is not through its lines');
        await sleep(systemClock, 0.05);
      }
      onRound(round + 1);
    }
    running = false;
    await Promise.all([pinging, banning]);
    const slowRegexes = server.log.split('A regex took too long').length - 1;
    return { lines: rounds * (REGEXES + 1), slowRegexes, pings, longestAnswer, bans, longestBan };
  } finally {
    running = false;
    await server.remove();
  }
}
