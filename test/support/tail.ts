/** Opens a tail of a log for tests, and reads it to its end. */
import { systemClock } from '../../src/base/clock';
import { FileTail, type TailBatch, type TailNotice } from '../../src/base/file-tail';

/** A tail of a file: `batches` and `lines` look at it and read all that is new, `notices` has what it told. */
export function openTail(path: string, clock = systemClock, encoding = 'utf-8') {
  const notices: TailNotice[] = [];
  const tail = new FileTail(path, { encoding, clock, onNotice: (notice) => notices.push(notice) });
  const batches = (): TailBatch[] => {
    tail.check();
    const read: TailBatch[] = [];
    for (let batch = tail.read(); batch !== null; batch = tail.read()) read.push(batch);
    return read;
  };
  return { tail, notices, batches, lines: () => batches().flatMap((batch) => batch.lines), kinds: () => notices.map(({ kind }) => kind) };
}
