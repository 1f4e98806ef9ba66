/** A logger with Python's level numbers, as fail2ban counts them. Where the records go is a sink's business (contracts/log has fail2ban's). */

/** Levels of fail2ban.conf's `loglevel`, by their number. */
export const LEVELS = {
  CRITICAL: 50,
  ERROR: 40,
  WARNING: 30,
  NOTICE: 25,
  INFO: 20,
  MSG: 18,
  DEBUG: 10,
  TRACEDEBUG: 7,
  HEAVYDEBUG: 5,
} as const;

export type LevelName = keyof typeof LEVELS;

export interface LogRecord {
  readonly level: LevelName;
  /** Logger name, e.g. `fail2ban.filter`. */
  readonly name: string;
  readonly message: string;
}

export interface Logger {
  log(level: LevelName, name: string, message: string): void;
}

/** A logger that hands every record to `sink`. */
export function createLogger(sink: (record: LogRecord) => void): Logger {
  return { log: (level, name, message) => sink({ level, name, message }) };
}

/** The lawful nothing: records go nowhere. */
export const silentLogger: Logger = createLogger(() => undefined);
