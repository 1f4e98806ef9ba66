/** The notebook of the pages as lists in memory: millions of requests need no database. */
import { AppError } from '../../src/base/errors';
import type { ApiToken, AuditEntry, ManualBan, NewToken, Note, Notebook, TrustedInfo } from '../../src/panel/history/notebook';

/** As the database bounds them. */
const LONGEST = 4000;

export class MemoryNotebook implements Notebook {
  /** All but the audit log, which also tells what was refused. */
  readonly kept = {
    notes: [] as Note[],
    trusted: [] as TrustedInfo[],
    bans: [] as ManualBan[],
    tokens: [] as (ApiToken & { readonly hash: string })[],
    settings: {} as Record<string, string>,
  };
  readonly log: AuditEntry[] = [];
  private last = 0;

  notes = (address: string): Promise<readonly Note[]> => Promise.resolve(this.kept.notes.filter((note) => note.address === address));
  addNote = (note: Omit<Note, 'id'>): Promise<number> => {
    if (note.text.length > LONGEST) return Promise.reject(new AppError('BAD_ARGUMENT', 'the text is too long'));
    this.kept.notes.push({ ...note, id: ++this.last });
    return Promise.resolve(this.last);
  };
  removeNote = (id: number): Promise<boolean> => Promise.resolve(this.without('notes', (note) => note.id === id));
  audit = (entry: Omit<AuditEntry, 'id'>): Promise<void> => {
    this.log.unshift({ ...entry, id: ++this.last });
    this.log.length = Math.min(this.log.length, 50);
    return Promise.resolve();
  };
  auditList = (): Promise<{ readonly entries: readonly AuditEntry[]; readonly next: null }> =>
    Promise.resolve({ entries: this.log, next: null });
  auditAfter = (): Promise<readonly AuditEntry[]> => Promise.resolve([]);
  trusted = (): Promise<readonly TrustedInfo[]> => Promise.resolve(this.kept.trusted);
  putTrusted = (info: TrustedInfo): Promise<void> => Promise.resolve(void this.kept.trusted.push(info));
  removeTrusted = (entry: string, jail: string | null): Promise<void> =>
    Promise.resolve(void this.without('trusted', (one) => one.entry === entry && one.jail === jail));
  manualBans = (): Promise<readonly ManualBan[]> => Promise.resolve(this.kept.bans);
  putManualBan = (ban: ManualBan): Promise<void> => Promise.resolve(void this.kept.bans.push(ban));
  removeManualBan = (jail: string, id: string): Promise<void> =>
    Promise.resolve(void this.without('bans', (ban) => ban.jail === jail && ban.id === id));
  tokens = (): Promise<readonly ApiToken[]> => Promise.resolve(this.kept.tokens);
  addToken = (token: NewToken): Promise<number> => {
    this.kept.tokens.push({ ...token, id: ++this.last, lastUsed: null });
    return Promise.resolve(this.last);
  };
  tokenByHash = (hash: string): Promise<ApiToken | null> => Promise.resolve(this.kept.tokens.find((token) => token.hash === hash) ?? null);
  revokeToken = (id: number): Promise<boolean> => Promise.resolve(this.without('tokens', (token) => token.id === id));
  setting = (key: string): Promise<string | null> =>
    Promise.resolve(Object.hasOwn(this.kept.settings, key) ? (this.kept.settings[key] ?? null) : null);
  putSetting = (key: string, value: string): Promise<void> => Promise.resolve(void (this.kept.settings[key] = value));

  private without<Name extends 'notes' | 'trusted' | 'bans' | 'tokens'>(
    name: Name,
    isMeant: (one: (typeof this.kept)[Name][number]) => boolean,
  ): boolean {
    const list = this.kept[name] as (typeof this.kept)[Name][number][];
    const at = list.findIndex(isMeant);
    if (at >= 0) list.splice(at, 1);
    return at >= 0;
  }
}
