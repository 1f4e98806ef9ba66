/** The program `bailiff` in the test's own process: its command lines over a server of the test's choice and a folder of its own. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../src/base/clock';
import { silentLogger } from '../../src/base/logger';
import { writeOutput } from '../../src/bin/verbs/files';
import { noGuard } from '../../src/bin/verbs/guard';
import { noProgress } from '../../src/bin/verbs/progress';
import { runCommandLine } from '../../src/bin/verbs/run';
import { createCliWorld } from '../../src/bin/verbs/world';
import type { Control } from '../../src/panel/control/control';
import { stockFolder, type Said } from './stock-server';

export interface Cli {
  /** Configuration and all else. */
  readonly folder: string;
  readonly config: string;
  ask(...words: readonly string[]): Promise<Said>;
}

/** @param now the time that the program sees, in seconds */
export function cliOver(control: Control, { now = systemClock.now(), stdin = '', confirmed = true } = {}): Cli {
  const { folder, config } = stockFolder('cli');
  const home = path.join(folder, 'home');
  mkdirSync(home);
  // A server that stays when one command line is done.
  const staying = Object.create(control, { close: { value: () => undefined } }) as Control;
  return {
    folder,
    config,
    async ask(...words) {
      let stdout = '';
      let stderr = '';
      const place = {
        ...{ confdir: config, socket: path.join(folder, 'nobody.sock'), pidFile: path.join(folder, 'nobody.pid') },
        ...{ log: path.join(folder, 'fail2ban.log'), daemon: 'direct' as const, dryRun: true, data: home },
        ...{ historyDatabase: path.join(home, 'bailiff.sqlite3'), logFolders: [folder] },
      };
      const code = await runCommandLine(
        words,
        () =>
          createCliWorld(place, {
            ...{ control: staying, clock: { ...systemClock, now: () => now }, logger: silentLogger },
            ...{
              actor: { who: 'tester (shell)', client: '' },
              progress: noProgress,
              guard: noGuard,
              confirmed: () => Promise.resolve(confirmed),
              watch: () => undefined,
              read: () => Promise.resolve(stdin),
              write: writeOutput,
            },
            warn: (text) => (stderr += `bailiff: ${text}\n`),
          }),
        { stdout: (text) => (stdout += text), stderr: (text) => (stderr += text) },
      );
      return { stdout, stderr, code };
    },
  };
}
