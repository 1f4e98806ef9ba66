/** What pages ask of the history, each question drawn anew every time. */
import type { History } from '../../../src/panel/history/history';
import { attackHistory, drawer } from '../../support/attack-history';

const DAY = 86_400;
const WHAT = ['address', 'jail', 'country', 'network'] as const;

export type Question = () => Promise<unknown>;

/** @param end of the events, seconds since the epoch */
export function questionsOf(history: History, end: number): ReadonlyMap<string, Question> {
  const known = attackHistory(100_000, end).addresses;
  const draw = drawer(7);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(draw() * list.length)] as T;
  const address = (): string => pick(known);
  const network = (): string =>
    address()
      .replace(/\.\d+$/, '.0/24')
      .replace(/::.*$/, '::/64');
  const region = (): string =>
    address()
      .replace(/\.\d+\.\d+$/, '.0.0/16')
      .replace(/::.*$/, '::/48');
  const when = (): number => end - 180 * DAY * draw();
  const jail = (): string => pick(['sshd', 'plesk-postfix', 'plesk-panel', 'recidive']);
  const country = (): string => pick(['CN', 'US', 'DE', 'PH', 'LK']);
  const limit = 50;
  const questions = new Map<string, Question>([
    ['the newest events', () => history.recent(100)],
    ['failures and bans by hour, 24 hours', () => history.perHour(end - DAY, end)],
    ['failures and bans by hour, 30 days', () => history.perHour(end - 30 * DAY, end)],
    ['events before a time', () => history.events({ to: when(), limit })],
    ['events of a jail', () => history.events({ jail: jail(), to: when(), limit })],
    ['bans of a jail', () => history.events({ jail: jail(), kinds: ['ban'], limit })],
    ['rare events of a jail', () => history.events({ jail: 'recidive', kinds: ['already-banned'], limit })],
    ['bans of a country', () => history.events({ country: country(), kinds: ['ban', 'unban'], limit })],
    ['a country in a jail', () => history.events({ country: country(), jail: jail(), limit })],
    ['events of a network', () => history.events({ asn: 1000 + Math.floor(4000 * draw()), limit })],
    ['events of an address', () => history.events({ id: address(), limit })],
    ['events of a /24 or /64', () => history.events({ range: network(), limit })],
    ['events of a /16 or /48', () => history.events({ range: region(), limit })],
    ['events of a /8', () => history.events({ range: `${11 + Math.floor(draw() * 200)}.0.0.0/8`, limit })],
    ['events by a text', () => history.events({ text: address().slice(0, 8), limit })],
    ['events by a text that is nowhere', () => history.events({ text: 'nobody', limit })],
    ['one address', () => history.address(address())],
    ['neighbours in a /24 or /64', () => history.neighbours(network(), limit)],
    ['neighbours in a /16 or /48', () => history.neighbours(region(), limit)],
    ['neighbours in 0.0.0.0/0', () => history.neighbours('0.0.0.0/0', limit)],
    ['times banned of 50', () => history.timesBanned(Array.from({ length: 50 }, address))],
    ['times banned of 1000', () => history.timesBanned(Array.from({ length: 1000 }, address))],
    ['extent', () => history.extent()],
  ]);
  for (const days of [1, 7, 30, 180]) {
    const span = { from: end - days * DAY, to: end };
    for (const what of WHAT) {
      questions.set(`top ${what} by bans, ${days} days`, () => history.top({ ...span, of: what, by: 'bans', limit: 10 }));
      questions.set(`top ${what} by failures, ${days} days`, () => history.top({ ...span, of: what, by: 'failures', limit: 10 }));
    }
    const step = days > 7 ? 'day' : 'hour';
    for (const by of ['jail', 'country'] as const)
      questions.set(`counts by ${by}, ${days} days`, () => history.counts({ ...span, step, by }));
    questions.set(`counts of ten networks, ${days} days`, async () => {
      const only = (await history.top({ ...span, of: 'network', by: 'failures', limit: 10 })).map(({ key }) => key);
      return history.counts({ ...span, step, by: 'network', only });
    });
  }
  return questions;
}
