import fc from 'fast-check';
import { Candidate, ComparedWord, comparedWords, ranked } from './similarity';

const now = Date.UTC(2026, 2, 1);
const words: readonly ComparedWord[] = [
  { word: 'printer', share: 0.05 },
  { word: 'smokes', share: 0.0002 },
  { word: 'and', share: 1 },
];
const candidate = (facts: Partial<Candidate> = {}): Candidate => ({
  ...{ number: 'a', isSameCustomer: false, matched: [0, 1], openedAt: new Date(now) },
  ...facts,
});
const first = (facts: Partial<Candidate>) => ranked(words, [candidate(facts)], now)[0];

it('compares each word once, those of the subject first, and no single letters', () =>
  expect(comparedWords('The printer', 'A printer smokes')).toEqual(['the', 'printer', 'smokes']));

it('takes for a duplicate what says the same, of the same customer also what says half of it', () => {
  expect(first({})).toMatchObject({ isProbableDuplicate: true, words: ['printer', 'smokes'] });
  expect(first({ matched: [1] })).toMatchObject({ isProbableDuplicate: false });
  expect(first({ matched: [1, 2], isSameCustomer: true })).toMatchObject({ isProbableDuplicate: true });
});

it('takes for alike whatever is of the same customer, and nothing of others that shares only what all have', () => {
  expect(first({ matched: [], isSameCustomer: true })).toMatchObject({ isProbableDuplicate: false, words: [] });
  expect(first({ matched: [2] })).toBeUndefined();
  expect(first({ matched: [0] })).toBeUndefined();
});

it('finds more alike what shares more, is the same customer’s or is newer, whatever else there is', () => {
  const facts = fc.record({
    ...{ number: fc.string(), isSameCustomer: fc.boolean() },
    matched: fc.subarray([0, 1, 2]),
    openedAt: fc.integer({ min: 0, max: 1000 }).map((days) => new Date(now - days * 86_400_000)),
  });
  const of = (one: Candidate) => ranked(words, [{ ...one, isSameCustomer: true }], now)[0]?.similarity ?? 0;
  fc.assert(
    fc.property(facts, fc.array(facts), (one, others) => {
      const all = ranked(words, [one, ...others], now);
      expect(all.every(({ similarity }) => similarity >= 0 && similarity <= 1)).toBe(true);
      expect(all.map(({ similarity }) => similarity)).toEqual(
        all.map(({ similarity }) => similarity).sort((left, right) => right - left),
      );
      expect(of({ ...one, matched: [0, 1, 2] })).toBeGreaterThanOrEqual(of(one));
      expect(of({ ...one, openedAt: new Date(now) })).toBeGreaterThanOrEqual(of(one));
    }),
  );
});
