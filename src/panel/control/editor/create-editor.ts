/** Makes the Editor: plans edits, writes them with a journal beside them, has the server load them, and takes back what it refuses. */
import { AppError, messageOf } from '../../../base/errors';
import type { Clock } from '../../../base/clock';
import type { Logger } from '../../../base/logger';
import { noLock, type ProcessLock } from '../../../contracts/database/process-lock';
import type { Problem } from '../../../model/problem';
import { formatProblem } from '../../../model/problem';
import type { Control } from '../control';
import { draftOf, hasErrors, type Draft } from './draft';
import type { Applied, Author, Edit, Editor, FileChange, SwitchResult } from './editor';
import { recordHandEdits } from './hand-edits';
import { fileChange } from './line-diff';
import { loadBack, loadDifference } from './load-difference';
import { describeEdits } from './make-edits';
import { OneAtATime } from './one-at-a-time';
import { makeOverlay } from './overlay';
import { PendingEdit, type PendingFile } from './pending-edit';
import { recover } from './recover';
import { SavedStates, type Texts } from './saved-states';
import type { SnapshotKeeper } from './snapshot';
import { changedSince, stampOf } from './text-stamp';
import { readAllOwn } from './working-texts';
import { ChangedMeanwhile, pendingFiles, takeBack, writeTexts } from './write-texts';

export interface EditorOptions {
  /** Of the configuration folder; the one that `createConfiguration` has, so that both read it once. */
  readonly keeper: SnapshotKeeper;
  /** Over the server that reads this folder: its `conf` is the same one. */
  readonly control: Control;
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Logger;
  /** Private folder for states and the journal of an edit under way; made when it is needed. */
  readonly states: string;
  /** Keeps editors of other processes from working on the same folders at the same time; nobody else is there when not given. */
  readonly lock?: ProcessLock;
}

type By = Author & { readonly stamp?: string };

const LOGGER = 'bailiff.editor';

