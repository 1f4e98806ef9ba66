/** What a jail tells the world while it works. contracts/log puts each into fail2ban's words; the panel reads those. */

interface Told {
  readonly jail: string;
}

export type JailEvent = Told &
  (
    | { readonly kind: 'found'; readonly id: string; readonly time: number }
    | { readonly kind: 'attempt'; readonly id: string; readonly time: number }
    | {
        readonly kind: 'found-bad';
        readonly id: string;
        readonly time: number;
        readonly bans: number;
        readonly retry: string;
        readonly ban: boolean;
      }
    | { readonly kind: 'ignore'; readonly id: string; readonly by: string }
    | { readonly kind: 'expired'; readonly id: string }
    | { readonly kind: 'ban'; readonly id: string }
    | { readonly kind: 'restore-ban'; readonly id: string }
    | { readonly kind: 'reban'; readonly id: string; readonly action?: string }
    | { readonly kind: 'unban'; readonly id: string }
    | { readonly kind: 'already-banned'; readonly id: string; readonly age: number }
    | {
        readonly kind: 'is-bad';
        readonly id: string;
        readonly bans: number;
        readonly last: number;
        readonly from: number;
        readonly to: number;
      }
    | { readonly kind: 'increase-ban'; readonly id: string; readonly bancount: number; readonly bantime: number; readonly end: number }
    | { readonly kind: 'flush'; readonly action: string }
    | {
        readonly kind: 'action-failed';
        readonly action: string;
        readonly operation: string;
        readonly id?: string;
        readonly message: string;
      }
    | { readonly kind: 'started' }
    | { readonly kind: 'stopped' }
  );
