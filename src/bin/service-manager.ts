/** What a service tells systemd: that it is ready, that it is alive, that it ends. Silent where nobody asked for it. */
import type { Clock } from '../base/clock';
import { createNotifier, type Notifier } from '../base/process-notify';

/** Of the time within which systemd wants to hear of us: so that one beat may be lost. */
const PART = 4;
const MICROSECONDS = 1e6;

export class ServiceManager {
  readonly #notifier: Notifier | null;
  /** Seconds between two beats; null when nobody waits for them. */
  readonly #every: number | null;

  /** Takes the variables of sd_notify(3) out of the environment: programs that we start have nothing to tell systemd. */
  constructor(private readonly clock: Clock) {
    const { NOTIFY_SOCKET: socket = '', WATCHDOG_USEC: within = '', WATCHDOG_PID: pid = String(process.pid) } = process.env;
    delete process.env['NOTIFY_SOCKET'];
    delete process.env['WATCHDOG_USEC'];
    delete process.env['WATCHDOG_PID'];
    this.#notifier = /^[/@]/.test(socket) ? createNotifier(socket) : null;
    const seconds = Number(within) / MICROSECONDS;
    this.#every = seconds > 0 && pid === String(process.pid) ? seconds / PART : null;
  }

  /**
   * Tells that we are ready, and from then on that we are alive, for as long as nothing hangs.
   * @param hanging what hangs now, in words for `systemctl status`; '' when nothing does
   */
  ready(hanging: () => string = () => ''): void {
    this.#notifier?.tell('READY=1');
    if (this.#notifier === null || this.#every === null) return;
    this.#beat(hanging);
    this.clock.every(this.#every, () => this.#beat(hanging));
  }

  /** A word for `systemctl status`. */
  status(text: string): void {
    this.#notifier?.tell(`STATUS=${text}`);
  }

  /** Tells that we are about to end. */
  stopping(): void {
    this.#notifier?.tell('STOPPING=1');
  }

  #beat(hanging: () => string): void {
    const what = hanging();
    if (what === '') this.#notifier?.tell('WATCHDOG=1');
    else this.status(what);
  }
}
