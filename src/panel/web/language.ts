/** Chooses the language of a page from what the browser prefers. */
import { LANGUAGES } from './messages';

/** The first language of an Accept-Language header, by its weights, that we have texts in; `fallback` when there is none. */
export function preferredLanguage(header: string | undefined, fallback: string): string {
  const wishes = (header ?? '')
    .slice(0, 1000)
    .split(',')
    .map((part) => {
      const [tag = '', ...params] = part.trim().split(';');
      const weight = params.map((param) => /^\s*q=([\d.]+)\s*$/.exec(param)?.[1]).find((value) => value !== undefined);
      return { tag: tag.trim(), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ tag, weight }) => /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.test(tag) && weight > 0)
    .sort((a, b) => b.weight - a.weight);
  return wishes.find(({ tag }) => LANGUAGES.includes(tag.split('-')[0]?.toLowerCase() ?? ''))?.tag ?? fallback;
}
