/** The colour of an event: how bad it is for whom it is about. */
import type { HistoryKind } from '../history/history';

const TONES: Readonly<Record<HistoryKind, string>> = {
  found: 'warning',
  ban: 'danger',
  'restore-ban': 'danger',
  unban: 'success',
  ignore: 'inactive',
  'already-banned': 'inactive',
};

export function eventTone(kind: HistoryKind): string {
  return TONES[kind];
}
