import { createHmac } from 'node:crypto';
import { PersonalText } from '../sealed';
import { beginningsOf, phoneDigits, wordsOf } from './words';

/**
 * What the index holds in place of words: keyed tokens.
 *
 * Guarantee: without the key no word can be told from its token or tried out on it. Equal words have equal tokens under one key, so that
 * whoever has the table without the key learns how often tokens stand where and together, and no more; see ADR 0029.
 */
const tokenCharacters = 8;
const positionMax = 16_383;
// A phrase does not go on from one text into the next.
const gap = 8;

/** Weight of a field: `A` counts most. `D` is for the staff alone. */
export type Field = 'A' | 'B' | 'C' | 'D';

export interface SearchText {
  readonly field: Field;
  readonly text: PersonalText;
  /** `typed`: its words are found by their beginnings too. `phone`: also found by its digits. */
  readonly kind: 'read' | 'typed' | 'phone';
}

/** What there is to find of one key. */
export interface SearchDocument {
  /** Whose texts these are; nothing of the texts stays once they are to be forgotten. */
  readonly owner: string;
  /** Exact values that it is filtered by, such as `category:hardware`. */
  readonly labels: readonly string[];
  readonly texts: readonly SearchText[];
  /** Values of the index's own columns. */
  readonly columns: Readonly<Record<string, string | null>>;
}

export type OpenedText = Omit<SearchText, 'text'> & { readonly text: string };

/** Makes tokens under one key. It remembers those of one piece of work, since few words make up most of a text. */
export class Tokens {
  private readonly known = new Map<string, string>();

  constructor(private readonly key: Buffer) {}

  word(word: string): string {
    return this.of(`w\0${word}`);
  }

  beginning(word: string): string {
    return this.of(`b\0${word}`);
  }

  phone(digits: string): string {
    return this.of(`p\0${digits}`);
  }

  label(label: string): string {
    return this.of(`l\0${label}`);
  }

  private of(text: string): string {
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const token = createHmac('sha256', this.key).update(text).digest('base64url').slice(0, tokenCharacters);
    this.known.set(text, token);
    return token;
  }
}

/** The vector that PostgreSQL keeps, in its own notation. */
export const vectorOf = (tokens: Tokens, labels: readonly string[], texts: readonly OpenedText[]): string => {
  const places = new Map<string, string[]>();
  const add = (token: string, place: string): void => {
    const known = places.get(token);
    if (known) known.push(place);
    else places.set(token, [place]);
  };
  let position = 1;
  for (const { field, text, kind } of texts) {
    for (const word of wordsOf(text)) {
      const place = `${Math.min(position++, positionMax)}${field}`;
      add(tokens.word(word), place);
      if (kind === 'typed') for (const beginning of beginningsOf(word)) add(tokens.beginning(beginning), place);
    }
    const digits = kind === 'phone' ? phoneDigits(text) : undefined;
    if (digits !== undefined) add(tokens.phone(digits), `${Math.min(position++, positionMax)}${field}`);
    position += gap;
  }
  const found = [...places].map(([token, where]) => `'${token}':${where.join(',')}`);
  return [...new Set(labels.map((label) => `'${tokens.label(label)}'`)), ...found].sort().join(' ');
};
