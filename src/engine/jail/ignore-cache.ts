/** `ignorecache`: remembers for a while, under a key made of a ticket, whether the ticket was trusted. */
import { parseAddress } from '../../model/address';
import { matchedText, type FailTicket } from '../../model/ticket';
import type { Clock } from '../../base/clock';
import type { IgnoreCache as CacheOptions } from '../../model/jail-config';

/** What was found: the source of trust, or that there is none. */
export type Verdict = string | null;

/** Verdicts by key; the oldest goes when there are too many. */
export class IgnoreCache {
  readonly #entries = new Map<string, { readonly until: number; readonly verdict: Verdict }>();

  constructor(
    readonly options: CacheOptions,
    readonly clock: Clock,
  ) {}

  /** The verdict under a key; undefined when nothing is known. */
  get(key: string): Verdict | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.until > this.clock.monotonic()) return entry.verdict;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, verdict: Verdict): void {
    this.#entries.delete(key);
    if (this.options.maxCount <= 0) return;
    if (this.#entries.size >= this.options.maxCount) this.#entries.delete(this.#entries.keys().next().value ?? '');
    this.#entries.set(key, { until: this.clock.monotonic() + this.options.maxTime, verdict });
  }
}

/**
 * Fills a key template such as `<F-USER>@<ip>`; a captured group that the ticket has not is empty, an unknown tag stays.
 * @param hostName the name of an address, for `<ip-host>`
 */
export async function fillKey(
  template: string,
  ticket: FailTicket,
  hostName: (address: string) => Promise<string | null>,
): Promise<string> {
  const parts = template.split(/(<[\w.-]+>)/);
  const filled = await Promise.all(parts.map(async (part, at) => (at % 2 === 0 ? part : valueOf(part.slice(1, -1), ticket, hostName))));
  return filled.join('');
}

async function valueOf(tag: string, ticket: FailTicket, hostName: (address: string) => Promise<string | null>): Promise<string> {
  const { captured, failures, matches } = ticket.data;
  const address = text(captured['ip']) || ticket.id;
  if (tag.startsWith('F-')) return text(captured[tagName(tag)]);
  switch (tag) {
    case 'ip':
      return address;
    case 'fid':
      return ticket.id;
    case 'ip-host':
      return (await hostName(address)) ?? 'None';
    case 'family':
      return parseAddress(address)?.family ?? 'None';
    case 'time':
      return String(ticket.time);
    case 'failures':
      return String(failures);
    case 'matches':
      return matches.map(matchedText).join('\n');
    default:
      return `<${tag}>`;
  }
}

function tagName(tag: string): string {
  const name = tag.slice(2).toLowerCase();
  return name === 'id' ? 'fid' : name === 'port' ? 'fport' : name;
}

function text(value: string | readonly string[] | undefined): string {
  return value === undefined ? '' : typeof value === 'string' ? value : value.join(' ');
}
