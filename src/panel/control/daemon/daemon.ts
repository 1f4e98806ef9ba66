/** The door to the server as a process: whether it runs, and which of the two it is; started, stopped, and changed for the other one. */

export type EngineName = 'bailiff' | 'fail2ban';

export interface DaemonState {
  /** Who answers on the socket; null when nobody does. */
  readonly engine: EngineName | null;
  readonly version: string | null;
  readonly running: boolean;
  /** Seconds since the epoch; null when that is not known. */
  readonly since: number | null;
  readonly pid: number | null;
  /** Whether the other engine is installed here. */
  readonly canSwitch: boolean;
  readonly canStart: boolean;
}

export interface SwitchOutcome {
  readonly ok: boolean;
  /** Why not, and what runs now; '' when all is well. */
  readonly message: string;
  /** Bans in force afterwards. */
  readonly bans: number;
}

/** Starting, stopping and switching are done one after the other. */
export interface Daemon {
  /** Never rejects for a server that does not run. */
  state(): Promise<DaemonState>;
  /** Starts the engine that ran last, else the one that is installed; one that runs already is left alone. Rejects with AppError SERVER_NOT_RUNNING when none comes up. */
  start(): Promise<void>;
  /** Stops in order: bans stay in the database, and leave the firewall. Rejects with AppError SERVER_TIMEOUT when it does not end. */
  stop(): Promise<void>;
  /** Hands the bans over by the database. When the other one does not come up, the first one is started again. */
  switchTo(engine: EngineName): Promise<SwitchOutcome>;
}
