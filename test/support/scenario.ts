/** A scenario: jails, and a timed script of log lines and client commands for two servers. Scripts are texts, one step each. */

export interface Scenario {
  /** What happens, as a sentence. */
  readonly name: string;
  /** Options of each jail, `key = value` separated by ` ; `, over those that all jails have. */
  readonly jails: Readonly<Record<string, string>>;
  /**
   * `SECONDS write JAIL [xTIMES] [+OFFSET|-OFFSET] TEXT` · `raw JAIL TEXT` (no date) · `$ COMMAND` (its answer is compared) ·
   * `jail NAME OPTIONS` (rewrites its file) · `rename JAIL`, `truncate JAIL` (rotation).
   */
  readonly steps: readonly string[];
  /** Files beside the common ones, by path under the configuration folder. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface Step {
  /** Seconds after the start of the script. */
  readonly at: number;
  readonly verb: 'write' | 'raw' | '$' | 'jail' | 'rename' | 'truncate';
  readonly jail: string;
  readonly text: string;
  readonly times: number;
  /** Seconds between now and the date of the lines. */
  readonly offset: number;
}

const STEP = /^([\d.]+) (?:(\$) (.*)|(write|raw|jail|rename|truncate) (\S+) ?(?:x(\d+) )?(?:([+-]\d+) )?(.*))$/;

/** @throws Error for a text that is no step */
export function readStep(text: string): Step {
  const match = STEP.exec(text);
  if (match === null) throw new Error(`no step: ${text}`);
  const [, at, dollar, command, verb, jail, times, offset, rest] = match;
  return {
    at: Number(at),
    verb: (dollar ?? verb) as Step['verb'],
    jail: jail ?? '',
    text: command ?? rest ?? '',
    times: Number(times ?? 1),
    offset: Number(offset ?? 0),
  };
}

/** The text of a jail's own file. FOLDER stands for the folder of the server. */
export function jailFile(name: string, options: string): string {
  const own = options.split(' ; ').filter((option) => option !== '');
  const usual = { enabled: 'true', logpath: `FOLDER/${name}.log` };
  const missing = Object.entries(usual).filter(([key]) => !own.some((option) => option.startsWith(`${key} =`)));
  return [`[${name}]`, ...missing.map(([key, value]) => `${key} = ${value}`), ...own, ''].join('\n');
}
