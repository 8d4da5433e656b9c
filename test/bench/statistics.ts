/** Value below which the share `q` of all values lies: the nearest rank, never an average of two. @throws RangeError without values */
export const quantile = (values: readonly number[], q: number): number => {
  const sorted = Float64Array.from(values).sort();
  const value = sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  if (value === undefined) throw new RangeError('there is nothing to take a quantile of');
  return value;
};

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Three significant digits are more than any of these figures can carry; whole numbers stay whole. */
export const rounded = (value: number): number => (value >= 1_000 ? Math.round(value) : Number(value.toPrecision(3)));

/** What a run of calls came to. */
export interface Timings {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** @param milliseconds of each call @param seconds that all of them took together */
export const timingsOf = (milliseconds: readonly number[], seconds: number): Timings => ({
  perSecond: milliseconds.length / seconds,
  p50: quantile(milliseconds, 0.5),
  p99: quantile(milliseconds, 0.99),
});
