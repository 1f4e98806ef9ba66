/** Texts about an edit that waits until its author has shown that he still gets in. */
import { texts } from './texts';

export const stillHere = texts({
  en: {
    'here.waits': 'A change of {who} could cut him off ({what}). Unless it is kept, it is taken back in {seconds} seconds.',
    'here.keep': 'Still here: keep it',
    'here.takeBack': 'Take it back now',
    'here.early': 'It is too early to tell whether you still get in. Click once more in a few seconds.',
    'here.kept': 'The change is kept.',
    'here.none': 'No change waits any more.',
    'here.back': 'Your change was taken back, because nobody confirmed it: {what}.',
    'here.notBack': 'Nobody confirmed your change, and it could not be taken back: {what}.',
    'here.seen': 'I have read it',
  },
  de: {
    'here.waits':
      'Eine Änderung von {who} könnte ihn ausgesperrt haben ({what}). Wird sie nicht behalten, wird sie in {seconds} Sekunden zurückgenommen.',
    'here.keep': 'Noch da: behalten',
    'here.takeBack': 'Jetzt zurücknehmen',
    'here.early': 'Noch lässt sich nicht sagen, ob Sie weiterhin hereinkommen. Klicken Sie in einigen Sekunden noch einmal.',
    'here.kept': 'Die Änderung bleibt.',
    'here.none': 'Es wartet keine Änderung mehr.',
    'here.back': 'Ihre Änderung wurde zurückgenommen, weil niemand sie bestätigt hat: {what}.',
    'here.notBack': 'Niemand hat Ihre Änderung bestätigt, und sie ließ sich nicht zurücknehmen: {what}.',
    'here.seen': 'Gelesen',
  },
});
