/** Starts a program as node does, but whatever hinders it at once is a value: no room for a process, no free descriptor, words that cannot be words. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { messageOf } from './errors';

/** The child, or why there is none. What is found out later (a command that is missing) is the child's `error`. */
export function begin(command: string, args: readonly string[], options: SpawnOptions): ChildProcess | Error {
  try {
    const child = spawn(command, [...args], options);
    // Without a free descriptor node gives a child that has no pipes at all, whatever its types say, and an error that follows.
    if ((child.stdout as unknown) !== undefined) return child;
    child.on('error', () => undefined);
    return new Error(`${command} cannot be started: no file descriptor is free`);
  } catch (error) {
    return error instanceof Error ? error : new Error(messageOf(error));
  }
}
