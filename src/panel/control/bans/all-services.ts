/** Which jail bans from all services: Plesk's own ones by their times, else one of ours, which is added when it is missing. */
import { messageOf } from '../../../base/errors';
import type { Control } from '../control';
import type { Editor } from '../editor/editor';

const WEEK = 7 * 86400;
const PLESK_WEEK = 'plesk-one-week-ban';
const PLESK_EVER = 'plesk-permanent-ban';
export const MANUAL_JAIL = 'bailiff-manual';
/** All jails that may be chosen. */
export const ALL_SERVICES: readonly string[] = [PLESK_WEEK, PLESK_EVER, MANUAL_JAIL];

/**
 * No log, no filter; all ports. With growing ban times that do not grow (`multipliers`) the stock server keeps the length of each ban over a
 * restart, which else it cuts to the jail's.
 */
export const MANUAL_JAIL_OPTIONS: Readonly<Record<string, string>> = {
  enabled: 'true',
  backend: 'polling',
  filter: '',
  banaction: '%(banaction_allports)s',
  action: '%(action_)s',
  bantime: '1w',
  'bantime.increment': 'true',
  'bantime.multipliers': '1',
};

export type AllServices = { readonly jail: string } | { readonly refusal: string };

/** @param length seconds, null for the jail's own, −1 for ever */
export async function allServicesJail(
  control: Control,
  editor: Pick<Editor, 'apply'> | null,
  length: number | null,
  who: string,
): Promise<AllServices> {
  const jails = await control.jails();
  const named = (name: string): AllServices | null => (jails.includes(name) ? { jail: name } : null);
  const exact = length === -1 ? named(PLESK_EVER) : length === null || length === WEEK ? named(PLESK_WEEK) : null;
  const running = exact ?? named(MANUAL_JAIL);
  if (running !== null) return running;
  const added = editor === null ? 'there is no jail for that' : await add(editor, control, who);
  return added === null ? { jail: MANUAL_JAIL } : (named(PLESK_EVER) ?? named(PLESK_WEEK) ?? { refusal: added });
}

/** Null when the jail runs now; else why not. */
async function add(editor: Pick<Editor, 'apply'>, control: Control, who: string): Promise<string | null> {
  try {
    const edit = { kind: 'add-jail', jail: MANUAL_JAIL, options: MANUAL_JAIL_OPTIONS } as const;
    const applied = await editor.apply([edit], { who, client: '', what: `added the jail ${MANUAL_JAIL} for bans by hand` });
    const problem = applied.problems.find(({ severity }) => severity === 'error')?.message;
    if (!applied.ok) return applied.message ?? problem ?? `the jail ${MANUAL_JAIL} cannot be added`;
    return (await control.jails()).includes(MANUAL_JAIL) ? null : `the jail ${MANUAL_JAIL} does not run`;
  } catch (error) {
    return messageOf(error);
  }
}
