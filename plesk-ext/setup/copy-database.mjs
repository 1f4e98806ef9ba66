// copy-database.mjs FROM TO: a whole copy of a SQLite database although another process writes to it, made by SQLite itself.
import { DatabaseSync } from 'node:sqlite';

const [from, to] = process.argv.slice(2);
const database = new DatabaseSync(from);
database.prepare('VACUUM INTO ?').run(to);
database.close();
