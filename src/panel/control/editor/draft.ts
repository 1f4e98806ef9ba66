/** Edits into what would become of the files: changed texts, what is wrong with them, and whom they touch. Nothing is written. */
import path from 'node:path';
import { isLink } from '../../../base/file-rights';
import type { Problem } from '../../../model/problem';
import { EditWorld } from './edit-world';
import type { Edit, FileChange } from './editor';
import { differenceOf, type Difference } from './load-difference';
import { fileChange } from './line-diff';
import { makeEdits } from './make-edits';
import { newProblems } from './new-problems';
import type { Snapshot } from './snapshot';
import { type TextChange, WorkingTexts } from './working-texts';

export interface Draft {
  readonly texts: readonly TextChange[];
  readonly changes: readonly FileChange[];
  readonly problems: readonly Problem[];
  readonly jails: readonly string[];
  readonly difference: Difference;
  /** Where the server was. */
  readonly back: Difference;
}

const MOST_EDITS = 500;

/** @param stateTexts of a state; null when there is no such state */
export function draftOf(before: Snapshot, edits: readonly Edit[], stateTexts: EditWorld['stateTexts']): Draft {
  const world = new EditWorld(new WorkingTexts(before.dir), before, stateTexts);
  const tooMany: Problem[] = [{ severity: 'error', message: `more than ${MOST_EDITS} edits at once` }];
  const made = edits.length > MOST_EDITS ? tooMany : makeEdits(world, edits);
  const texts = world.texts.changes();
  const difference = differenceOf(before, world.snapshot());
  return {
    texts,
    changes: texts.map(({ file, before: old, after }) => fileChange(file, old, after)),
    problems: [...made, ...texts.flatMap((change) => linkProblem(world, change)), ...(hasErrors(made) ? [] : newProblems(world))],
    jails: touched(edits, difference),
    difference,
    back: differenceOf(world.snapshot(), before),
  };
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

function touched(edits: readonly Edit[], { changed, stopped }: Difference): readonly string[] {
  return [...new Set([...edits.flatMap((edit) => ('jail' in edit ? [edit.jail] : [])), ...changed, ...stopped])];
}

/** A link could not come back as one. */
function linkProblem({ texts }: EditWorld, { file, after }: TextChange): readonly Problem[] {
  const full = path.join(texts.dir, file);
  if (after !== null || !isLink(full)) return [];
  return [{ severity: 'error', file: full, message: 'the file is a symbolic link: it is not taken away, do that by hand' }];
}
