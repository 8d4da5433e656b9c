import fc from 'fast-check';
import { checkSymbols, installationTag, singleError, syndromes, WORD_SYMBOLS, type CheckPair } from './check-symbols';
import { alphaTo, logarithm, multiply } from './galois';
import golden from './case-numbers.golden.json';

const symbol = fc.integer({ min: 0, max: 31 });
const word = fc.array(symbol, { minLength: WORD_SYMBOLS, maxLength: WORD_SYMBOLS });
const blank = Array<number>(WORD_SYMBOLS).fill(0);

/** Syndromes of every error of one symbol, as one integer: [place][difference]. */
const ofOneError = blank.map((_, place) =>
  Array.from({ length: 32 }, (_, difference) => packed(syndromes(blank.with(place, difference)))),
);

function packed([first, second]: CheckPair): number {
  return first * 32 + second;
}

describe('the field', () => {
  it('has an inverse for every member but 0, and α reaches all 31 of them', () => {
    const members = Array.from({ length: 31 }, (_, exponent) => alphaTo(exponent));
    expect(new Set(members).size).toBe(31);
    for (const member of members) expect(multiply(member, alphaTo(-logarithm(member)))).toBe(1);
    expect(() => logarithm(0)).toThrow(RangeError);
  });

  it('multiplies as polynomials do', () => {
    fc.assert(
      fc.property(symbol, symbol, symbol, (a, b, c) => {
        expect(multiply(a, b ^ c)).toBe(multiply(a, b) ^ multiply(a, c));
        expect(multiply(a, multiply(b, c))).toBe(multiply(multiply(a, b), c));
      }),
    );
    // x⁴ · x = x⁵ = x² + 1: only with the polynomial of the format.
    expect(multiply(0b10000, 0b10)).toBe(0b101);
  });
});

describe('the code', () => {
  it('is linear, so that what holds for differences holds for all numbers', () => {
    fc.assert(
      fc.property(word, word, (left, right) => {
        const sum = left.map((member, place) => member ^ right[place]!);
        expect(packed(syndromes(sum))).toBe(packed(syndromes(left)) ^ packed(syndromes(right)));
      }),
    );
  });

  it('accepts a message with its own check symbols and, of all 1024 pairs, no others', () => {
    const message = [2, 18, 17, 7, 19, 3, 20, 9, 23, 31];
    const tag: CheckPair = [25, 31];
    const accepted: number[] = [];
    for (let pair = 0; pair < 1024; pair++)
      if (packed(syndromes([...message, pair >> 5, pair & 31], tag)) === 0) accepted.push(pair);
    expect(accepted).toEqual([packed(checkSymbols(message, tag))]);
  });

  it('finds every one and every two wrong symbols, at all places', () => {
    const seen = new Set<number>();
    for (const byDifference of ofOneError) for (const found of byDifference.slice(1)) seen.add(found);
    // 12 places × 31 differences, all different and none 0: no two single errors cancel each other.
    expect(seen.size).toBe(12 * 31);
    expect(seen.has(0)).toBe(false);
  });

  it('lets exactly 31 of the 29 791 errors of any three places pass: the distance is 3, not 4', () => {
    for (const [i, j, k] of [...triples(WORD_SYMBOLS)]) expect(undetected(i, j, k)).toBe(31);
  });

  it('locates every single error', () => {
    for (let position = 0; position < WORD_SYMBOLS; position++)
      for (let difference = 1; difference < 32; difference++)
        expect(singleError(syndromes(blank.with(position, difference)))).toEqual({ position, difference });
  });

  it('offers no single error where there is none', () => {
    expect(singleError([0, 0])).toBeUndefined();
    const locatable = Array.from({ length: 1024 }, (_, pair) => singleError([pair >> 5, pair & 31])).filter(Boolean);
    expect(locatable).toHaveLength(12 * 31);
  });
});

describe('the tag of an installation', () => {
  it('is the frozen one', () => {
    for (const { installation, tag } of golden.tags) expect(installationTag(installation)).toEqual(tag);
  });

  it('spreads over all 1024 values', () => {
    const counts = new Map<number, number>();
    for (let id = 0; id < 20_480; id++) {
      const tag = packed(installationTag(`installation-${id}`));
      counts.set(tag, (counts.get(tag) ?? 0) + 1);
    }
    expect(counts.size).toBe(1024);
    expect(Math.max(...counts.values())).toBeLessThan(50);
  });
});

function* triples(size: number): Generator<[number, number, number]> {
  for (let i = 0; i < size; i++) for (let j = i + 1; j < size; j++) for (let k = j + 1; k < size; k++) yield [i, j, k];
}

function undetected(i: number, j: number, k: number): number {
  let passed = 0;
  for (let a = 1; a < 32; a++)
    for (let b = 1; b < 32; b++)
      for (let c = 1; c < 32; c++) if ((ofOneError[i]![a]! ^ ofOneError[j]![b]! ^ ofOneError[k]![c]!) === 0) passed++;
  return passed;
}
