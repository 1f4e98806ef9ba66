/** Keeps a few attackers and many visitors at work and appends what they leave to the demo's logs, several lines per second. */
import { appendText } from '../../base/files';
import path from 'node:path';
import type { Clock, Timer } from '../../base/clock';
import { type Attacker, attackLine, type DemoLine, innocentLine, inventAttacker, type Random } from './attackers';

/** Seconds between two rounds. */
const ROUND = 0.25;
/** So many attackers are at work at a time. */
const ATTACKERS = 5;
/** Chance of a visitor in a round. */
const VISITOR = 0.5;

export class DemoFeeder {
  private attackers: Attacker[] = [];
  private timer: Timer | null = null;

  constructor(
    private readonly folder: string,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** Makes the logs, so that jails can watch them from the beginning. */
  prepare(): void {
    for (const log of ['auth.log', 'panel.log', 'maillog', 'access_log']) appendText(path.join(this.folder, log), '');
  }

  start(): void {
    this.timer = this.clock.every(ROUND, () => this.write(this.round(this.clock.now())));
  }

  stop(): void {
    this.timer?.cancel();
  }

  /** What happens in one round that ends at `now`. */
  round(now: number): readonly DemoLine[] {
    while (this.attackers.length < ATTACKERS) this.attackers.push(inventAttacker(now, this.random));
    const lines = this.attackers.filter((attacker) => attacker.nextAt <= now).map((attacker) => this.attempt(attacker, now));
    this.attackers = this.attackers.filter((attacker) => attacker.attemptsLeft > 0);
    return this.random() < VISITOR ? [...lines, innocentLine(now, this.random)] : lines;
  }

  private attempt(attacker: Attacker, now: number): DemoLine {
    attacker.attemptsLeft -= 1;
    attacker.nextAt = now + attacker.pace * (0.5 + this.random());
    return attackLine(attacker.service, attacker.address, now, this.random);
  }

  private write(lines: readonly DemoLine[]): void {
    const logs = new Map<string, string>();
    for (const { log, text } of lines) logs.set(log, `${logs.get(log) ?? ''}${text}\n`);
    for (const [log, text] of logs) appendText(path.join(this.folder, log), text);
  }
}
