/** Starts a program in a session of its own, without our terminal: it goes on when we end. */
import { spawn } from 'node:child_process';

export interface DetachedProcess {
  /** True once the program has ended while we still look. */
  ended(): boolean;
}

export function spawnDetached(command: string, args: readonly string[]): DetachedProcess {
  const child = spawn(command, args, { detached: true, stdio: 'ignore' });
  let over = false;
  child.on('error', () => {
    over = true;
  });
  child.on('exit', () => {
    over = true;
  });
  child.unref();
  return { ended: () => over };
}
