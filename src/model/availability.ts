/** What only our engine offers: there, or not available on the server that answers. */

export type Availability<T> = { readonly available: true; readonly value: T } | { readonly available: false };

export const NOT_AVAILABLE = { available: false } as const;
