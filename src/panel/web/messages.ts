/** The catalogue of everything that pages say: a key and its text, with `{name}` for what is put in. */

const english = {
  'product.name': 'Bailiff',
  'product.section': 'IP Address Banning',
  'nav.main': 'Main',
  'nav.tabs': 'IP Address Banning',
  'nav.skip': 'Skip to content',
  'nav.logout': 'Log out',
  'tab.overview': 'Overview',
  'tab.bans': 'Banned IP Addresses',
  'tab.jails': 'Jails',
  'engine.bailiff': 'Bailiff engine {version}',
  'engine.fail2ban': 'Fail2Ban {version}',
  'engine.running': 'running',
  'engine.silent': 'Engine does not answer',
  'overview.title': 'Overview',
  'overview.banned': 'Banned now',
  'overview.bans24': 'Bans, last 24 hours',
  'overview.failures24': 'Failures, last 24 hours',
  'overview.jails': 'Jails',
  'overview.jailsBroken': 'problems: {count}',
  'overview.jailsFine': 'all running',
  'overview.jailsUnknown': 'engine does not answer',
  'overview.inJails': 'in {count} jails',
  'overview.inOneJail': 'in one jail',
  'overview.nobody': 'nobody is banned',
  'overview.quiet': 'a quiet day',
  'overview.noJails': 'none is switched on',
  'overview.perHour': 'at most {count} in one hour',
  'overview.chart': 'Last 24 hours',
  'overview.chart.failures': 'Failures per hour',
  'overview.chart.bans': 'Bans per hour',
  'overview.chart.summary': '{label}: {total} in the last 24 hours, at most {peak} in one hour.',
  'overview.chart.bar': '{hour}: {count}',
  'overview.chart.now': 'now',
  'overview.chart.numbers': 'The same as numbers',
  'overview.chart.hour': 'Hour',
  'overview.chart.failuresShort': 'Failures',
  'overview.chart.bansShort': 'Bans',
  'overview.recent': 'Recent events',
  'overview.recent.none': 'Nothing has happened yet',
  'overview.recent.noneHint': 'As soon as a jail finds a failed log-in or an attack in its log, it is listed here.',
  'overview.top': 'Jails by bans',
  'overview.top.none': 'No jail has banned anybody yet.',
  'event.time': 'Time',
  'event.jail': 'Jail',
  'event.address': 'IP address',
  'event.what': 'Event',
  'event.found': 'Failure',
  'event.ban': 'Banned',
  'event.restore-ban': 'Ban restored',
  'event.unban': 'Unbanned',
  'event.ignore': 'Ignored (trusted)',
  'event.already-banned': 'Already banned',
  'bans.title': 'Banned IP Addresses',
  'bans.intro': 'Addresses that may not connect at the moment, and until when.',
  'bans.address': 'IP address',
  'bans.jail': 'Jail',
  'bans.since': 'Banned since',
  'bans.left': 'Time left',
  'bans.forever': 'permanent',
  'bans.actions': 'Actions',
  'bans.unban': 'Unban',
  'bans.unbanLabel': 'Unban {id} in {jail}',
  'bans.count': '{count} bans in force',
  'bans.countOne': '1 ban in force',
  'bans.none': 'Nobody is banned',
  'bans.noneHint': 'When a jail counts too many failures of an address, the address is listed here until its ban ends.',
  'bans.page': 'Page {page} of {pages}',
  'bans.previous': 'Previous',
  'bans.next': 'Next',
  'bans.unbanned': '{id} is no longer banned in {jail}.',
  'bans.wasNotBanned': '{id} was not banned in {jail} any more.',
  'bans.badForm': 'The form did not name an address and a jail. Nothing was changed.',
  'jails.title': 'Jails',
  'jails.intro': 'A jail watches logs with a filter, counts failures, and bans.',
  'jails.name': 'Jail',
  'jails.state': 'State',
  'jails.active': 'Active',
  'jails.broken': 'Not running',
  'jails.warned': 'Active, with a warning',
  'jails.bannedNow': 'Banned now',
  'jails.bannedTotal': 'Banned in total',
  'jails.failedNow': 'Failed now',
  'jails.failedTotal': 'Failed in total',
  'jails.watches': 'Watches',
  'jails.watchesNothing': 'nothing',
  'jails.more': 'and {count} more',
  'jails.otherProblems': 'The engine could not use everything it found in its configuration:',
  'jails.none': 'No jail is switched on',
  'jails.noneHint': 'Jails are switched on in the engine’s configuration (jail.d), by enabled = true.',
  'login.title': 'Log in',
  'login.user': 'User name',
  'login.password': 'Password',
  'login.submit': 'Log in',
  'login.lead': 'Log in to {server}',
  'login.linkLead': 'This one-time link logs you in to {server}.',
  'login.linkSubmit': 'Log in with this link',
  'login.failed': 'The user name or the password is wrong.',
  'login.linkUsed': 'This link was used already or is not valid. Restart Bailiff for a new one, or log in with the password.',
  'login.tooMany': 'Too many failed log-ins. Try again in {wait}.',
  'login.noPassword': 'No password has been set yet. Use the one-time link that Bailiff printed when it started, or set one with:',
  'error.403': 'Not allowed',
  'error.403Hint': 'Your session has ended, or the form was not sent from this page. Go back, reload the page and try again.',
  'error.404': 'Page not found',
  'error.404Hint': 'There is no page at this address.',
  'error.413': 'Too much data',
  'error.413Hint': 'What was sent is larger than this page accepts.',
  'error.400': 'Request not understood',
  'error.400Hint': 'The request does not have the form that this page expects.',
  'error.500': 'Something went wrong',
  'error.500Hint': 'This is a mistake of ours. It was written to the log; nothing was changed.',
  'error.503': 'The engine does not answer',
  'error.503Hint': 'Bans that are in force stay in the firewall. This page comes back as soon as the engine runs again.',
  'error.502': 'The engine refused',
  'error.502Hint': 'The engine answered with an error. Nothing else was changed.',
  'error.detail': 'What it says',
  'error.back': 'Go to the overview',
  'duration.now': 'now',
  'duration.seconds': '{count} s',
  'duration.minutes': '{count} min',
  'duration.hours': '{count} h',
  'duration.days': '{count} d',
  'duration.ago': '{duration} ago',
} as const;

export type MessageKey = keyof typeof english;
export type MessageParams = Readonly<Record<string, string | number>>;
/** A language's texts: all keys, or the compiler complains. */
export type Messages = Readonly<Record<MessageKey, string>>;

const languages: Readonly<Record<string, Messages>> = { en: english };

/** The texts for a language tag (`de-DE`); English where a language is not known. */
export function messagesFor(language: string): Messages {
  return languages[language.split('-')[0]!.toLowerCase()] ?? english;
}

/** A text with its parameters put in; numbers as the language writes them. The result is text, not HTML. */
export function translate(messages: Messages, language: string, key: MessageKey, params: MessageParams = {}): string {
  return messages[key].replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? value.toLocaleString(language) : value;
  });
}

/** True when the word is a key of the catalogue. */
export function isMessageKey(word: string): word is MessageKey {
  return Object.hasOwn(english, word);
}
