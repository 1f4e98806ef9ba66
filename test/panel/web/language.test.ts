import request from 'supertest';
import { preferredLanguage } from '../../../src/panel/web/language';
import { LANGUAGES, messagesFor } from '../../../src/panel/web/messages';
import { testWeb } from '../../support/web';

it.each([
  [undefined, 'en'],
  ['', 'en'],
  ['de', 'de'],
  ['fr-FR, de-CH;q=0.7, en;q=0.3', 'de-CH'],
  ['en-GB,en;q=0.9,de;q=0.8', 'en-GB'],
  ['de;q=0, fr', 'en'],
  ['<script>, ../de', 'en'],
  ['x'.repeat(5000), 'en'],
])('a browser that prefers %s gets %s', (header, language) => expect(preferredLanguage(header, 'en')).toBe(language));

it('a page is in the browser’s language, and says so', async () => {
  const page = await request(testWeb().app).get('/login').set('Accept-Language', 'de-AT');
  expect(page.text).toContain('<html lang="de-AT">');
  expect(page.text).toContain('Anmelden');
});

it('both languages have the same parameters in every text', () => {
  const params = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
  const english = messagesFor('en');
  expect(LANGUAGES).toEqual(['en', 'de']);
  for (const [key, text] of Object.entries(messagesFor('de'))) {
    expect([key, params(text)]).toEqual([key, params(english[key as keyof typeof english])]);
  }
});
