/** A reader that keeps what a follower hands it, and promises for tests to wait by. */
import type { FollowOptions, LineReader, Position, SourceNotice } from '../../src/engine/source/source';
import type { LogBatch } from '../../src/model/ticket';

export interface KeptReader extends LineReader {
  readonly batches: { readonly batch: LogBatch; readonly position: Position }[];
  readonly notices: SourceNotice[];
  lines(): string[];
  kinds(): string[];
}

/** @param handle what the reader does with a batch before it counts as handled */
export function keptReader(handle: (batch: LogBatch) => Promise<void> = () => Promise.resolve()): KeptReader {
  const batches: KeptReader['batches'] = [];
  const notices: SourceNotice[] = [];
  return {
    batches,
    notices,
    lines: () => batches.flatMap(({ batch }) => batch.lines),
    kinds: () => notices.map(({ kind }) => kind),
    async onBatch(batch, position) {
      await handle(batch);
      batches.push({ batch, position });
    },
    onNotice: (notice) => void notices.push(notice),
  };
}

/** Options of a jail that has seen nothing yet and wants everything; `more` overrides. */
export function followOptions(more: Partial<FollowOptions> = {}): FollowOptions {
  return { encoding: 'utf-8', mode: 'head', position: null, since: 0, dateOf: () => null, ...more };
}

/** Waits until `holds`; fails after `seconds`. Returns how long it took, in milliseconds. */
export async function until(holds: () => boolean, what: string, seconds = 10): Promise<number> {
  const began = performance.now();
  while (!holds()) {
    if (performance.now() - began > seconds * 1000) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return performance.now() - began;
}
