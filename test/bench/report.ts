import { Measured, Row } from './row';
import { rounded } from './statistics';

/** One row as programs read it. */
export interface Result {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  readonly baseline?: { readonly name: string; readonly value: number };
  /** Value by baseline. */
  readonly ratio?: number;
}

export const resultOf = ({ name, unit, better }: Row, { value, baseline }: Measured): Result => ({
  ...{ name, value: rounded(value), unit, better },
  ...(baseline && {
    baseline: { name: baseline.name, value: rounded(baseline.value) },
    ratio: rounded(value / baseline.value),
  }),
});

const heads = ['', 'value', 'unit', 'better', 'baseline', 'value', 'ratio'];
const numeric = new Set([1, 5, 6]);

/** The same for people, in columns. */
export const tableOf = (results: readonly Result[]): string => {
  const lines = results.map(({ name, value, unit, better, baseline, ratio }) => [
    ...[name, value, unit, better, baseline?.name ?? '', baseline?.value ?? '', ratio ?? ''].map(String),
  ]);
  const all = [heads, ...lines];
  const widths = heads.map((_, column) => Math.max(...all.map((line) => (line[column] ?? '').length)));
  const cell = (text: string, column: number): string =>
    numeric.has(column) ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0);
  return all.map((line) => line.map(cell).join('  ').trimEnd()).join('\n');
};
