/** The lawful nothing among actions: what a real one would have done is logged and remembered, and the machine is left alone. */
import type { Logger } from '../../base/logger';
import type { BanTicket } from '../../model/ticket';
import type { JailAction } from './jail-action';

const LOGGER = 'fail2ban.CommandAction';
const MAX_REMEMBERED = 1000;

export interface DryRunOperation {
  readonly operation: 'start' | 'stop' | 'reload' | 'flush' | 'ban' | 'reban' | 'unban' | 'prolong';
  readonly id: string | null;
}

/** An action that only tells what it would do. */
export class DryRunAction implements JailAction {
  readonly canProlong = true;
  readonly canFlush = true;
  readonly bulk = true;
  readonly banEpoch = 0;
  private readonly remembered: DryRunOperation[] = [];

  constructor(
    readonly name: string,
    readonly norestored: boolean,
    private readonly jail: string,
    private readonly logger: Logger,
  ) {}

  /** The last thousand operations, oldest first. */
  get operations(): readonly DryRunOperation[] {
    return this.remembered;
  }

  start(): Promise<void> {
    return this.tell('start', null, 'start');
  }

  stop(): Promise<void> {
    return this.tell('stop', null, 'stop');
  }

  reload(): Promise<void> {
    return this.tell('reload', null, 'reload');
  }

  flush(): Promise<void> {
    return this.tell('flush', null, 'undo all bans');
  }

  async ban(tickets: readonly BanTicket[]): Promise<readonly null[]> {
    for (const ticket of tickets) await this.tell('ban', ticket, `ban ${ticket.id} ${duration(ticket)}`);
    return tickets.map(() => null);
  }

  async reban(tickets: readonly BanTicket[]): Promise<readonly null[]> {
    for (const ticket of tickets) await this.tell('reban', ticket, `ban ${ticket.id} again ${duration(ticket)}`);
    return tickets.map(() => null);
  }

  async unban(tickets: readonly BanTicket[]): Promise<readonly null[]> {
    for (const ticket of tickets) await this.tell('unban', ticket, `unban ${ticket.id}`);
    return tickets.map(() => null);
  }

  async prolong(tickets: readonly BanTicket[]): Promise<readonly null[]> {
    for (const ticket of tickets) await this.tell('prolong', ticket, `prolong the ban of ${ticket.id} ${duration(ticket)}`);
    return tickets.map(() => null);
  }

  check(): Promise<boolean> {
    return Promise.resolve(false);
  }

  private tell(operation: DryRunOperation['operation'], ticket: BanTicket | null, what: string): Promise<void> {
    this.remembered.push({ operation, id: ticket?.id ?? null });
    if (this.remembered.length > MAX_REMEMBERED) this.remembered.shift();
    this.logger.log('INFO', LOGGER, `[${this.jail}] dry run: action '${this.name}' would ${what}`);
    return Promise.resolve();
  }
}

function duration(ticket: BanTicket): string {
  return ticket.bantime === -1 ? 'for ever' : `for ${ticket.bantime} s`;
}
