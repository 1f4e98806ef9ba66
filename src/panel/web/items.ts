/** Items that a list's check boxes name: a jail and an address as one value of a form, and back; and what to say when several were treated. */
import { z } from 'zod';
import type { Form } from './form';
import type { MessageKey } from './messages';
import type { Notice } from './page';

const Item = z.tuple([z.string().min(1).max(255), z.string().min(1).max(255)]);
/** More than a page ever lists. */
const MAX_ITEMS = 10_000;
const FAILED_SHOWN = 10;

export interface Item {
  readonly jail: string;
  readonly id: string;
}

export function itemValue(item: Item): string {
  return JSON.stringify([item.jail, item.id]);
}

/** Null for a value that no list of ours has made. */
export function itemOf(value: string): Item | null {
  try {
    const read = Item.safeParse(JSON.parse(value));
    return read.success ? { jail: read.data[0], id: read.data[1] } : null;
  } catch {
    return null;
  }
}

/** What the button `name` is about: its own item, or those that are marked (`item`). Null for a form that is not ours. */
export function itemsOf(form: Form, button: string): readonly Item[] | null {
  const value = form.get(button);
  const values = value === 'marked' ? form.all('item') : [value];
  const items = values.map(itemOf);
  if (items.length > MAX_ITEMS || items.some((item) => item === null)) return null;
  return items.filter((item) => item !== null);
}

export interface Outcome {
  readonly id: string;
  readonly jail: string;
  readonly ok: boolean;
  readonly message: string | null;
}

/** One sentence when all went well, the failures one by one when not. */
export function noticeOf(results: readonly Outcome[], texts: { readonly one: MessageKey; readonly many: MessageKey }): Notice {
  const failed = results.filter(({ ok }) => !ok);
  const done = results.length - failed.length;
  const [first] = results;
  const lines = failed.slice(0, FAILED_SHOWN).map(({ id, jail, message }) => `${id} (${jail}): ${message ?? ''}`);
  if (failed.length === 0 && done === 1 && first !== undefined)
    return { tone: 'success', text: texts.one, params: { id: first.id, jail: first.jail } };
  return {
    tone: failed.length === 0 ? 'success' : done === 0 ? 'danger' : 'warning',
    text: texts.many,
    params: { count: done, failed: failed.length },
    lines,
  };
}
