/** A busy log for fault runs: thousands of lines a second, offenders and innocents among them, their failures seconds apart, rotated at random; it knows who earned a ban. */
import { appendFileSync, existsSync, renameSync } from 'node:fs';
import { randomOf, type Random } from '../fuzz/random';

/** Failures that earn a ban, and those that do not. */
export const MAXRETRY = 3;
/** Milliseconds between two writes. */
const TICK = 20;
/** Share of writes in which an offender begins. */
const OFFENDERS = 0.1;
/** Writes over which the failures of an address are spread: so kills and rotations fall between them. */
const SPREAD = 250;
/** Mean number of writes between two rotations, and the old files that are kept. */
const ROTATE = 75;
const KEPT = 9;

interface Failing {
  readonly id: string;
  left: number;
  readonly earns: boolean;
}

export class LogLoad {
  /** Who failed as often as a ban needs. */
  readonly offenders = new Set<string>();
  lines = 0;
  rotations = 0;
  #timer: NodeJS.Timeout | null = null;
  #begun = 0;
  #write = 0;
  /** Whose failure comes in which write. */
  readonly #due = new Map<number, Failing[]>();
  #started = 0;
  #seconds = 0;
  readonly #random: Random;

  constructor(
    private readonly file: string,
    private readonly rate: number,
    seed: number,
  ) {
    this.#random = randomOf(seed, 0);
    appendFileSync(file, '');
  }

  /** Lines a second that were really written. */
  get speed(): number {
    return Math.round(this.lines / Math.max(this.#seconds, 0.001));
  }

  start(): void {
    this.#started = performance.now();
    let due = 0;
    let last = this.#started;
    this.#timer = setInterval(() => {
      const now = performance.now();
      due += ((now - last) / 1000) * this.rate;
      last = now;
      const count = Math.min(Math.floor(due), this.rate);
      due -= count;
      this.#writeLines(count);
    }, TICK);
  }

  stop(): void {
    if (this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
    this.#seconds += (performance.now() - this.#started) / 1000;
  }

  #writeLines(count: number): void {
    if (this.#random.chance(1 / ROTATE)) this.#rotate();
    const stamp = dateOf(new Date());
    const lines = Array.from({ length: count }, (_, at) => `${stamp} accepted 203.0.113.${at % 250} for user${this.lines + at}`);
    if (this.#random.chance(OFFENDERS)) this.#begin('10.9', MAXRETRY, true);
    if (this.#random.chance(OFFENDERS)) this.#begin('10.77', MAXRETRY - 1, false);
    const failing = this.#due.get(this.#write) ?? [];
    this.#due.delete(this.#write++);
    for (const { id } of failing) lines.splice(this.#random.below(lines.length + 1), 0, `${stamp} fail ${id}`);
    if (lines.length === 0) return;
    appendFileSync(this.file, `${lines.join('\n')}\n`);
    this.lines += lines.length;
    for (const one of failing) {
      one.left--;
      if (one.left === 0 && one.earns) this.offenders.add(one.id);
    }
  }

  #begin(net: string, left: number, earns: boolean): void {
    const failing = { id: addressOf(net, this.#begun++), left, earns };
    for (let time = 0; time < left; time++) {
      const at = this.#write + this.#random.below(SPREAD);
      this.#due.set(at, [...(this.#due.get(at) ?? []), failing]);
    }
  }

  #rotate(): void {
    for (let at = KEPT - 1; at >= 1; at--) {
      if (existsSync(`${this.file}.${at}`)) renameSync(`${this.file}.${at}`, `${this.file}.${at + 1}`);
    }
    renameSync(this.file, `${this.file}.1`);
    appendFileSync(this.file, '');
    this.rotations++;
  }
}

function addressOf(net: string, number: number): string {
  return `${net}.${number >> 8}.${number & 255}`;
}

/** The local time as a log has it. */
function dateOf(now: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `${date} ${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
}
