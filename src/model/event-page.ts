/** Events of the jails since a cursor: what `bailiff events` answers. */

export interface KeptEvent {
  /** Seconds since the epoch: when it was told. */
  readonly time: number;
  readonly jail: string;
  /** `found`, `ban`, `unban`, `ignore`, `action-failed` … as in model/event. */
  readonly kind: string;
  /** Whom it is about; null for events of a jail as a whole. */
  readonly id: string | null;
  /** What else the event says. */
  readonly data: Readonly<Record<string, string | number | boolean>>;
}

export interface EventPage {
  /** For the next call; a text without meaning to anybody else. */
  readonly cursor: string;
  /** True when events since the given cursor are gone: they were too many, or the server was started anew. */
  readonly lost: boolean;
  /** True when there are more events than one answer holds: call again at once. */
  readonly more: boolean;
  readonly events: readonly KeptEvent[];
}
