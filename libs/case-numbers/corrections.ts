import { installationTag, singleError, syndromes } from './check-symbols';
import { parseCharacters, parseNumber, type NumberSpace } from './parse-number';
import { formatWord, PREFIX_LETTERS, significantCharacters, symbolsOf, UNREADABLE } from './symbols';

/**
 * "Did you mean …": the numbers that one wrong character, or one exchange of neighbours, could have turned into this
 * text. There is at most one of the first kind. A random text has one too in two cases of seven, so show only those
 * that exist and that the asker may see.
 * @returns sorted, exact; empty when the text is itself a number, or has not twelve characters that matter
 */
export const corrections = (text: string, space: NumberSpace): string[] => {
  const characters = significantCharacters(text);
  if (!characters || parseNumber(text, space).ok) return [];
  const found = [oneWrong(characters, space), ...neighboursExchanged(characters, space)];
  return [...new Set(found.filter((number) => number !== undefined))].sort();
};

function oneWrong(characters: readonly string[], space: NumberSpace): string | undefined {
  const word = symbolsOf(characters);
  const unreadable = word.indexOf(UNREADABLE);
  // A character outside the alphabet is the wrong one; which symbol stands in for it does not matter.
  if (unreadable >= 0) word[unreadable] = 0;
  if (word.includes(UNREADABLE)) return undefined;
  const found = syndromes(word, installationTag(space.installation));
  const error = singleError(found);
  if (error) word[error.position]! ^= error.difference;
  else if (found[0] !== 0 || found[1] !== 0) return undefined;
  if (unreadable >= 0 && error && error.position !== unreadable) return undefined;
  return written(word, space);
}

function written(word: readonly number[], space: NumberSpace): string | undefined {
  const number = formatWord(word);
  return space.prefixes.includes(number.slice(0, PREFIX_LETTERS)) ? number : undefined;
}

function neighboursExchanged(characters: readonly string[], space: NumberSpace): string[] {
  return characters.slice(1).flatMap((right, place) => {
    const exchanged = [...characters];
    exchanged.splice(place, 2, right, characters[place]!);
    const parsed = parseCharacters(exchanged, space);
    return parsed.ok ? [parsed.number] : [];
  });
}
