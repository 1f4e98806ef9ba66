/** Tasks one after the other, in the order in which they were asked for; one that fails holds up none. */

export class OneAtATime {
  #last: Promise<unknown>;

  /** @param first what they all wait for */
  constructor(first: Promise<unknown>) {
    this.#last = first.catch(() => undefined);
  }

  run<T>(task: () => Promise<T> | T): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
