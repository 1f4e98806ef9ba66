/** Bans that an action failed to apply, and when each is tried again: soon while the action itself may be broken, seldom when only this ban fails. */

/** Seconds before the first, and between later tries. */
const FIRST_PAUSE = 10;
const LONGEST_PAUSE = 600;
/** Seconds between tries of a ban that fails though others do not: no firewall takes such an id, and an attacker may name thousands. */
const HOPELESS_PAUSE = 3600;
/** So often a ban has to fail right after others went well. */
const HOPELESS = 2;
/** Bans that are tried again at once. */
const AT_ONCE = 100;

interface Failing {
  /** Seconds since the epoch; Infinity while it is being tried. */
  due: number;
  pause: number;
  /** How often it failed when it was tried because the action worked. */
  alone: number;
  /** How often the action had worked when it failed last. */
  seen: number;
}

export class FailingBans {
  readonly #failing = new Map<string, Failing>();
  #worked = 0;

  get size(): number {
    return this.#failing.size;
  }

  has(id: string): boolean {
    return this.#failing.has(id);
  }

  /** It was applied, or lifted. */
  forget(id: string): void {
    this.#failing.delete(id);
  }

  clear(): void {
    this.#failing.clear();
  }

  failed(id: string, now: number): void {
    const before = this.#failing.get(id);
    const alone = (before?.alone ?? 0) + (before !== undefined && before.seen !== this.#worked ? 1 : 0);
    const pause = before === undefined ? FIRST_PAUSE : Math.min(before.pause * 2, LONGEST_PAUSE);
    // Behind those that have waited longer.
    this.#failing.delete(id);
    this.#failing.set(id, { due: now + (alone >= HOPELESS ? HOPELESS_PAUSE : pause), pause, alone, seen: this.#worked });
  }

  /** Other bans went well: the action works, so those that may have failed with it are tried at once. */
  worked(now: number): void {
    this.#worked += 1;
    for (const failing of this.#failing.values()) {
      if (failing.alone >= HOPELESS || failing.due === Infinity) continue;
      failing.due = Math.min(failing.due, now);
      failing.pause = FIRST_PAUSE / 2;
    }
  }

  /** Bans to be tried again now; each is given out once until it has failed again. */
  take(now: number): readonly string[] {
    const ids: string[] = [];
    for (const [id, failing] of this.#failing) {
      if (ids.length === AT_ONCE) break;
      if (failing.due > now) continue;
      failing.due = Infinity;
      ids.push(id);
    }
    return ids;
  }
}
