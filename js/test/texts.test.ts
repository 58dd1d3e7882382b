/** What sign-in pages say, in four languages. */

import { LANGUAGES } from '../src/auth/languages.js';
import { fill, textsOf } from '../src/auth/texts.js';
import { assertEqual } from './assert.js';

const EN = textsOf('en');
const names = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

describe('the texts of sign-in pages', () => {
  for (const [language, texts] of Object.entries(LANGUAGES)) {
    it(`are all there in ${language}, with the same names to fill in`, () => {
      assertEqual(Object.keys(texts), Object.keys(EN));
      for (const [key, text] of Object.entries(texts)) {
        assertEqual([key, text.trim() === ''], [key, false]);
        assertEqual([key, names(text)], [key, names(EN[key as keyof typeof EN])]);
      }
    });
  }

  it('are those of the site’s language, or English', () => {
    const logins = ['de', 'de-AT', 'pt_BR', 'FR', undefined, 'constructor', 7].map(
      (language) => textsOf(language).login,
    );
    const { de, fr } = LANGUAGES;
    assertEqual(logins, [de?.login, de?.login, EN.login, fr?.login, EN.login, EN.login, EN.login]);
  });

  it('give way to the site’s own', () => {
    const texts = textsOf('de', { login: 'Hinein' });
    assertEqual([texts.login, texts.email], ['Hinein', LANGUAGES.de?.email]);
  });

  it('are filled in with names as they are', () => {
    assertEqual(fill('{host} and {host}, {other}', { host: '$&' }), '$& and $&, {other}');
    assertEqual(fill('at {place}', {}), 'at ');
  });
});
