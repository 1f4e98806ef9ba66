/** Carries out edits of the configuration and writes them down, with what the files said before and after. */
import type { Applied, Edit, FileChange, SwitchResult } from '../../control/editor/editor';
import type { PageWorld } from '../page';
import { withoutSecrets } from '../../../model/secret';
import { type Risk, riskOf } from '../../control/handle/risk';
import { type Actor, record, type RecordWorld } from './actor';
import { held, type HeldWorld } from './held';

/** Where the configuration is edited. */
export type EditWorld = RecordWorld & HeldWorld & Pick<PageWorld, 'editor'>;

export interface EditDeed {
  /** `jail.edit`, `filter.add` … */
  readonly action: string;
  readonly subject: string;
  /** Of the plan that was looked at; an edit by hand since then refuses. */
  readonly stamp?: string;
}

/** The lines that go or come, with their files: what the audit log keeps, which holds no secrets. */
function changedLines(changes: readonly FileChange[], kind: 'removed' | 'added'): string | null {
  const texts = changes.flatMap(({ file, diff }) => {
    const lines = diff.filter((line) => line.kind === kind).map((line) => line.text);
    return lines.length === 0 ? [] : [`${file}:\n${lines.join('\n')}`];
  });
  return texts.length === 0 ? null : withoutSecrets(texts.join('\n'));
}

const DEFINITIONS: ReadonlySet<Edit['kind']> = new Set(['filter', 'remove-filter', 'action', 'remove-action']);

/** A filter or an action that no jail uses, by itself or through another file, cuts off nobody. */
async function riskHere({ editor, handle }: EditWorld, edits: readonly Edit[]): Promise<Risk> {
  const risk = riskOf(edits);
  if (risk === 'none' || handle === undefined || !edits.every(({ kind }) => DEFINITIONS.has(kind))) return risk;
  return (await editor.plan(edits)).jails.length === 0 ? 'none' : risk;
}

export async function applyEdits(world: EditWorld, actor: Actor, edits: readonly Edit[], deed: EditDeed): Promise<Applied> {
  const { stamp, action, subject } = deed;
  const applied = await held(world, actor, { risk: await riskHere(world, edits), what: `${action} ${subject}` }, () =>
    world.editor.apply(edits, { ...actor, ...(stamp === undefined ? {} : { stamp }) }),
  );
  const message = applied.message ?? applied.problems.find(({ severity }) => severity === 'error')?.message ?? null;
  const [before, after] = [changedLines(applied.changes, 'removed'), changedLines(applied.changes, 'added')];
  await record(world, actor, { action, subject, before, after, ok: applied.ok, message: applied.ok ? null : message });
  return applied;
}

/** Each jail fares by itself. */
export async function switchJails(world: EditWorld, actor: Actor, jails: readonly string[], on: boolean): Promise<readonly SwitchResult[]> {
  const what = `${on ? 'jail.on' : 'jail.off'} ${jails.join(' ')}`.slice(0, 200);
  const results = await held(world, actor, { risk: on ? 'ban' : 'none', what }, () => world.editor.switchJails(jails, on, actor));
  for (const { jail, ok, message } of results)
    await record(world, actor, { action: on ? 'jail.on' : 'jail.off', subject: jail, ok, message });
  return results;
}
