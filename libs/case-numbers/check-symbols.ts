/**
 * The two check symbols of a number: a Reed–Solomon code over GF(32).
 *
 * Guarantee: two numbers of one installation differ in at least three of their twelve characters, the prefix letters and
 * the check symbols among them. Hence any one or two wrong characters are found, always: single errors, swaps (ab → ba),
 * jump swaps (abc → cba), twins (aa → bb) and jump twins (aca → bcb) are all of that kind. Three wrong characters pass
 * once in 961, whole groups exchanged or a random string about once in 1024.
 *
 * It rests on: the word `prefix ‖ payload ‖ check`, leftmost symbol the highest power, being a polynomial of degree < 12
 * that has α and α² as roots. Columns (αⁱ, α²ⁱ) of its parity-check matrix are pairwise independent for i = 0…30, which
 * is distance 3. The code with the roots 1 and α has that distance too, but lets one in 32 permutations pass, because
 * its first check is a plain sum.
 *
 * A ten-bit tag of the installation is added to the check symbols. That moves the whole code and keeps its distances:
 * of a thousand other installations one shares the tag, and no number of all the rest passes here.
 *
 * Not promised: secrecy. A number identifies and never authorises; anyone may compute these symbols.
 *
 * @source Reed and Solomon 1960; MacWilliams and Sloane, The Theory of Error-Correcting Codes, ch. 10
 */
import { createHash } from 'node:crypto';
import { alphaTo, logarithm, multiply } from './galois';

export const CHECK_SYMBOLS = 2;
export const WORD_SYMBOLS = 12;

// The generator (x + α)(x + α²) = x² + (α + α²)x + α³.
const GENERATOR_LINEAR = alphaTo(1) ^ alphaTo(2);
const GENERATOR_CONSTANT = alphaTo(3);

const TAG_DOMAIN = 'casefold.case-number.installation';
const NO_TAG: CheckPair = [0, 0];

/** Two symbols, left and right, each 0…31. */
export type CheckPair = readonly [number, number];

/** What an installation adds to its check symbols: the leading ten bits of SHA-256(domain ‖ 0x00 ‖ id in UTF-8). */
export const installationTag = (installation: string): CheckPair => {
  // A process serves one installation: remembering the last one saves nearly every hash.
  if (remembered.installation !== installation) remembered = { installation, tag: hashedTag(installation) };
  return remembered.tag;
};

let remembered = { installation: '', tag: hashedTag('') };

function hashedTag(installation: string): CheckPair {
  const bits = createHash('sha256').update(`${TAG_DOMAIN}\0${installation}`, 'utf8').digest().readUInt16BE(0);
  return [bits >> 11, (bits >> 6) & 31];
}

/** The check symbols of a message. @param message the ten symbols before them @param tag of the installation */
export const checkSymbols = (message: readonly number[], tag: CheckPair): CheckPair => {
  let left = 0;
  let right = 0;
  for (const symbol of message) {
    const carried = left ^ symbol;
    left = right ^ multiply(carried, GENERATOR_LINEAR);
    right = multiply(carried, GENERATOR_CONSTANT);
  }
  return [left ^ tag[0], right ^ tag[1]];
};

/** The word's values at α and α², both 0 exactly when the word belongs to the code. @param word twelve symbols */
export const syndromes = (word: readonly number[], tag: CheckPair = NO_TAG): CheckPair => {
  const untagged = [...word];
  untagged[WORD_SYMBOLS - 2]! ^= tag[0];
  untagged[WORD_SYMBOLS - 1]! ^= tag[1];
  const valueAt = (root: number): number => untagged.reduce((value, symbol) => multiply(value, root) ^ symbol, 0);
  return [valueAt(alphaTo(1)), valueAt(alphaTo(2))];
};

/**
 * The one change of one symbol that makes a word valid.
 * @param found the word's syndromes
 * @returns where (0 = leftmost) and what to add there, or undefined when no single change does
 */
export const singleError = ([first, second]: CheckPair): { position: number; difference: number } | undefined => {
  if (first === 0 || second === 0) return undefined;
  // An error e at power i gives the syndromes e·αⁱ and e·α²ⁱ: their quotient tells i, and with it e.
  const power = (logarithm(second) - logarithm(first) + 31) % 31;
  if (power >= WORD_SYMBOLS) return undefined;
  return { position: WORD_SYMBOLS - 1 - power, difference: alphaTo(logarithm(first) - power) };
};
