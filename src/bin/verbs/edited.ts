/** Edits of the configuration from the shell: planned only, or written, loaded by the server, and taken back when it refuses. */
import { formatProblem, type Problem } from '../../model/problem';
import type { Applied, Edit, FileChange } from '../../panel/control/editor/editor';
import { applyEdits, type EditDeed } from '../../panel/web/acts/edits';
import { CONFIRM, confirmed, withBack } from './confirm';
import type { Answer, Given, OptionSpec } from './verb';
import type { CliWorld } from './world';

const PLAN: OptionSpec = { name: 'plan', value: null, meaning: 'only show what would be changed' };
/** Options of every verb that edits. */
export const EDITING: readonly OptionSpec[] = [PLAN, CONFIRM];

const MARKS = { same: ' ', added: '+', removed: '-' } as const;

/** The changed lines of files, as diff shows them. */
export function diffText(changes: readonly FileChange[]): string {
  return changes.map(({ file, diff }) => `${file}\n${diff.map(({ kind, text }) => `${MARKS[kind]} ${text}\n`).join('')}`).join('');
}

const sentences = (problems: readonly Problem[]): readonly string[] => problems.map(formatProblem);
const isError = ({ severity }: Problem): boolean => severity === 'error';
const plainChanges = (changes: readonly FileChange[]): unknown => changes.map(({ file, before, after }) => ({ file, before, after }));

/** Applies edits and tells what came of it. @param done the sentence when all is well */
export async function changed(world: CliWorld, edits: readonly Edit[], deed: EditDeed, done: string, options: Given): Promise<Answer> {
  const rooms = await world.working();
  const apply = (): Promise<Applied> =>
    world.progress.during('changing the configuration', () => applyEdits(rooms, world.actor, edits, deed));
  const { done: applied, back } = await confirmed(world, options, { what: `${deed.action} ${deed.subject}` }, apply);
  const { ok, reloaded, changes, problems, message, state } = applied;
  const json = { ok, reloaded, message, state, problems, changes: plainChanges(changes) };
  if (!ok) {
    const errors = sentences(problems.filter(isError));
    const failures = [...(message === null ? [] : [`${message}; everything is as it was`]), ...errors];
    return { text: '', json, failures: failures.length > 0 ? failures : ['it was not taken; everything is as it was'] };
  }
  if (back !== null) return withBack({ text: '', json }, back);
  const warnings = sentences(problems.filter((problem) => !isError(problem))).map((text) => `Warning: ${text}\n`);
  const loaded = changes.length === 0 ? 'It was so already.' : reloaded ? done : `${done} No server runs: it counts from its start on.`;
  return { text: [`${loaded}\n`, ...(message === null ? [] : [`${message}\n`]), ...warnings].join(''), json };
}

/** What edits would change; nothing is written. */
export async function planned(world: CliWorld, edits: readonly Edit[]): Promise<Answer> {
  const { editor } = await world.working();
  const { changes, problems, jails } = await editor.plan(edits);
  const warnings = sentences(problems.filter((problem) => !isError(problem))).map((text) => `Warning: ${text}\n`);
  return {
    text: [changes.length === 0 ? 'Nothing would be changed.\n' : diffText(changes), ...warnings].join(''),
    json: { changes: plainChanges(changes), problems, jails },
    failures: sentences(problems.filter(isError)),
  };
}
