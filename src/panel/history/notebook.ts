/** The door to what people add: notes, the audit log, trusted addresses, bans by hand, tokens of the API and settings. Times are seconds since the epoch. */

export interface Note {
  readonly id: number;
  readonly address: string;
  readonly time: number;
  readonly who: string;
  readonly text: string;
}

/** Who changed what. */
export interface AuditEntry {
  readonly id: number;
  readonly time: number;
  readonly who: string;
  /** The address the request came from. */
  readonly client: string;
  /** `bans.unban`, `jail.edit`, … */
  readonly action: string;
  readonly subject: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly ok: boolean;
  readonly message: string | null;
}

export interface AuditQuery {
  /** Only entries older than this one: `next` of the list before. */
  readonly before?: number;
  readonly limit: number;
  readonly action?: string;
  readonly who?: string;
  /** Stands somewhere in subject, message, before or after; case of ASCII letters does not count. */
  readonly text?: string;
}

export interface AuditList {
  /** Newest first. May be fewer than asked for, though `next` is not null: a search looks at a bounded number of entries at once. */
  readonly entries: readonly AuditEntry[];
  readonly next: number | null;
}

/** What people told about an entry of ignoreip. */
export interface TrustedInfo {
  readonly entry: string;
  /** Null for all jails. */
  readonly jail: string | null;
  readonly note: string;
  readonly who: string;
  readonly added: number;
  readonly end: number | null;
}

export interface ManualBan {
  readonly jail: string;
  readonly id: string;
  readonly who: string;
  readonly time: number;
  readonly reason: string;
  /** Null when nobody but the jail ends it. */
  readonly until: number | null;
}

export interface ApiToken {
  readonly id: number;
  readonly name: string;
  readonly readOnly: boolean;
  readonly created: number;
  readonly createdBy: string;
  readonly lastUsed: number | null;
}

/** A token to keep: the secret itself is never kept, only its hash. */
export interface NewToken {
  readonly name: string;
  readonly readOnly: boolean;
  readonly createdBy: string;
  readonly created: number;
  readonly hash: string;
}

/**
 * Every call rejects with an AppError DATABASE_FAILED when the database cannot be read or written, and with BAD_ARGUMENT when a text is
 * longer than its bound; texts of the audit log are cut instead.
 */
export interface Notebook {
  /** Of one address, oldest first. */
  notes(address: string): Promise<readonly Note[]>;
  /** Returns the id of the new note. */
  addNote(note: Omit<Note, 'id'>): Promise<number>;
  /** False when there is no such note. */
  removeNote(id: number): Promise<boolean>;
  /** Adds an entry; the oldest go when there are too many. */
  audit(entry: Omit<AuditEntry, 'id'>): Promise<void>;
  auditList(query: AuditQuery): Promise<AuditList>;
  /** What was added after an entry, oldest first. */
  auditAfter(id: number, limit: number): Promise<readonly AuditEntry[]>;
  trusted(): Promise<readonly TrustedInfo[]>;
  /** Replaces what was told about the same entry and jail. */
  putTrusted(info: TrustedInfo): Promise<void>;
  removeTrusted(entry: string, jail: string | null): Promise<void>;
  /** All, or those of the given ids. */
  manualBans(ids?: readonly string[]): Promise<readonly ManualBan[]>;
  /** Replaces an earlier one of the same jail and id. */
  putManualBan(ban: ManualBan): Promise<void>;
  removeManualBan(jail: string, id: string): Promise<void>;
  tokens(): Promise<readonly ApiToken[]>;
  /** Returns the id of the new token. */
  addToken(token: NewToken): Promise<number>;
  /** The token with this hash; that it was used is noted, to the minute. */
  tokenByHash(hash: string, now: number): Promise<ApiToken | null>;
  /** False when there is no such token. */
  revokeToken(id: number): Promise<boolean>;
  setting(key: string): Promise<string | null>;
  putSetting(key: string, value: string): Promise<void>;
}
