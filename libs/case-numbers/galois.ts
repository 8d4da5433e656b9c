/**
 * Arithmetic in GF(32), the field with as many members as Crockford's alphabet has letters.
 *
 * A member is an integer 0…31, read as a polynomial of degree < 5 over GF(2). Products are reduced by the primitive
 * polynomial x⁵ + x² + 1, of which α = 2 is a root, so that the powers of α run through all 31 non-zero members.
 * The polynomial is part of the number's format and is for ever. Addition and subtraction are both `^`.
 */
const PRIMITIVE_POLYNOMIAL = 0b100101;
const SIZE = 32;
const ORDER = SIZE - 1;

/** α⁰…α⁶¹: two turns, so that the sum of two logarithms needs no reduction. */
const EXPONENTIALS: readonly number[] = powersOfAlpha(2 * ORDER);
const LOGARITHMS: readonly number[] = Array.from({ length: SIZE }, (_, member) => EXPONENTIALS.indexOf(member));

function powersOfAlpha(count: number): number[] {
  const powers = [1];
  while (powers.length < count) {
    const doubled = powers[powers.length - 1]! << 1;
    powers.push(doubled < SIZE ? doubled : doubled ^ PRIMITIVE_POLYNOMIAL);
  }
  return powers;
}

/** α to a power. @param exponent any integer */
export const alphaTo = (exponent: number): number => EXPONENTIALS[((exponent % ORDER) + ORDER) % ORDER]!;

/** The power of α that a member is: 0…30. @throws RangeError for 0, which is none */
export const logarithm = (member: number): number => {
  if (member === 0) throw new RangeError('0 is no power of α');
  return LOGARITHMS[member]!;
};

/** The product of two members. */
export const multiply = (left: number, right: number): number =>
  left === 0 || right === 0 ? 0 : EXPONENTIALS[LOGARITHMS[left]! + LOGARITHMS[right]!]!;
