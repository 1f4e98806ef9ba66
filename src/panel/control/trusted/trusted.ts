/** The door to trusted addresses: the words of ignoreip, with what people told about them. */
import type { ItemResult } from '../bans/ban-desk';

export interface TrustedEntry {
  readonly entry: string;
  readonly kind: 'address' | 'range' | 'name' | 'file';
  /** Null: in all jails. */
  readonly jail: string | null;
  readonly note: string;
  readonly who: string | null;
  readonly added: number | null;
  readonly end: number | null;
  /** What a host name is now; null for everything else. */
  readonly resolved: readonly string[] | null;
  readonly file: string;
  readonly line: number;
}

export interface NewTrusted {
  readonly entry: string;
  readonly note: string;
  readonly end: number | null;
  readonly jail: string | null;
}

export interface TrustedList {
  list(): Promise<readonly TrustedEntry[]>;
  add(entries: readonly NewTrusted[], who: string, now: number): Promise<readonly ItemResult[]>;
  remove(
    entries: readonly { readonly entry: string; readonly jail: string | null }[],
    who: string,
    now: number,
  ): Promise<readonly ItemResult[]>;
  /** Jails whose own ignoreip does not go on with that of all jails: who is trusted everywhere can be banned there. */
  apart(): Promise<readonly string[]>;
  isTrusted(address: string): Promise<boolean>;
  /** Takes out what has come to its end; returns the entries. */
  expire(now: number): Promise<readonly string[]>;
}
