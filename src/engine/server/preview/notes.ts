/** A store in memory that writes down the bans it is told of, and a resolver that asks nobody: what a jail is given that only pretends. */
import type { Resolver } from '../../../base/resolver';
import { MemoryStore } from '../../../contracts/database/memory-store';
import type { PreviewedBan } from '../../../model/jail-preview';
import { matchedText, type BanTicket, type TicketData } from '../../../model/ticket';

/** Bans that are told of, and of each the matched lines and user names; characters of a text. */
const MOST_BANS = 1000;
const MOST_MATCHES = 3;
const MOST_USERS = 10;
const LONGEST = 500;
/** Different names that are counted. */
const MOST_NAMES = 10_000;

export class NotingStore extends MemoryStore {
  readonly bans: PreviewedBan[] = [];
  banned = 0;
  readonly addresses = new Set<string>();

  constructor() {
    super(null);
  }

  override async recordBans(jail: string, tickets: readonly BanTicket[]): Promise<void> {
    for (const { id, time, bantime, bancount, data } of tickets) {
      this.banned += 1;
      this.addresses.add(id);
      if (this.bans.length >= MOST_BANS) continue;
      const matches = data.matches.slice(0, MOST_MATCHES).map((line) => short(matchedText(line)));
      this.bans.push({ id: short(id), time, bantime, bancount, failures: data.failures, users: usersOf(data), matches });
    }
    await super.recordBans(jail, tickets);
  }
}

function usersOf({ captured }: TicketData): readonly string[] {
  const words = [captured['user'] ?? [], captured['users'] ?? []].flat();
  return [...new Set(words)]
    .filter((word) => word !== '')
    .slice(0, MOST_USERS)
    .map(short);
}

const short = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

/** A resolver that knows no name, and counts for which it was asked. */
export class DeafResolver implements Resolver {
  readonly #asked = new Set<string>();

  get names(): number {
    return this.#asked.size;
  }

  async addressesOf(name: string): Promise<readonly string[]> {
    if (this.#asked.size < MOST_NAMES) this.#asked.add(name);
    return [];
  }

  async nameOf(): Promise<string | null> {
    return null;
  }

  clear(): void {
    this.#asked.clear();
  }
}
