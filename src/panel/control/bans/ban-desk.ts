/** The door to what people do with bans. Every item is told by itself; none throws for one bad item. */

/** The message of an item that is to be lifted or made longer, and is not banned. */
export const NOT_BANNED = 'is not banned';

export interface ItemResult {
  readonly id: string;
  readonly jail: string;
  readonly ok: boolean;
  /** Why not; null when all is well. */
  readonly message: string | null;
}

export interface BanWish {
  readonly ids: readonly string[];
  /** Null: from all services. */
  readonly jail: string | null;
  /** Seconds; null is the jail's own, -1 for ever. */
  readonly duration: number | null;
  readonly reason: string;
  readonly who: string;
  readonly now: number;
  /** Addresses of whoever asks: they, and ranges that hold them, are refused. */
  readonly own: readonly string[];
}

export interface BanDesk {
  ban(wish: BanWish): Promise<readonly ItemResult[]>;
  /** A null jail lifts the bans in all jails. */
  unban(items: readonly { readonly jail: string | null; readonly id: string }[]): Promise<readonly ItemResult[]>;
  /** @param duration seconds from now; -1 for ever */
  prolong(
    items: readonly { readonly jail: string; readonly id: string }[],
    duration: number,
    who: string,
    now: number,
  ): Promise<readonly ItemResult[]>;
  /** Lifts bans whose end the server itself does not know. */
  expire(now: number): Promise<void>;
}
