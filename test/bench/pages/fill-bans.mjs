// Writes bans in force, with the lines that led to them, into a database of fail2ban's shape, in a few statements: a server restores them when it starts.
import { createRequire } from 'node:module';
import { random, syslogDate } from '../logs.mjs';
import { drawAddresses, JAILS, rank, USERS } from './people.mjs';

const require = createRequire(import.meta.url);
const { openConnection } = require('../../../dist/contracts/database/connection.js');
const { createStockTables } = require('../../../dist/contracts/database/schema.js');
const DAY = 86_400;
const AT_ONCE = 20_000;

/** A row of `bips`: who is banned where, since when, for how long, how often before, and why. */
function banOf(id, at, next, now) {
  const time = Math.floor(now - 20 * DAY * next());
  const failures = 3 + rank(next, 60);
  const user = USERS[rank(next, USERS.length)];
  const matches = Array.from(
    { length: 3 },
    (_, line) =>
      `${syslogDate(time - 3 + line)} host sshd[${1000 + at}]: Failed password for invalid user ${user}${at % 977} from ${id} port ${1024 + ((at * 7) % 60000)} ssh2`,
  );
  const data = JSON.stringify({ matches, failures, user: `${user}${at % 977}`, ip4: id });
  return [id, JAILS[rank(next, JAILS.length)], time, next() < 0.05 ? -1 : 30 * DAY, 1 + rank(next, 9), data];
}

/** Fills `file` with so many bans; returns their addresses. */
export async function fillBans(file, count, now, seed = 1) {
  const addresses = drawAddresses(count, seed);
  const next = random(seed + 1);
  const connection = await openConnection(file);
  try {
    await createStockTables(connection);
    await connection.transaction(async (sql) => {
      for (const jail of JAILS) await sql.run('INSERT INTO jails(name, enabled) VALUES(?, 1)', [jail]);
      for (let from = 0; from < count; from += AT_ONCE) {
        const rows = addresses.slice(from, from + AT_ONCE).map((id, at) => banOf(id, from + at, next, now));
        for (const table of ['bips', 'bans']) {
          await sql.run(
            `INSERT INTO ${table}(ip, jail, timeofban, bantime, bancount, data) ` +
              'SELECT value->>0, value->>1, value->>2, value->>3, value->>4, CAST(value->>5 AS BLOB) FROM json_each(?)',
            [JSON.stringify(rows)],
          );
        }
      }
    });
  } finally {
    await connection.close();
  }
  return addresses;
}
