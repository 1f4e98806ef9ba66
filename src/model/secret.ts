/** Tells from the name of an option that its value is a secret, and takes such values out of texts that are shown or logged. */
import type { PyValue } from './python-repr';

/** What stands in the place of a secret. */
export const MASK = '***';
/** How such a name ends: `abuseipdb_apikey`, `cftoken`, `mnwpass`. Not `_bypass`, which is no password. */
const ENDING = '(?:password|passwd|passphrase|(?<!by)pass|pwd|secret|token|credentials?|key)';
const SECRET_NAME = new RegExp(`^[\\w-]*${ENDING}$`, 'i');
/** An option with its value, as files and lists of options have it. */
const ASSIGNMENT = new RegExp(`(?<![\\w-])([\\w-]*?${ENDING}(?:\\?family=\\w+)?\\s*=[ \\t]*)("[^"]*"|'[^']*'|[^\\s,;\\]'"]+)`, 'gi');
/** A shorter value could stand anywhere, and is no secret to anybody. */
const LEAST = 4;

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** The values that are long enough to be looked for, the longest first: one may be a part of another. */
export function secretValues(values: Iterable<string>): readonly string[] {
  return [...new Set(values)].filter((value) => value.trim().length >= LEAST).sort((a, b) => b.length - a.length);
}

/** @param values as `secretValues` has them */
export function withoutValues(text: string, values: readonly string[]): string {
  return values.reduce((masked, value) => masked.replaceAll(value, MASK), text);
}

/** A text of a configuration file with the values of secret options masked: each stands behind its name on the same line. */
export function withoutSecrets(text: string): string {
  return text.replace(ASSIGNMENT, (_, name: string, value: string) => {
    const quote = /^["']/.exec(value)?.[0] ?? '';
    return `${name}${quote}${MASK}${quote}`;
  });
}

/** A command of the socket without the words that stand behind the name of a secret option; these go to `taken`. */
export function withoutSecretWords(value: PyValue, taken: string[]): PyValue {
  if (!Array.isArray(value)) return value;
  const words = value as readonly PyValue[];
  return words.map((word, at) => {
    const name = words[at - 1];
    if (typeof word !== 'string' || typeof name !== 'string' || !isSecretName(name)) return withoutSecretWords(word, taken);
    taken.push(word);
    return MASK;
  });
}
