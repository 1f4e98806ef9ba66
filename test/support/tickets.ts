/** Tickets for tests, from the few fields that a test is about. */
import type { BanTicket, FailTicket, TicketData } from '../../src/model/ticket';

export function ticketData(fields: Partial<TicketData> = {}): TicketData {
  return { failures: 1, matches: [], captured: {}, ...fields };
}

export function banTicket(id: string, fields: Partial<Omit<BanTicket, 'data'>> & { readonly data?: Partial<TicketData> } = {}): BanTicket {
  return { id, time: 1_700_000_000, bantime: 600, bancount: 1, restored: false, ...fields, data: ticketData(fields.data) };
}

export function failTicket(id: string, time: number, fields: Partial<TicketData> = {}): FailTicket {
  return { id, time, data: ticketData(fields) };
}
