/** What a running server has to be told so that it follows the files from one reading to another, and telling it. */
import { AppError, messageOf } from '../../../base/errors';
import type { Command } from '../../../model/command';
import { formatProblem } from '../../../model/problem';
import type { Control, Reloading } from '../control';
import type { Snapshot } from './snapshot';

export interface Difference {
  /** The server's own settings differ, or so many jails that all are read at once. */
  readonly whole: boolean;
  /** To be started, or changed while they run. */
  readonly changed: readonly string[];
  readonly stopped: readonly string[];
  /** To run before and after. */
  readonly kept: readonly string[];
  /** Names of the actions that each of the changed jails is to have. */
  readonly actions: ReadonlyMap<string, readonly string[]>;
  /** Those of the changed jails that would keep a value which the files do not have any more: a reload resets only some of the options. */
  readonly anew: ReadonlySet<string>;
}

/** `absent`: no server runs. */
export interface Loading {
  readonly outcome: 'loaded' | 'absent' | 'refused';
  /** What the server said, or why nothing could be loaded. */
  readonly message: string | null;
  /** Jails that ran before. */
  readonly ran: readonly string[];
}

/** More jails than this are loaded with all others at once. */
const MOST_SINGLE = 8;
/** What a reload forgets before it sets it anew. */
const RESET: ReadonlySet<unknown> = new Set([
  'addfailregex',
  'addignoreregex',
  'addignoreip',
  'addjournalmatch',
  'addlogpath',
  'addaction',
  'action',
]);

/** Of jails that are switched on and without mistake, in the order of the files. */
export function differenceOf(before: Snapshot, after: Snapshot): Difference {
  const old = commandsByJail(before);
  const fresh = commandsByJail(after);
  const changed = [...fresh].filter(([jail, commands]) => old.get(jail) !== commands).map(([jail]) => jail);
  const stopped = [...old.keys()].filter((jail) => !fresh.has(jail));
  const odd = [...changed, ...stopped].some((jail) => jail.startsWith('-'));
  const server = JSON.stringify(before.merged.server) !== JSON.stringify(after.merged.server);
  const kept = [...old.keys()].filter((jail) => fresh.has(jail));
  const actions = new Map(changed.map((jail) => [jail, actionsOf(after, jail)]));
  const anew = new Set(changed.filter((jail) => old.has(jail) && losesOption(commandsOf(before, jail), commandsOf(after, jail))));
  return { whole: server || odd || changed.length + stopped.length > MOST_SINGLE, changed, stopped, kept, actions, anew };
}

/** Tells the server. Never rejects: what goes wrong is the outcome. */
export async function loadDifference(control: Control, difference: Difference): Promise<Loading> {
  let ran: readonly string[] = [];
  try {
    ran = await control.jails();
    await tell(control, difference, ran);
    const running = await control.jails();
    const wanted = [...difference.changed, ...difference.kept.filter((jail) => ran.includes(jail))];
    const missing = wanted.find((jail) => !running.includes(jail));
    if (missing !== undefined) throw new AppError('SERVER_REFUSED', `the jail '${missing}' does not run with it`);
    return { outcome: 'loaded', message: null, ran };
  } catch (error) {
    const absent = error instanceof AppError && error.code === 'SERVER_NOT_RUNNING';
    if (!absent) return { outcome: 'refused', message: messageOf(error), ran };
    return { outcome: 'absent', message: 'no server runs: the files are read when it starts', ran };
  }
}

/**
 * Makes the server run again what it ran before. Returns why that failed; null when it runs it.
 * @param back from what was refused to what was before
 */
export async function loadBack(control: Control, back: Difference, ran: readonly string[]): Promise<string | null> {
  const { outcome, message } = await loadDifference(control, { ...back, changed: back.changed.filter((jail) => ran.includes(jail)) });
  return outcome === 'refused' ? message : null;
}

async function tell(control: Control, { whole, changed, stopped, actions, anew }: Difference, ran: readonly string[]): Promise<void> {
  if (whole) mustBeDone(await control.reload());
  else {
    for (const jail of stopped.filter((one) => ran.includes(one))) await control.stopJail(jail);
    for (const jail of changed.filter((one) => !anew.has(one))) mustBeDone(await control.reload({ jail, ifExists: true }));
  }
  const running = await control.jails();
  for (const jail of changed) {
    if (anew.has(jail)) mustBeDone(await control.reload({ jail, restart: true, ifExists: true }));
    if (anew.has(jail) || !running.includes(jail)) continue;
    const now = await control.get(jail, 'actions');
    // The stock server drops the actions that a reload brings to a jail that runs.
    if (actions.get(jail)?.some((action) => !now.includes(action)) === true) mustBeDone(await control.restartJail(jail));
  }
}

function commandsOf({ merged }: Snapshot, jail: string): readonly Command[] {
  return merged.readings.find(({ name }) => name === jail)?.commands ?? [];
}

function actionsOf(snapshot: Snapshot, jail: string): readonly string[] {
  return commandsOf(snapshot, jail).flatMap(([, , word, name]) => (word === 'addaction' && typeof name === 'string' ? [name] : []));
}

function losesOption(before: readonly Command[], after: readonly Command[]): boolean {
  const options = (commands: readonly Command[]): Set<unknown> => new Set(commands.map(([, , word]) => word));
  const left = options(after);
  return [...options(before)].some((option) => !left.has(option) && !RESET.has(option));
}

function mustBeDone({ done, problems }: Reloading): void {
  if (done) return;
  const errors = problems.filter(({ severity }) => severity === 'error').map(formatProblem);
  throw new AppError('SERVER_REFUSED', errors.slice(0, 3).join('; ') || 'the configuration cannot be loaded');
}

function commandsByJail({ merged }: Snapshot): ReadonlyMap<string, string> {
  const good = merged.readings.filter((reading) => reading.good);
  return new Map(good.map(({ name, commands, globs }) => [name, JSON.stringify([commands, globs])]));
}
