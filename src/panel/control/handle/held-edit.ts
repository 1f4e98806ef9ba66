/** The edit that waits to be confirmed, on disk: what is to be put back when nobody does, and what became of the last one. */
import path from 'node:path';
import { messageOf } from '../../../base/errors';
import { moveFile } from '../../../base/file-keeping';
import { exists, readText, writeFileSafely } from '../../../base/files';
import { makePrivateFolder } from '../../../base/folders';
import type { Logger } from '../../../base/logger';
import type { TrustedNote } from '../trusted/trusted-notes';

export interface BannedItem {
  readonly jail: string;
  readonly id: string;
  /** The ban that it had before the edit already: when that ended (−1 for never), and what was told about it; empty texts when nothing was. */
  readonly ban?: { readonly until: number; readonly who: string; readonly reason: string };
}

export interface HeldEdit {
  readonly who: string;
  /** The address the edit came from. */
  readonly client: string;
  /** For people and the audit log: what was done to what. */
  readonly what: string;
  /** Seconds since the epoch. */
  readonly began: number;
  readonly until: number;
  /** Texts of all `.local` files before the edit, by their names. */
  readonly before: Readonly<Record<string, string>>;
  /** Of the files after it; null while it is being made. */
  readonly stamp: string | null;
  /** Bans by hand that go with it. */
  readonly bans: readonly BannedItem[];
  /** What was told about trusted addresses before the edit. Programs before this one did not keep it. */
  readonly notes?: readonly TrustedNote[];
  /** The process that waits for its author, where that is not the pages'. */
  readonly pid?: number;
}

/** What became of an edit that nobody confirmed. */
export interface TakenBack {
  readonly who: string;
  readonly what: string;
  readonly time: number;
  readonly ok: boolean;
  /** Why it could not be taken back. */
  readonly message: string | null;
}

export interface HeldState {
  readonly held: HeldEdit | null;
  readonly last: TakenBack | null;
}

const NOTHING: HeldState = { held: null, last: null };
const PRIVATE = 0o600;

export class HeldFile {
  constructor(
    private readonly file: string,
    private readonly logger: Logger,
  ) {}

  /** Throws what the file system says: an edit that cannot be taken back is not made. */
  write(state: HeldState): void {
    makePrivateFolder(path.dirname(this.file));
    writeFileSafely(this.file, JSON.stringify(state), PRIVATE);
  }

  /** A file that cannot be understood is put aside. */
  read(): HeldState {
    if (!exists(this.file)) return NOTHING;
    try {
      const content: unknown = JSON.parse(readText(this.file));
      if (isState(content)) return content;
      throw new Error('it holds no edit');
    } catch (error) {
      this.logger.log('ERROR', 'bailiff.editor', `${this.file} cannot be understood and is put aside: ${messageOf(error)}`);
      moveFile(this.file, `${this.file}.damaged`);
      return NOTHING;
    }
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
}

function isState(value: unknown): value is HeldState {
  const state = fieldsOf(value);
  return state !== null && (state['held'] === null || isHeld(state['held'])) && (state['last'] === null || isTakenBack(state['last']));
}

function isHeld(value: unknown): boolean {
  const held = fieldsOf(value);
  const before = fieldsOf(held?.['before']);
  if (held === null || before === null || !Array.isArray(held['bans'])) return false;
  return (
    ['who', 'client', 'what'].every((name) => typeof held[name] === 'string') &&
    ['began', 'until'].every((name) => Number.isFinite(held[name])) &&
    Object.values(before).every((text) => typeof text === 'string') &&
    (held['stamp'] === null || typeof held['stamp'] === 'string') &&
    held['bans'].every(isBan) &&
    (held['notes'] === undefined || (Array.isArray(held['notes']) && held['notes'].every(isNote))) &&
    (held['pid'] === undefined || Number.isSafeInteger(held['pid']))
  );
}

function isBan(value: unknown): boolean {
  const item = fieldsOf(value);
  if (typeof item?.['jail'] !== 'string' || typeof item['id'] !== 'string') return false;
  if (item['ban'] === undefined) return true;
  const ban = fieldsOf(item['ban']);
  return ban !== null && Number.isFinite(ban['until']) && typeof ban['who'] === 'string' && typeof ban['reason'] === 'string';
}

function isNote(value: unknown): boolean {
  const note = fieldsOf(value);
  return (
    note !== null &&
    ['entry', 'note', 'who'].every((name) => typeof note[name] === 'string') &&
    (note['jail'] === null || typeof note['jail'] === 'string') &&
    Number.isFinite(note['added']) &&
    (note['end'] === null || Number.isFinite(note['end']))
  );
}

function isTakenBack(value: unknown): boolean {
  const last = fieldsOf(value);
  return (
    last !== null &&
    ['who', 'what'].every((name) => typeof last[name] === 'string') &&
    Number.isFinite(last['time']) &&
    typeof last['ok'] === 'boolean'
  );
}
