/** What forms that edit the configuration have in common: problems beside their fields, a difference to look at, and a sentence about how it went. */
import type { Problem } from '../../model/problem';
import { formatProblem } from '../../model/problem';
import type { Applied, DiffLine, FileChange, Plan } from '../control/editor/editor';
import type { Form } from './form';
import type { MessageKey, MessageParams } from './messages';
import type { HtmlAnswer, Notice } from './page';

export const STAMP = 'stamp';

/** Problems by the option that they are about; those about none, or about one that the form has no field for, are `others`. */
export interface FieldProblems {
  readonly fields: Readonly<Record<string, string>>;
  readonly others: readonly string[];
}

export function problemsByField(problems: readonly Problem[], fields: readonly string[]): FieldProblems {
  const found: Record<string, string> = {};
  const others: string[] = [];
  for (const problem of problems.filter(({ severity }) => severity === 'error')) {
    const { option } = problem;
    if (option !== undefined && fields.includes(option)) found[option] = [found[option], placed(problem)].filter(Boolean).join(' ');
    else others.push(formatProblem(problem));
  }
  return { fields: found, others };
}

/** A problem beside its field: its sentence, and the place when it stands in a file. */
function placed({ message, file, line }: Problem): string {
  return file === undefined ? message : `${message} (${file}${line === undefined ? '' : `:${line}`})`;
}

/** What the template shows of a change: its lines, with a row where some are left out. */
export function shortDiff(change: FileChange): object {
  const lines = change.diff.flatMap((line, index): object[] => {
    const last = change.diff[index - 1];
    return last !== undefined && isGap(last, line) ? [{ gap: true }, { ...line, gap: false }] : [{ ...line, gap: false }];
  });
  return { file: change.file, fresh: change.before === null, gone: change.after === null, lines };
}

/** Whether lines of the file lie between two lines of a difference. */
function isGap(last: DiffLine, next: DiffLine): boolean {
  const jump = (a: number | null, b: number | null): boolean => a !== null && b !== null && b > a + 1;
  return jump(last.before, next.before) || jump(last.after, next.after);
}

/** Shows what a raw edit changes before it is made; the form is carried on, with the stamp of the files it was planned from. */
export function showPlan(options: {
  readonly plan: Plan;
  readonly form: Form;
  readonly action: string;
  readonly back: string;
  readonly question: MessageKey;
  readonly params?: MessageParams;
}): HtmlAnswer {
  const { plan, form, action, back, question, params = {} } = options;
  const fields = form
    .names()
    .filter((name) => !['_csrf', 'confirmed', STAMP].includes(name))
    .flatMap((name) => form.all(name).map((value) => ({ name, value })));
  const data = {
    action,
    back,
    question,
    params,
    fields: [...fields, { name: STAMP, value: plan.stamp }],
    changes: plan.changes.map(shortDiff),
    warnings: plan.problems.filter(({ severity }) => severity === 'warning').map(formatProblem),
  };
  return { kind: 'page', view: 'plan', title: 'plan.title', data };
}

/** After an edit that went well. A message then means: written, but nobody was there to load it. */
export function editedNotice(applied: Applied, text: MessageKey, params: MessageParams): Notice {
  return { tone: applied.message === null ? 'success' : 'warning', text, params, lines: applied.message === null ? [] : [applied.message] };
}

/** All that went wrong with an edit, as lines. */
export function complaintsOf(applied: Applied): readonly string[] {
  const problems = applied.problems.filter(({ severity }) => severity === 'error').map(formatProblem);
  return [...(applied.message === null ? [] : [applied.message]), ...problems];
}
