/** One reader of one file: where it stands there, and how it began. A server with many jails and domains has a hundred thousand of them. */
import type { TailPlace } from '../../base/file-chain';
import type { FileTail } from '../../base/file-tail';
import type { SharedFile } from './shared-file';
import type { LineReader, Position } from './source';

/** Where a reader begins: given the file, its place; null when the file is not there yet. */
export type Start = (tail: FileTail, late: boolean) => TailPlace | null;

export class Attachment {
  /** The file while it is attached to it. */
  file: SharedFile | null = null;
  place: TailPlace | null = null;
  /** `newFrom` as a place in the file. */
  newPlace: TailPlace | null = null;
  /** Kept when the last batch has been handled; null before the first. */
  handling: Promise<void> | null = null;
  /** Kept when it has let go of the file; null when it is not about to. */
  released: Promise<void> | null = null;
  /** The file was read to its end, and nothing new comes there. */
  finished = false;

  /**
   * @param newFrom the size of the file when it was first wanted: what lies behind is new, whatever its date
   * @param position behind the last batch that was handled
   * @param inOperation whether lines are new, and not history
   * @param onEnd called when the end was reached for the first time
   */
  constructor(
    readonly reader: LineReader,
    public start: Start,
    readonly newFrom: number,
    public position: Position | null,
    public inOperation: boolean,
    readonly onEnd: (() => void) | null = null,
  ) {}

  /** Begins anew, at `start`. */
  beginAt(start: Start, inOperation: boolean): void {
    this.start = start;
    this.inOperation = inOperation;
    this.place = null;
    this.newPlace = null;
    this.handling = null;
    this.released = null;
  }
}
