/** Tells whether a write comes from a page of ours: the session's token in the form, and an Origin that is this server. */
import { timingSafeEqual } from 'node:crypto';

/** Name of the hidden field of every form that writes. */
export const CSRF_FIELD = '_csrf';

/** Compares two secrets without telling by the time how much of them agrees. */
export function sameSecret(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** False when the browser says that another site sent the request. Programs that send neither header are let through: they have no cookies to abuse. */
export function sameOrigin(headers: {
  readonly origin?: string | undefined;
  readonly fetchSite?: string | undefined;
  readonly host: string;
}): boolean {
  if (headers.fetchSite !== undefined && headers.fetchSite !== 'same-origin' && headers.fetchSite !== 'none') return false;
  if (headers.origin === undefined) return true;
  return URL.canParse(headers.origin) && new URL(headers.origin).host === headers.host;
}

/** The host of a Host header without its port, in lower case; '' when there is none. */
export function hostName(header: string | undefined): string {
  return (header ?? '').replace(/:\d+$/, '').toLowerCase();
}
