/** The edit that waits to be confirmed, on disk: what is to be put back when nobody does, and what became of the last one. */
import path from 'node:path';
import { messageOf } from '../../../base/errors';
import { moveFile } from '../../../base/file-keeping';
import { exists, readText, writeFileSafely } from '../../../base/files';
import { makePrivateFolder } from '../../../base/folders';
import type { Logger } from '../../../base/logger';

export interface BannedItem {
  readonly jail: string;
  readonly id: string;
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
    held['bans'].every((ban) => typeof fieldsOf(ban)?.['jail'] === 'string' && typeof fieldsOf(ban)?.['id'] === 'string')
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
