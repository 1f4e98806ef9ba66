// What people ask of the pages, each kind with a draw of its own every time: lists in every order, searches of every kind, charts, one jail, one address.
import { rank, COUNTRIES, JAILS, USERS } from './people.mjs';
import { random } from '../logs.mjs';

const SORTS = ['address', 'jail', 'country', 'since', 'left', 'failures', 'times'];
const PAGE = 100;

const listed = (fields) => `/bans?${new URLSearchParams(fields)}`;

function drawing(banned, seed) {
  const next = random(seed);
  const pick = (from) => from[Math.floor(next() * from.length)];
  const range = (bytes) => {
    const id = pick(banned.filter((one) => !one.includes(':')));
    return `${id.split('.').slice(0, bytes).join('.')}${'.0'.repeat(4 - bytes)}/${bytes * 8}`;
  };
  const order = () => ({ sort: pick(SORTS), order: pick(['ascending', 'descending']) });
  return { next, pick, range, order };
}

/** Of the list of bans. `Map` of a kind to what draws an address of it. */
export function listQuestions(banned, seed) {
  const { next, pick, range, order } = drawing(banned, seed);
  const pages = Math.ceil(banned.length / PAGE);
  const searched = (search, more = {}) => listed({ search, ...order(), ...more });
  const kinds = new Map();
  for (const sort of SORTS) {
    kinds.set(`by ${sort}`, () =>
      listed({ sort, order: pick(['ascending', 'descending']), page: pick([1, pages, 1 + Math.floor(next() * pages)]) }),
    );
  }
  kinds.set('an address', () => searched(pick(banned)));
  kinds.set('a /24', () => searched(range(3)));
  kinds.set('a /8', () => searched(range(1)));
  kinds.set('the beginning of an address', () => searched(pick(banned).slice(0, 3 + Math.floor(next() * 4))));
  kinds.set('a jail', () => searched(pick(JAILS)));
  kinds.set('a jail and a country', () => listed({ jail: pick(JAILS), country: COUNTRIES[rank(next, 6)], ...order() }));
  kinds.set('a country', () => searched(COUNTRIES[rank(next, COUNTRIES.length)]));
  kinds.set('a user', () => searched(`user:${pick(USERS)}${Math.floor(next() * 977)}`));
  kinds.set('a user that is nowhere', () => searched(`user:nobody${Math.floor(next() * 1e6)}`));
  kinds.set('text of few lines', () => searched(`user ${pick(USERS)}${Math.floor(next() * 977)} from`));
  kinds.set('text of many lines', () => searched(`invalid user ${pick(USERS)}`));
  kinds.set('text of all lines', () => searched(`Failed password ${'for invalid user'.slice(0, 3 + Math.floor(next() * 13))}`));
  kinds.set('text of no line', () => searched(`nothing ${Math.floor(next() * 1e6)}`));
  return kinds;
}

/** Of pages that the history answers too. `past` are addresses of the history, the busiest first. */
export function historyQuestions(banned, past, now, seed) {
  const { next, pick, range } = drawing(past, seed);
  const someone = () => past[rank(next, past.length)];
  const events = (fields) => `/api/v1/events?${new URLSearchParams(fields)}`;
  const to = () => String(Math.floor(now - 150 * 86_400 * next()));
  const kinds = new Map();
  for (const period of ['24h', '7d', '30d']) kinds.set(`overview of a ${period}`, () => `/?period=${period}`);
  kinds.set('a jail', () => `/jails/${pick(JAILS)}?period=${pick(['24h', '7d', '30d'])}`);
  kinds.set('the jails', () => '/jails');
  kinds.set('a banned address', () => `/address/${encodeURIComponent(pick(banned))}`);
  kinds.set('an address of the history', () => `/address/${encodeURIComponent(someone())}?period=${pick(['24h', '7d', '30d'])}`);
  kinds.set('newest events', () => events({ limit: 100 }));
  kinds.set('events before a time', () => events({ to: to(), limit: 100 }));
  kinds.set('bans of a jail', () => events({ jail: pick(JAILS), kind: 'ban', to: to(), limit: 100 }));
  kinds.set('rare events of a jail', () => events({ jail: JAILS.at(-1), kind: 'already-banned', to: to(), limit: 100 }));
  kinds.set('events of a country', () => events({ country: COUNTRIES[rank(next, COUNTRIES.length)], to: to(), limit: 100 }));
  kinds.set('a country in a jail', () => events({ country: COUNTRIES.at(-1), jail: JAILS.at(-1), limit: 100 }));
  kinds.set('events of an address', () => events({ id: someone(), limit: 100 }));
  kinds.set('events of a /24', () => events({ range: range(3), limit: 100 }));
  kinds.set('events of a /8', () => events({ range: range(1), limit: 100 }));
  kinds.set('events by a text', () => events({ text: someone().slice(0, 6), limit: 100 }));
  kinds.set('events by a text that is nowhere', () => events({ text: `nobody${Math.floor(next() * 1e6)}`, limit: 100 }));
  for (const of of ['address', 'network', 'country', 'jail'])
    kinds.set(
      `first ${of} of 30 days`,
      () =>
        `/api/v1/top?${new URLSearchParams({ from: String(now - 30 * 86_400), to: String(now), of, by: pick(['bans', 'failures']), limit: 50 })}`,
    );
  return kinds;
}
