/** What is not well on a server, as the overview tells it. */

export type HealthKind = 'no-lines' | 'unreadable-log' | 'action-error' | 'wrong-clock' | 'lag' | 'disk' | 'database';

export interface HealthNotice {
  readonly kind: HealthKind;
  readonly severity: 'error' | 'warning';
  /** Null where it is not about one jail. */
  readonly jail: string | null;
  /** A path, an error's text, a span: shown as text behind the sentence of the kind. */
  readonly detail: string;
  /** Seconds since the epoch; null where that is not known. */
  readonly since: number | null;
}
