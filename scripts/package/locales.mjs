// Makes the extension's PHP locale files from the pages' catalogue of texts: every text has one source.

/** Plesk's locales and our languages. */
export const LOCALES = { 'en-US': 'en', 'de-DE': 'de' };

/** Keys that Plesk needs, and what they are called there: `plesk.title` is `title`, `tab.bans` is `tabBans` (for the panel's navigation and search). */
const PREFIXES = { 'plesk.': '', 'tab.': 'tab' };

function keyOf(key) {
  for (const [prefix, own] of Object.entries(PREFIXES)) {
    if (!key.startsWith(prefix)) continue;
    const name = key.slice(prefix.length);
    return own === '' ? name : own + name[0].toUpperCase() + name.slice(1);
  }
  return null;
}

const quote = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** The text of a PHP locale file: `{name}` becomes Plesk's `%%name%%`. */
export function localeFile(messages) {
  const lines = Object.entries(messages)
    .map(([key, text]) => [keyOf(key), text.replace(/\{(\w+)\}/g, '%%$1%%')])
    .filter(([key]) => key !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, text]) => `    ${quote(key)} => ${quote(text)},\n`);
  return `<?php\n$messages = [\n${lines.join('')}];\n`;
}
