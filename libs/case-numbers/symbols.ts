/**
 * How a number is written: `CSR-7K3-M9Q-XA4` is three prefix letters, seven payload and two check symbols.
 *
 * Prefix letters are A–Z and count as 0…25. The other nine come from Crockford's 32 letters, which leave out I, L, O
 * and U, and count as 0…31. Written in groups of three, so that it can be read out on the telephone.
 */
import { WORD_SYMBOLS } from './check-symbols';

export const PREFIX_LETTERS = 3;
export const PAYLOAD_SYMBOLS = 7;
/** A longer text is not a number, whatever may be dropped from it. */
export const TEXT_CHARACTERS_MAX = 64;
/** Stands for a character that no number has in its place. */
export const UNREADABLE = -1;

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const MISREAD: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1' };
const PREFIX_FORM = /^[A-Z]{3}$/;
// White space, every dash, the minus sign, the hyphen bullet, and what is invisible (soft hyphen, direction marks).
const IGNORED = /[\s\p{Pd}\p{Cf}\u2212\u2043]/gu;

/** Three letters A–Z. */
export const isPrefix = (text: string): boolean => PREFIX_FORM.test(text);

/** Writes twelve symbols as a number. */
export const formatWord = (word: readonly number[]): string => {
  const text = word.map((symbol, place) => (place < PREFIX_LETTERS ? LETTERS : CROCKFORD)[symbol]!).join('');
  return text.replace(/(...)(?=.)/g, '$1-');
};

/** The symbols of three prefix letters. @throws RangeError when they are not A–Z */
export const prefixSymbols = (prefix: string): number[] => {
  if (!isPrefix(prefix)) throw new RangeError('a prefix is three letters A–Z');
  return [...prefix].map((letter) => LETTERS.indexOf(letter));
};

/**
 * The characters that matter of what somebody typed or pasted: compatibility forms unified (NFKC), upper-case, spaces
 * and dashes dropped.
 * @returns twelve characters, or undefined when that is not what is left
 */
export const significantCharacters = (text: string): string[] | undefined => {
  if (text.length > TEXT_CHARACTERS_MAX) return undefined;
  const characters = [...text.normalize('NFKC').replace(IGNORED, '').toUpperCase()];
  return characters.length === WORD_SYMBOLS ? characters : undefined;
};

/** Twelve characters as symbols. The prefix is read as letters; only behind it O is 0, and I and L are 1. */
export const symbolsOf = (characters: readonly string[]): number[] =>
  characters.map((character, place) =>
    place < PREFIX_LETTERS ? LETTERS.indexOf(character) : CROCKFORD.indexOf(MISREAD[character] ?? character),
  );
