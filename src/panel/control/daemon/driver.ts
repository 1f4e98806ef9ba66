/** What a daemon is moved with: systemd's units, or the programs themselves. It moves what it is told and decides nothing. */
import type { EngineName } from './daemon';

/** What can be seen without asking on the socket. */
export interface Sight {
  /** The engines that can be started here. */
  readonly installed: readonly EngineName[];
  /** Whose process is there, or ran last; null when that is not known. */
  readonly last: EngineName | null;
  readonly pid: number | null;
  /** Seconds since the epoch. */
  readonly since: number | null;
}

export interface DaemonDriver {
  look(): Promise<Sight>;
  /** Begins to start an engine; null, or why that failed. It need not answer yet. Never rejects. @param seconds that it may take */
  start(engine: EngineName, seconds: number): Promise<string | null>;
  /** Ends the server, and waits until it is gone; one that is gone is left alone. Rejects with an AppError. @param seconds that it may take */
  stop(seconds: number): Promise<void>;
  /** Makes this engine the one that starts with the machine, when the other was that; null, or why that failed. */
  keep(engine: EngineName): Promise<string | null>;
}

export const ENGINE_NAMES: readonly EngineName[] = ['bailiff', 'fail2ban'];

export function otherThan(engine: EngineName): EngineName {
  return engine === 'bailiff' ? 'fail2ban' : 'bailiff';
}
