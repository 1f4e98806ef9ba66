/** One file for all its readers: each line is read once, and each reader gets what lies behind its own place, the next batch when all have handled the last. */
import { othersTurn, sleep, type Clock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import { comparePlaces, type TailPlace } from '../../base/file-chain';
import { FileTail, type TailBatch, type TailNotice, type TailOptions } from '../../base/file-tail';
import type { LineBlock } from '../../base/line-block';
import type { LiteralScanner } from '../../base/literal-scan';
import type { LogBatch } from '../../model/ticket';
import type { Attachment } from './attachment';
import type { Gate } from './gate';
import type { Scanners } from './scanners';
import type { Position } from './source';

const NO_PLACES: readonly TailPlace[] = [];
/** Between two looks at a file that is being written, seconds: lines gather meanwhile. */
const GATHER = 0.01;
const HANDLED = Promise.resolve();

export class SharedFile implements TailOptions {
  /** Made anew when one comes or goes: who walks over it is not disturbed. */
  private attachments: readonly Attachment[] = [];
  private readonly tail: FileTail;
  private running: Promise<void> | null = null;
  private again = false;
  private joined = false;
  private lookedBefore = false;
  /** The last places that were made, and a position: readers stand at the same. */
  private lastPlaces = NO_PLACES;
  private lastPosition: { readonly place: TailPlace; readonly position: Position } | null = null;

  constructor(
    readonly path: string,
    readonly encoding: string,
    readonly clock: Clock,
    private readonly gate: Gate,
    private readonly scanners: Scanners,
    /** Under which it is kept. */
    readonly key: string = path,
  ) {
    this.tail = new FileTail(path, this);
  }

  get troubled(): boolean {
    return this.tail.troubled;
  }

  /** When the file was last written, as of the last look; seconds since the epoch, now when that is not known. */
  get written(): number {
    return this.tail.written ?? this.clock.now();
  }

  /** True when nothing happened to the file since all of it was read; cheap. */
  get quiet(): boolean {
    return this.tail.quiet();
  }

  /** Whether anybody reads it. */
  get wanted(): boolean {
    return this.attachments.length > 0;
  }

  /** Takes a reader: at once when all is read and it begins at the end, else with the next reading. */
  attach(attachment: Attachment): void {
    this.attachments = this.attachments.concat(attachment);
    if (this.running === null && !this.joined && this.tail.atRest) {
      this.placeReader(attachment, this.lookedBefore);
      if (attachment.place !== null && comparePlaces(attachment.place, this.tail.place) === 0) return this.tellEnd(attachment);
      attachment.place = null;
    }
    this.joined = true;
    this.wake();
  }

  /** Lets go of a reader; kept when the batch under way has been handled. */
  async detach(attachment: Attachment): Promise<void> {
    this.attachments = this.attachments.filter((other) => other !== attachment);
    await attachment.handling;
  }

  /** Reads what is new, now or when the present reading has ended. */
  wake(): void {
    if (this.running !== null) {
      this.again = true;
      return;
    }
    this.running = this.pump().finally(() => {
      this.running = null;
      if (this.again && this.wanted) this.wake();
    });
  }

  /** Kept when no batch is under way. */
  async settled(): Promise<void> {
    await this.running;
  }

  close(): void {
    this.attachments = [];
    this.tail.close();
  }

  private async pump(): Promise<void> {
    await othersTurn();
    for (let round = 0; round === 0 || this.again; round++) {
      if (round > 0) await sleep(this.clock, GATHER);
      if (!this.wanted) return;
      this.again = false;
      this.tail.check();
      await this.drain();
    }
  }

  private async drain(): Promise<void> {
    for (;;) {
      if (this.joined) this.placeReaders();
      const batch = this.wanted ? this.tail.read(this.scanner()) : null;
      if (batch === null) break;
      if (batch.block.length > 0) await this.gate.run(() => this.deliver(batch));
      await othersTurn();
    }
    if (!this.tail.troubled) this.endReached();
  }

  private scanner(): LiteralScanner | null {
    return this.scanners.of(this.attachments);
  }

  private endReached(): void {
    for (const attachment of this.attachments) this.tellEnd(attachment);
  }

  private tellEnd(attachment: Attachment): void {
    if (attachment.place === null) return;
    if (attachment.handling === null) attachment.position ??= this.positionOf(attachment.place);
    if (attachment.inOperation) return;
    attachment.inOperation = true;
    attachment.reader.onNotice({ kind: 'in-operation', source: this.path, message: `${this.path} was read to its end` });
    attachment.onEnd?.();
  }

  /** Lets go of what only helps further readers to find their places: thousands of files lie there for long. */
  forgetStart(): void {
    this.lastPlaces = NO_PLACES;
    this.lastPosition = null;
    this.tail.forgetSearches();
  }

  private positionOf(place: TailPlace): Position {
    if (this.lastPosition?.place !== place) this.lastPosition = { place, position: this.tail.positionOf(place) };
    return this.lastPosition.position;
  }

  /** The place itself, or one of those that were made last when that is the same. */
  private samePlace(place: TailPlace): TailPlace {
    const known = this.lastPlaces.find((last) => comparePlaces(last, place) === 0);
    if (known === undefined) this.lastPlaces = [place].concat(this.lastPlaces.slice(0, 1));
    return known ?? place;
  }

  /** Gives each reader that has none its place, and begins at the first of them. */
  private placeReaders(): void {
    if (this.tail.begin() === null) {
      this.lookedBefore = true;
      return;
    }
    const late = this.lookedBefore;
    this.joined = false;
    this.lookedBefore = false;
    let first: TailPlace | null = null;
    for (const attachment of this.attachments) {
      if (attachment.place === null) this.placeReader(attachment, late);
      if (attachment.place === null) continue;
      if (first === null || comparePlaces(attachment.place, first) < 0) first = attachment.place;
    }
    if (first !== null) this.tail.seek(first);
  }

  /** What was written since the file was first wanted is read in any case. */
  private placeReader(attachment: Attachment, late: boolean): void {
    const begin = this.tail.begin();
    const place = attachment.start(this.tail, late);
    if (begin === null || place === null) return;
    const newPlace = late ? begin : { generation: begin.generation, offset: attachment.newFrom };
    attachment.newPlace = this.samePlace(newPlace);
    attachment.place = this.samePlace(!late && comparePlaces(newPlace, place) < 0 ? newPlace : place);
  }

  private async deliver(batch: TailBatch): Promise<void> {
    const made = new Map<string, LogBatch>();
    const handled: Promise<void>[] = [];
    const to = this.samePlace({ generation: batch.generation, offset: batch.ends.at(-1)! });
    if (this.lastPosition?.place !== to) this.lastPosition = { place: to, position: batch.position };
    const position = batch.late ? batch.position : this.lastPosition.position;
    for (const attachment of this.attachments) {
      if (attachment.place === null) continue;
      const from = batch.late ? 0 : firstNew(batch, attachment.place);
      if (from >= batch.block.length) continue;
      const inOperation = attachment.inOperation || isNew(attachment);
      const key = `${from} ${inOperation}`;
      const log = made.get(key) ?? new FileBatch(this.path, from === 0 ? batch.block : batch.block.from(from), inOperation, batch.ascii);
      made.set(key, log);
      if (!batch.late) attachment.place = to;
      attachment.handling = this.hand(attachment, log, position);
      handled.push(attachment.handling);
    }
    await Promise.all(handled);
  }

  private async hand(attachment: Attachment, batch: LogBatch, position: Position): Promise<void> {
    try {
      await attachment.reader.onBatch(batch, position);
      attachment.position = position;
    } catch (error) {
      attachment.reader.onNotice({ kind: 'reader', source: this.path, message: messageOf(error) });
    }
    attachment.handling = HANDLED;
  }

  /** What the file tells goes to all readers. */
  onNotice(notice: TailNotice): void {
    for (const { reader } of this.attachments) reader.onNotice({ ...notice, source: this.path });
  }
}

/** Lines of a file, cut out when somebody asks for them. */
class FileBatch implements LogBatch {
  constructor(
    readonly source: string,
    readonly block: LineBlock,
    readonly inOperation: boolean,
    readonly ascii: boolean,
  ) {}

  get lines(): readonly string[] {
    return this.block.lines();
  }
}

/** Whether a reader has come to what was written since it wanted the file. */
function isNew({ place, newPlace }: Attachment): boolean {
  return place !== null && newPlace !== null && comparePlaces(place, newPlace) >= 0;
}

/** Index of the first line behind `place`. */
function firstNew(batch: TailBatch, place: TailPlace): number {
  if (batch.generation !== place.generation) return batch.generation > place.generation ? 0 : batch.block.length;
  const index = batch.ends.findIndex((end) => end > place.offset);
  return index < 0 ? batch.block.length : index;
}
