/** What a reader of a page sees, hostile text that must stay text, and what the audit log tells: for tests of the pages. */
import type { TestWeb } from './web';

/** Would be a script, an attribute's end, a template and an entity wherever it is not shown as text. */
export const HOSTILE = `"><script>alert(1)</script>{{x}}'&`;
/** The same as it stands in a page. */
export const HOSTILE_SHOWN = '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;{{x}}&#x27;&amp;';

/** The page's words without its marks. */
export function textOf(html: string): string {
  return html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
}

/** What stands beside a field of a form; '' when nothing is wrong with it. */
export function problemOf(html: string, field: string): string | null {
  const name = field.replaceAll('.', '\\.');
  return new RegExp(`id="problem-${name}">([^<]*)<`).exec(html)?.[1] ?? null;
}

/** Values of the hidden fields by name, as somebody would send them with the form's button. */
export function hiddenFields(html: string): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, string[]> = {};
  for (const [, name = '', value = ''] of html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g))
    (found[unescaped(name)] ??= []).push(unescaped(value));
  return found;
}

function unescaped(text: string): string {
  const named = text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"');
  return named.replaceAll('&#x27;', "'").replaceAll('&#x3D;', '=').replaceAll('&#x60;', '`').replaceAll('&amp;', '&');
}

/** The audit log, newest first: action, subject and whether it went well. */
export async function deeds(web: TestWeb): Promise<readonly (readonly [string, string, boolean])[]> {
  const { entries } = await web.notebook.auditList({ limit: 100 });
  return entries.map(({ action, subject, ok }) => [action, subject, ok] as const);
}
