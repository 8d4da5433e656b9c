import fc from 'fast-check';
import { beginningsOf, phoneDigits, wordsOf } from './words';

it.each([
  ['Straße STRASSE', ['strasse', 'strasse']],
  ['Ærø, Łódź & Đà Nẵng', ['aero', 'lodz', 'da', 'nang']],
  ['naïve café ﬁle', ['naive', 'cafe', 'file']],
  ['ΟΔΟΣ οδός', ['οδοσ', 'οδοσ']],
  ['fax-2: 5% of A4', ['fax', '2', '5', 'of', 'a4']],
  ['印刷機 broken', ['印刷', '刷機', 'broken']],
  ['機', ['機']],
  ['LaserJet印刷', ['laserjet', '印刷']],
  ['हिन्दी', ['हिन्दी']],
  ['%_*', []],
])('takes the words of %s', (text, words) => expect(wordsOf(text)).toEqual(words.map((word) => word.normalize('NFC'))));

it('gives the same words whatever the case, the accents and the form of a text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(wordsOf(text.normalize('NFD'))).toEqual(wordsOf(text.normalize('NFC')));
      for (const word of wordsOf(text)) expect(wordsOf(word)).toContain(word);
    }),
  );
});

it('bounds the words of a text and the length of a word', () => {
  expect(wordsOf('a '.repeat(5_000))).toHaveLength(2_000);
  expect(wordsOf('a'.repeat(5_000))).toEqual(['a'.repeat(64)]);
});

it('finds a word by its beginnings of three to ten characters', () =>
  expect(beginningsOf('networks')).toEqual(['net', 'netw', 'netwo', 'networ', 'network']));

it('knows a telephone number however it is written', () => {
  for (const text of ['+44 20 7946 0018', '(020) 7946-0018', '0044.20.7946.0018'])
    expect(phoneDigits(text)).toBe('79460018');
  expect(phoneDigits('12-34')).toBeUndefined();
  expect(phoneDigits('order 79460018')).toBeUndefined();
});
