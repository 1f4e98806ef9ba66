/** What was written to a file reaches the disk soon after, and whoever wrote it need not wait for that. */
import { close, fsync, open } from 'node:fs';

/** A killed process loses nothing that it wrote; only a power failure would, within the milliseconds that this takes. */
export class DiskSync {
  #running = false;
  #again = false;
  #failure: Error | null = null;

  /** @param file need not be there: then there is nothing that could be lost */
  constructor(private readonly file: string) {}

  /** Begins; what is written while one is under way is seen to by another behind it. */
  begin(): void {
    this.#again = this.#running;
    if (this.#running) return;
    this.#running = true;
    open(this.file, 'r', (error, fd) => {
      if (error !== null) return this.#ended(error.code === 'ENOENT' ? null : error);
      fsync(fd, (failure) => {
        close(fd, () => undefined);
        this.#ended(failure);
      });
    });
  }

  /** Throws, once, what one failed with since this was asked last; a later one that went well does not undo that. */
  check(): void {
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) throw failure;
  }

  #ended(failure: Error | null): void {
    this.#failure ??= failure;
    this.#running = false;
    if (this.#again) this.begin();
  }
}
