/** Which blocks of our own code have run in this process, by V8's own count: tells a fuzzer which of its inputs reach what none has reached before. */
import { Session } from 'node:inspector';

export class Coverage {
  private readonly session = new Session();
  private readonly seen = new Set<string>();

  /** @param files what the path of a file must hold for its blocks to count */
  constructor(private readonly files: RegExp) {
    this.session.connect();
    this.session.post('Profiler.enable');
    this.session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /**
   * Of inputs that have run since the last look, those that reach what nothing before them did. A look is dear and runs are cheap: it is
   * looked once for all of them, and where there is something new they are run again in halves of halves.
   */
  async reaching<Input>(inputs: readonly Input[], run: (input: Input) => void | Promise<void>): Promise<readonly Input[]> {
    const fresh = this.fresh();
    const found = fresh.length === 0 ? [] : await this.halves(inputs, run);
    fresh.forEach((block) => this.seen.add(block));
    return found;
  }

  /** Blocks that have run so far. */
  get blocks(): number {
    return this.seen.size;
  }

  end(): void {
    this.session.disconnect();
  }

  private async halves<Input>(inputs: readonly Input[], run: (input: Input) => void | Promise<void>): Promise<readonly Input[]> {
    const middle = Math.ceil(inputs.length / 2);
    const found: Input[] = [];
    for (const half of [inputs.slice(0, middle), inputs.slice(middle)]) {
      for (const input of half) await run(input);
      const fresh = this.fresh();
      if (fresh.length === 0) continue;
      if (half.length > 1) found.push(...(await this.halves(half, run)));
      else {
        fresh.forEach((block) => this.seen.add(block));
        found.push(...half);
      }
    }
    return found;
  }

  /** Blocks that ran since the last look and never before it. */
  private fresh(): readonly string[] {
    const fresh: string[] = [];
    this.session.post('Profiler.takePreciseCoverage', (error, taken) => {
      if (error !== null) throw error;
      for (const { url, functions } of taken.result) {
        if (!this.files.test(url)) continue;
        for (const { ranges } of functions)
          for (const { startOffset, endOffset, count } of ranges) {
            const block = `${url} ${startOffset} ${endOffset}`;
            if (count > 0 && !this.seen.has(block)) fresh.push(block);
          }
      }
    });
    return fresh;
  }
}
