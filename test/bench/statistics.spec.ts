import { median, quantile, rounded, timingsOf } from './statistics';

const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => n - index);

describe('what the benchmark calculates', () => {
  it('takes a quantile by rank, whatever the order', () => {
    expect(quantile(upTo(100), 0.5)).toBe(51);
    expect(quantile(upTo(100), 0.99)).toBe(100);
    expect(quantile(upTo(1000), 0.99)).toBe(991);
    expect(quantile([7], 0.99)).toBe(7);
  });

  it('compares numbers as numbers', () => expect(median([10, 9, 100])).toBe(10));

  it('refuses a quantile of nothing', () => expect(() => quantile([], 0.5)).toThrow(RangeError));

  it('keeps three digits of small figures and all of large ones', () => {
    expect([0.123456, 12.345, 123.456, 1234.56].map(rounded)).toEqual([0.123, 12.3, 123, 1235]);
  });

  it('counts calls by the second', () => {
    expect(timingsOf([1, 2, 3, 4], 2)).toEqual({ perSecond: 2, p50: 3, p99: 4 });
  });
});
