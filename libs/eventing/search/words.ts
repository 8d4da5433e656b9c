/**
 * Words of a text, as the index and a search both know them.
 *
 * Guarantee: texts that differ only in case, in compatibility forms (width, ligatures) or in accents have the same words. Scripts that
 * set no spaces give every two neighbouring signs. It is a function of this file and of Unicode's properties of assigned characters, so that
 * whoever changes it gives the indexes a new version.
 */
const wordCharactersMax = 64;
const wordsPerTextMax = 2_000;

// Letters that no decomposition takes apart, and that people leave out all the same.
const plainLetters: Readonly<Record<string, string>> = {
  ...{ ø: 'o', đ: 'd', ð: 'd', ł: 'l', ħ: 'h', ı: 'i', æ: 'ae', œ: 'oe', þ: 'th', ς: 'σ' },
};
const accents = /[\u0300-\u036f]/g;
const withoutSpaces =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const runs = /[\p{L}\p{N}\p{M}]+/gu;

/** Upper case first: it takes apart what lower case leaves, such as the sharp s. */
const normalised = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(accents, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(accents, '')
    .replace(/[øđðłħıæœþς]/g, (letter) => plainLetters[letter] ?? letter)
    .normalize('NFC');

const shortened = (word: string): string =>
  word.length > wordCharactersMax ? [...word].slice(0, wordCharactersMax).join('') : word;

const pairsOf = (signs: readonly string[]): readonly string[] =>
  signs.length < 2 ? signs : signs.slice(1).map((sign, index) => `${signs[index]}${sign}`);

/** A run of letters, split where a script with spaces meets one without. */
const wordsOfRun = (run: string): readonly string[] => {
  if (!withoutSpaces.test(run)) return [shortened(run)];
  const words: string[] = [];
  let [plain, signs]: [string, string[]] = ['', []];
  const end = (): void => {
    if (plain) words.push(shortened(plain));
    words.push(...pairsOf(signs));
    [plain, signs] = ['', []];
  };
  for (const character of run) {
    const isSign = withoutSpaces.test(character);
    if (isSign ? plain : signs.length && !/\p{M}/u.test(character)) end();
    if (isSign) signs.push(character);
    else if (signs.length) signs[signs.length - 1] += character;
    else plain += character;
  }
  end();
  return words;
};

/** The words of a text in their order, at most `wordsPerTextMax`: what stands behind them is not found by its words. */
export const wordsOf = (text: string): readonly string[] => {
  const words: string[] = [];
  for (const [run] of normalised(text).matchAll(runs)) {
    words.push(...wordsOfRun(run));
    if (words.length >= wordsPerTextMax) return words.slice(0, wordsPerTextMax);
  }
  return words;
};

const prefixCharactersMin = 3;
const prefixCharactersMax = 10;

/** Beginnings under which a word is found while it is being typed. */
export const beginningsOf = (word: string): readonly string[] => {
  const characters = [...word];
  const longest = Math.min(prefixCharactersMax, characters.length - 1);
  return Array.from({ length: Math.max(0, longest - prefixCharactersMin + 1) }, (_, index) =>
    characters.slice(0, prefixCharactersMin + index).join(''),
  );
};

/** Whether something this short or long may be the beginning of a word. */
export const mayBeBeginning = (word: string): boolean => {
  const { length } = [...word];
  return length >= prefixCharactersMin && length <= prefixCharactersMax;
};

const digitsTold = 8;

/** The last digits of a telephone number, however it is written: with or without the country, in groups or not. */
export const phoneDigits = (text: string): string | undefined => {
  if (!/^[+\d ()./-]+$/.test(text)) return undefined;
  const digits = text.replace(/\D/g, '');
  return digits.length >= 6 ? digits.slice(-digitsTold) : undefined;
};
