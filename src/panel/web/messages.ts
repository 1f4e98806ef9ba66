/** The catalogue of everything that pages say, made of the texts of each page: a key and its text, with `{name}` for what is put in. */
import { address } from './messages/address';
import { bans } from './messages/bans';
import { frame } from './messages/frame';
import { jails } from './messages/jails';
import { login } from './messages/login';
import { trusted } from './messages/trusted';
import { jail } from './messages/jail';
import { definitions } from './messages/definitions';
import { stillHere } from './messages/still-here';
import { settings } from './messages/settings';
import { overview } from './messages/overview';
import { plesk } from './messages/plesk';
import { formatNumber } from './format';

const english = {
  ...frame.en,
  ...overview.en,
  ...address.en,
  ...bans.en,
  ...jails.en,
  ...login.en,
  ...settings.en,
  ...definitions.en,
  ...jail.en,
  ...trusted.en,
  ...plesk.en,
  ...stillHere.en,
};

export type MessageKey = keyof typeof english;
export type MessageParams = Readonly<Record<string, string | number>>;
/** A language's texts: all keys, or the compiler complains. */
export type Messages = Readonly<Record<MessageKey, string>>;

const german: Messages = {
  ...frame.de,
  ...overview.de,
  ...address.de,
  ...bans.de,
  ...jails.de,
  ...login.de,
  ...settings.de,
  ...definitions.de,
  ...jail.de,
  ...trusted.de,
  ...plesk.de,
  ...stillHere.de,
};

const languages: Readonly<Record<string, Messages>> = { en: english, de: german };

/** Languages that we have texts in. */
export const LANGUAGES: readonly string[] = Object.keys(languages);

/** The texts for a language tag (`de-DE`); English where a language is not known. */
export function messagesFor(language: string): Messages {
  return languages[language.split('-')[0]!.toLowerCase()] ?? english;
}

/** A text with its parameters put in; numbers as the language writes them. The result is text, not HTML. */
export function translate(messages: Messages, language: string, key: MessageKey, params: MessageParams = {}): string {
  return messages[key].replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? formatNumber(value, language) : value;
  });
}

/** True when the word is a key of the catalogue. */
export function isMessageKey(word: string): word is MessageKey {
  return Object.hasOwn(english, word);
}
