import { Field, Tokens } from './terms';
import { mayBeBeginning, phoneDigits, wordsOf } from './words';

/**
 * What somebody typed, as terms to look for.
 *
 * All of it must be there, in any order. What stands between quotation marks, or without a space as an address does, must stand together. The
 * last word may be the beginning of one where the index knows beginnings.
 */
export const searchWordsMax = 16;

export interface SearchTerms {
  /** Words that must follow each other; most have one. */
  readonly phrases: readonly (readonly string[])[];
  /** Whether the last word may still be being typed. */
  readonly isOpen: boolean;
  /** The digits, when all of it is a telephone number. */
  readonly phone: string | undefined;
}

export const noTerms: SearchTerms = { phrases: [], isOpen: false, phone: undefined };

/** @throws RangeError for more words than one search may have */
export const parseSearch = (text: string): SearchTerms => {
  const chunks = [...text.matchAll(/"([^"]*)"|[^\s"]+/gu)];
  const phrases = chunks.map(([chunk, quoted]) => wordsOf(quoted ?? chunk)).filter(({ length }) => length);
  const words = phrases.reduce((sum, { length }) => sum + length, 0);
  if (words > searchWordsMax) throw new RangeError(`must have at most ${searchWordsMax} words`);
  const isOpen = chunks.at(-1)?.[1] === undefined && /[\p{L}\p{N}\p{M}]$/u.test(text);
  return { phrases, isOpen, phone: phoneDigits(text.trim()) };
};

export const hasTerms = ({ phrases }: SearchTerms): boolean => phrases.length > 0;

/** PostgreSQL's notation of these terms. @param fields those in which the caller may look */
export const queryOf = (
  tokens: Tokens,
  { phrases, isOpen, phone }: SearchTerms,
  fields: readonly Field[] | undefined,
): string => {
  const where = fields ? `:${fields.join('')}` : '';
  const term = (token: string): string => `'${token}'${where}`;
  const phrase = (words: readonly string[], isLast: boolean): string =>
    words
      .map((word, index) => {
        const whole = term(tokens.word(word));
        const mayGoOn = isLast && isOpen && index === words.length - 1 && mayBeBeginning(word);
        return mayGoOn ? `(${whole} | ${term(tokens.beginning(word))})` : whole;
      })
      .join(' <-> ');
  const all = phrases.map((words, index) => `(${phrase(words, index === phrases.length - 1)})`).join(' & ');
  return phone === undefined ? all : `((${all}) | ${term(tokens.phone(phone))})`;
};

/** Any of these labels. */
export const labelQuery = (tokens: Tokens, labels: readonly string[]): string =>
  `(${labels.map((label) => `'${tokens.label(label)}'`).join(' | ')})`;
