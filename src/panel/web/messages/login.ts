/** Texts of the log-in. */
import { texts } from './texts';

export const login = texts({
  en: {
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
  },
  de: {
    'login.title': 'Anmelden',
    'login.user': 'Benutzername',
    'login.password': 'Passwort',
    'login.submit': 'Anmelden',
    'login.lead': 'Anmelden an {server}',
    'login.linkLead': 'Dieser Einmal-Link meldet Sie an {server} an.',
    'login.linkSubmit': 'Mit diesem Link anmelden',
    'login.failed': 'Der Benutzername oder das Passwort ist falsch.',
    'login.linkUsed':
      'Dieser Link wurde schon benutzt oder ist ungültig. Starten Sie Bailiff neu, um einen neuen zu erhalten, oder melden Sie sich mit dem Passwort an.',
    'login.tooMany': 'Zu viele fehlgeschlagene Anmeldungen. Versuchen Sie es in {wait} wieder.',
    'login.noPassword':
      'Noch ist kein Passwort gesetzt. Nehmen Sie den Einmal-Link, den Bailiff beim Start ausgegeben hat, oder setzen Sie eines mit:',
  },
});
