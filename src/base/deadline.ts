/** Runs synchronous work that is ended when it takes too long, even in the middle of a regular expression. */
import { createContext, Script } from 'node:vm';

/** The script says only that the work be called: nothing of it comes from elsewhere. */
const CALL = new Script('run()');
const room: { run: (() => void) | null } = { run: null };
createContext(room);

/**
 * Whether the work was done in time. Work that was not is ended wherever it is, past its own `catch` and `finally`: what it had begun to
 * change may be half changed. Costs some hundred microseconds, whatever the work.
 * @throws what the work throws
 */
export function doneInTime(seconds: number, work: () => void): boolean {
  room.run = work;
  try {
    CALL.runInContext(room, { timeout: Math.ceil(seconds * 1000) });
    return true;
  } catch (error) {
    if ((error as { readonly code?: string } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  } finally {
    room.run = null;
  }
}