/** An edit that was under way when the program was ended is taken back first; everything else waits for that. */
export function createEditor({ keeper, control, clock, logger, states: folder, lock = noLock }: EditorOptions): Editor {
  const { dir } = keeper;
  const states = new SavedStates(folder, logger);
  const pending = new PendingEdit(folder, logger);
  const takeBackBroken = (): Promise<void> =>
    recover({ dir, states, pending, control, logger }).catch((error: unknown) => {
      throw unwritable(error);
    });
  // The files are back when this returns; telling the server takes its time.
  const first = lock.run(takeBackBroken);
  first.catch((error: unknown) => logger.log('ERROR', LOGGER, `an edit that was broken off could not be taken back: ${messageOf(error)}`));
  const queue = new OneAtATime(first);
  const alone = <T>(task: () => Promise<T>): Promise<T> => queue.run(() => lock.run(task));
  /** What only looks does not wait for an edit that the server is loading. */
  const look = async <T>(task: () => T): Promise<T> => task();
  const draft = (edits: readonly Edit[]): Draft => draftOf(keeper.get(), edits, (id) => states.texts(id));

  function refused(draftOfIt: Draft, problems: readonly Problem[], message: string | null): Applied {
    return { ok: false, reloaded: false, changes: draftOfIt.changes, problems, message, state: null };
  }

  /** @param replaces a state of the same piece of work */
  async function carryOut(edits: readonly Edit[], by: By, replaces: string | null = null): Promise<Applied> {
    await takeBackBroken();
    const made = draft(edits);
    if (hasErrors(made.problems)) return refused(made, made.problems, null);
    const foreign = changedSince(by.stamp ?? '', dir, by.stamp === undefined ? [] : made.texts.map(({ file }) => file));
    if (foreign.length > 0) return refused(made, foreign.map(changedByHand), changedByHand(foreign[0] ?? '').message);
    if (made.texts.length === 0) return { ok: true, reloaded: false, changes: [], problems: made.problems, message: null, state: null };

    writable(() => recordHandEdits(dir, states, readAllOwn(dir), clock.now()));
    const files = writable(() => pendingFiles(dir, made.texts));
    try {
      writable(() => {
        pending.begin(files);
        writeTexts(dir, files);
      });
    } catch (error) {
      end();
      if (!(error instanceof ChangedMeanwhile)) throw error;
      return refused(made, [changedByHand(error.file)], changedByHand(error.file).message);
    }
    const loading = await loadDifference(control, made.difference);
    if (loading.outcome === 'refused') {
      const left = undo(files);
      const back = await loadBack(control, made.back, loading.ran);
      end();
      const message = [loading.message, ...left.map((file) => changedByHand(file).message), back].filter((one) => one !== null).join('; ');
      logger.log('WARNING', LOGGER, `an edit of ${by.who} from ${by.client} is taken back: ${message}`);
      return refused(made, made.problems, message);
    }
    const state = saved(by.what ?? describeEdits(edits), by.who, replaces);
    end();
    logger.log('INFO', LOGGER, `${by.who} from ${by.client}: ${made.texts.map(({ file }) => file).join(', ')}`);
    const { message } = loading;
    return { ok: true, reloaded: loading.outcome === 'loaded', changes: made.changes, problems: made.problems, message, state };
  }

  function undo(files: readonly PendingFile[]): readonly string[] {
    return writable(() => takeBack(dir, files));
  }

  /** What fails here is only told: the files are what they are to be. */
  function saved(what: string, who: string, replaces: string | null): string | null {
    try {
      return states.add({ time: clock.now(), who, what, texts: readAllOwn(dir), replaces });
    } catch (error) {
      logger.log('ERROR', LOGGER, `the state could not be kept: ${messageOf(error)}`);
      return null;
    }
  }

  function end(): void {
    try {
      pending.end();
    } catch (error) {
      logger.log('ERROR', LOGGER, `the journal of an edit could not be ended: ${messageOf(error)}`);
    }
  }

  async function switchJails(jails: readonly string[], on: boolean, by: Author): Promise<readonly SwitchResult[]> {
    const results: SwitchResult[] = [];
    const done: string[] = [];
    let state: string | null = null;
    for (const jail of new Set(jails)) {
      const what = by.what ?? `switched ${on ? 'on' : 'off'}: ${[...done, jail].join(', ')}`;
      const result = await switchOne(jail, on, { ...by, what }, state);
      if (result.ok) done.push(jail);
      state = result.state ?? state;
      const { ok, message, problems } = result;
      results.push({ jail, ok, message, problems });
    }
    return results;
  }

  /** What stops one jail, stops that one only. */
  async function switchOne(
    jail: string,
    on: boolean,
    by: Author,
    replaces: string | null,
  ): Promise<Pick<Applied, 'ok' | 'message' | 'problems' | 'state'>> {
    try {
      const applied = await carryOut([{ kind: 'jail', jail, options: { enabled: on ? 'true' : 'false' } }], by, replaces);
      const [first] = applied.problems.filter(({ severity }) => severity === 'error');
      return { ...applied, message: applied.message ?? (first === undefined ? null : formatProblem(first)) };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { ok: false, message: error.message, problems: [], state: null };
    }
  }

  function stateTexts(id: string): Texts {
    const texts = states.texts(id);
    if (texts === null) throw new AppError('BAD_ARGUMENT', `there is no state '${id.slice(0, 80)}'`);
    return texts;
  }

  function compare(from: Texts, to: Texts): readonly FileChange[] {
    const files = [...new Set([...from.keys(), ...to.keys()])].filter((file) => from.get(file) !== to.get(file)).sort();
    return files.map((file) => fileChange(file, from.get(file) ?? null, to.get(file) ?? null));
  }

  return {
    plan: (edits) =>
      look(() => {
        const stamp = stampOf(dir);
        const { changes, problems, jails } = draft(edits);
        return { changes, problems, jails, stamp };
      }),
    apply: (edits, by) => alone(() => carryOut(edits, by)),
    overlay: (edits) =>
      look(() => {
        const { problems, texts } = draft(edits);
        const [first] = problems.filter(({ severity }) => severity === 'error');
        if (first !== undefined) throw new AppError('BAD_ARGUMENT', formatProblem(first));
        return makeOverlay(dir, texts);
      }),
    switchJails: (jails, on, by) => alone(() => switchJails(jails, on, by)),
    observe: (jail, on) => [{ kind: 'observe', jail, on }],
    stamp: () => look(() => stampOf(dir)),
    states: () => look(() => states.list()),
    compare: (from, to) => look(() => compare(stateTexts(from), to === null ? readAllOwn(dir) : stateTexts(to))),
    exportAll: () => look(() => Object.fromEntries(readAllOwn(dir))),
    notice: () => alone(async () => writable(() => recordHandEdits(dir, states, readAllOwn(dir), clock.now()))),
  };
}

function changedByHand(file: string): Problem {
  return { severity: 'error', file, message: `${file} was changed by hand meanwhile: look at it again` };
}

function writable<T>(task: () => T): T {
  try {
    return task();
  } catch (error) {
    throw error instanceof ChangedMeanwhile ? error : unwritable(error);
  }
}

function unwritable(error: unknown): AppError {
  return error instanceof AppError ? error : new AppError('CONFIG_UNWRITABLE', messageOf(error), { cause: error });
}
