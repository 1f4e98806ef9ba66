/** Which blocks of our own code have run in this process, by V8's own count: tells a fuzzer which of its inputs reach what none has reached before. */
import { Session } from 'node:inspector';

export class Coverage {
  private readonly session = new Session();
  private readonly seen = new Set<string>();

  /** @param files what the path of a file must hold for its blocks to count */
  constructor(private readonly files: string) {
    this.session.connect();
    this.session.post('Profiler.enable');
    this.session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Blocks that ran since the last look and never before it. */
  fresh(): number {
    const before = this.seen.size;
    this.session.post('Profiler.takePreciseCoverage', (error, taken) => {
      if (error !== null) throw error;
      for (const { url, functions } of taken.result) {
        if (!url.includes(this.files)) continue;
        for (const { ranges } of functions)
          for (const { startOffset, endOffset, count } of ranges) if (count > 0) this.seen.add(`${url} ${startOffset} ${endOffset}`);
      }
    });
    return this.seen.size - before;
  }

  /** Blocks that have run so far. */
  get blocks(): number {
    return this.seen.size;
  }

  end(): void {
    this.session.disconnect();
  }
}
