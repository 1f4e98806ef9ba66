/** What every list has in common: which page is shown, how it is sorted, and the links that keep the rest of the query. Data for the partials `paging` and `sorted`. */
import type { Form } from './form';

export interface Paging {
  readonly page: number;
  readonly pages: number;
  /** Paths with queries; null at the ends. */
  readonly previous: string | null;
  readonly next: string | null;
}

export interface SortLink {
  readonly name: string;
  readonly link: string;
  /** For aria-sort of the column. */
  readonly direction: 'ascending' | 'descending' | 'none';
}

/** The path of a list with some of its query changed; empty values and the first page are left out. */
export function linkWith(path: string, query: Form, changes: Readonly<Record<string, string>>): string {
  const params = new URLSearchParams();
  const names = [...new Set([...query.names(), ...Object.keys(changes)])];
  for (const name of names) {
    const value = changes[name] ?? query.get(name);
    if (value !== '' && !(name === 'page' && value === '1')) params.append(name, value);
  }
  const text = params.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** The page that the query names, within 1 and `pages`. */
export function pageOf(query: Form): number {
  const page = Number(query.get('page'));
  return Number.isInteger(page) && page >= 1 && page <= 1_000_000 ? page : 1;
}

/** Null for a list that fits on one page. */
export function pagingOf(path: string, query: Form, page: number, pages: number): Paging | null {
  if (pages <= 1) return null;
  const to = (number: number): string => linkWith(path, query, { page: String(number) });
  return { page, pages, previous: page > 1 ? to(page - 1) : null, next: page < pages ? to(page + 1) : null };
}

/** For each column a link that sorts by it; the column that sorts already turns round. */
export function sortLinks<Column extends string>(
  path: string,
  query: Form,
  columns: readonly Column[],
  now: { readonly sort: Column; readonly descending: boolean },
): Readonly<Record<Column, SortLink>> {
  const linkOf = (name: Column): SortLink => {
    const current = name === now.sort;
    const descending = current ? !now.descending : false;
    return {
      name,
      link: linkWith(path, query, { sort: name, order: descending ? 'descending' : 'ascending', page: '1' }),
      direction: current ? (now.descending ? 'descending' : 'ascending') : 'none',
    };
  };
  return Object.fromEntries(columns.map((name) => [name, linkOf(name)])) as Record<Column, SortLink>;
}
