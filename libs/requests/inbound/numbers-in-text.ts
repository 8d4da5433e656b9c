import { NumberSpace, parseNumber } from '../../case-numbers/parse-number';

const charactersMax = 20_000;
const candidatesMax = 20;

// However it was typed: in brackets, with letters right behind them, with spaces or dashes of any kind, in small letters.
const candidate = (prefixes: readonly string[]): RegExp =>
  new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${prefixes.join('|')})(?:[\\s\\p{Pd}]{0,2}[\\p{L}\\p{N}]){9}(?![\\p{L}\\p{N}])`,
    'giu',
  );

/** Numbers of cases that a text names, each once, in their order. Without their check symbols twelve letters are no number. */
export const numbersIn = (text: string, space: NumberSpace): readonly string[] => {
  const found = text.slice(0, charactersMax).match(candidate(space.prefixes)) ?? [];
  const numbers = found.slice(0, candidatesMax).flatMap((each) => {
    const parsed = parseNumber(each.replace(/[\s\p{Pd}]/gu, ''), space);
    return parsed.ok ? [parsed.number] : [];
  });
  return [...new Set(numbers)];
};
