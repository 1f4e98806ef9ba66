/** One page's texts in every language that we have; the compiler complains where a language lacks a key. */

export interface Texts<Key extends string> {
  readonly en: Readonly<Record<Key, string>>;
  readonly de: Readonly<Record<Key, string>>;
}

export function texts<Key extends string>(both: Texts<Key>): Texts<Key> {
  return both;
}
