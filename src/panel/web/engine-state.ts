/** Asks which engine answers, for the header of every page. */
import { AppError } from '../../base/errors';
import type { Control } from '../control/control';

export type EngineState =
  { readonly running: true; readonly engine: 'bailiff' | 'fail2ban'; readonly version: string } | { readonly running: false };

/** An engine that does not answer is a state, not an error. */
export async function engineState(control: Control): Promise<EngineState> {
  try {
    return { running: true, ...(await control.info()) };
  } catch (error) {
    if (error instanceof AppError) return { running: false };
    throw error;
  }
}
