/** `follow-log.ts FOLDER` follows FOLDER/fail2ban.log into FOLDER/bailiff.sqlite3 until it is killed; a process of its own for tests that kill it. */
import path from 'node:path';
import { systemClock } from '../../src/base/clock';
import { createLogger } from '../../src/base/logger';
import { LogFollower } from '../../src/panel/history/log-follower';
import { openHistory } from '../../src/panel/history/open-history';
import { locate } from './history-folder';

async function follow(folder: string): Promise<void> {
  const logger = createLogger((record) => process.stderr.write(`${record.level} ${record.message}\n`));
  const history = await openHistory(path.join(folder, 'bailiff.sqlite3'), systemClock, logger);
  const follower = new LogFollower(path.join(folder, 'fail2ban.log'), { history, clock: systemClock, logger, locate });
  follower.start();
  process.stdout.write('following\n');
  setInterval(() => undefined, 1000);
}

void follow(process.argv[2] ?? '');
