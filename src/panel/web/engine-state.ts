/** Tells which engine answers, for the header of every page. */
import type { Clock } from '../../base/clock';
import { AppError } from '../../base/errors';
import type { Control, ServerInfo } from '../control/control';

export type EngineState = ({ readonly running: true } & ServerInfo) | { readonly running: false };

/** Seconds after which an answering server is asked for its name again: the stock server logs an error for the question. */
const ASK_AGAIN = 300;

/** An engine that does not answer is a state, not an error; once it answers again, it is asked anew which one it is. */
export function createEngineState(control: Control, clock: Clock): () => Promise<EngineState> {
  let known: { readonly info: ServerInfo; readonly at: number } | null = null;
  return async () => {
    try {
      await control.ping();
      if (known === null || clock.monotonic() - known.at > ASK_AGAIN) known = { info: await control.info(), at: clock.monotonic() };
      return { running: true, ...known.info };
    } catch (error) {
      known = null;
      if (error instanceof AppError) return { running: false };
      throw error;
    }
  };
}
