/** Server-sent events: tells an open page that something happened, so that it asks for its parts again. */
import type { Response } from 'express';
import type { Clock } from '../../../base/clock';
import type { Live } from '../page';

/** So that proxies and browsers see that the connection lives, seconds. */
const HEARTBEAT = 20;
/** More open pages than anybody has; the oldest connection makes room. */
const MAX_OPEN = 50;
/** A connection ends by itself after so many seconds: then it is asked again whether its session lasts. */
const LAST_END = 300;

export class Streams {
  private readonly open = new Set<() => void>();

  constructor(
    private readonly live: Live,
    private readonly clock: Clock,
  ) {}

  /** Answers a request with a stream that ends when the reader leaves, or after some minutes. */
  begin(res: Response): void {
    res.status(200).set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
    res.flushHeaders();
    res.write('retry: 3000\n\n');
    const unsubscribe = this.live.subscribe((jails) =>
      res.write(`event: change\ndata: ${JSON.stringify({ jails: jails.slice(0, 50) })}\n\n`),
    );
    const heartbeat = this.clock.every(HEARTBEAT, () => res.write(': here\n\n'));
    const limit = this.clock.after(LAST_END, () => res.end());
    const end = (): void => {
      unsubscribe();
      heartbeat.cancel();
      limit.cancel();
      this.open.delete(leave);
    };
    const leave = (): void => {
      res.end();
    };
    this.open.add(leave);
    res.on('close', end);
    if (this.open.size > MAX_OPEN) for (const oldest of [...this.open].slice(0, this.open.size - MAX_OPEN)) oldest();
  }
}
