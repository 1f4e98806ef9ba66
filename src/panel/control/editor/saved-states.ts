/** The last states of all `.local` files, in a private folder: one small record for each, and every text once, under its hash. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { messageOf } from '../../../base/errors';
import { fileStamp } from '../../../base/file-keeping';
import { listDir, readText, writeFileSafely } from '../../../base/files';
import { makePrivateFolder, removeFile } from '../../../base/folders';
import type { Logger } from '../../../base/logger';
import type { SavedState } from './editor';

export type Texts = ReadonlyMap<string, string>;

export interface NewState {
  readonly time: number;
  readonly who: string;
  readonly what: string;
  readonly texts: Texts;
  /** A state that this one takes the place of: the same piece of work, further on. */
  readonly replaces?: string | null;
}

interface StateRecord extends SavedState {
  readonly hashes: Readonly<Record<string, string>>;
}

/** States that are kept. */
const KEPT = 50;
const MOST_BYTES = 1024 * 1024;
const MOST_WHO = 200;
const MOST_WHAT = 300;
const ID = /^(\d{8})-[0-9a-f]{8}$/;
const PRIVATE = 0o600;

export class SavedStates {
  readonly #objects: string;

  /** @param folder made when the first state is */
  constructor(
    readonly folder: string,
    private readonly logger: Logger,
  ) {
    this.#objects = path.join(folder, 'texts');
  }

  /** Newest first. */
  list(): readonly SavedState[] {
    return this.#records().map(({ id, time, who, what, files }) => ({ id, time, who, what, files }));
  }

  /** The texts of a state by their files; null when there is no such state, or a part of it is damaged. */
  texts(id: string): Texts | null {
    const record = this.#records().find((one) => one.id === id);
    return record === undefined ? null : this.#textsOf(record);
  }

  /** The texts of the newest state that is whole; null when there is none. */
  latest(): Texts | null {
    for (const record of this.#records()) {
      const texts = this.#textsOf(record);
      if (texts !== null) return texts;
    }
    return null;
  }

  /** Adds a state and lets the oldest go. Returns its id. Throws what the file system says. */
  add(state: NewState): string {
    makePrivateFolder(this.#objects);
    const records = this.#records();
    const replaced = records.find(({ id }) => id === state.replaces);
    const previous = records.find((record) => record !== replaced);
    const hashes = Object.fromEntries([...state.texts].map(([file, text]) => [file, this.#keep(text)]));
    const number = Number(ID.exec(this.#ids()[0] ?? '')?.[1] ?? 0) + 1;
    const content = {
      time: state.time,
      who: state.who.slice(0, MOST_WHO),
      what: state.what.slice(0, MOST_WHAT),
      files: changedFiles(previous?.hashes ?? {}, hashes),
      hashes,
    };
    const text = JSON.stringify(content);
    const id = `${String(number).padStart(8, '0')}-${hashOf(text).slice(0, 8)}`;
    writeFileSafely(this.#file(id), text, PRIVATE);
    if (replaced !== undefined) removeFile(this.#file(replaced.id));
    this.#prune();
    return id;
  }

  #prune(): void {
    for (const id of this.#ids().slice(KEPT)) removeFile(this.#file(id));
    const needed = new Set(this.#records().flatMap(({ hashes }) => Object.values(hashes)));
    for (const name of listDir(this.#objects)) {
      if (!needed.has(name)) removeFile(path.join(this.#objects, name));
    }
  }

  #keep(text: string): string {
    const hash = hashOf(text);
    const file = path.join(this.#objects, hash);
    if (this.#read(hash) === null) writeFileSafely(file, text, PRIVATE);
    return hash;
  }

  /** Null unless it is what its name says. */
  #read(hash: string): string | null {
    const file = path.join(this.#objects, hash);
    if (fileStamp(file) === null) return null;
    try {
      const text = readText(file);
      if (hashOf(text) === hash) return text;
      this.#warn(`${file} is damaged`);
    } catch (error) {
      this.#warn(`${file} cannot be read: ${messageOf(error)}`);
    }
    return null;
  }

  #textsOf({ hashes }: StateRecord): Texts | null {
    const texts = new Map<string, string>();
    for (const [file, hash] of Object.entries(hashes)) {
      const text = this.#read(hash);
      if (text === null) return null;
      texts.set(file, text);
    }
    return texts;
  }

  #ids(): readonly string[] {
    const names = listDir(this.folder).map((name) => name.replace(/\.json$/, ''));
    return names.filter((name) => ID.test(name)).reverse();
  }

  #records(): readonly StateRecord[] {
    return this.#ids()
      .slice(0, KEPT)
      .flatMap((id) => this.#record(id) ?? []);
  }

  #record(id: string): StateRecord | null {
    const file = this.#file(id);
    try {
      if ((fileStamp(file)?.size ?? 0) > MOST_BYTES) throw new Error('it is too big');
      const content: unknown = JSON.parse(readText(file));
      if (isContent(content)) return { ...content, id };
      this.#warn(`${file} is no state`);
    } catch (error) {
      this.#warn(`${file} cannot be read: ${messageOf(error)}`);
    }
    return null;
  }

  #file(id: string): string {
    return path.join(this.folder, `${id}.json`);
  }

  #warn(message: string): void {
    this.logger.log('WARNING', 'bailiff.editor', message);
  }
}

function isContent(value: unknown): value is Omit<StateRecord, 'id'> {
  if (typeof value !== 'object' || value === null) return false;
  const { time, who, what, files, hashes } = value as Record<string, unknown>;
  const texts = typeof hashes === 'object' && hashes !== null ? Object.values(hashes) : [null];
  return (
    typeof time === 'number' &&
    typeof who === 'string' &&
    typeof what === 'string' &&
    Array.isArray(files) &&
    files.every((file) => typeof file === 'string') &&
    texts.every((hash) => typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash))
  );
}

function changedFiles(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((file) => before[file] !== after[file]).sort();
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
