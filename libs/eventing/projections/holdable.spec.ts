import { holdable } from './holdable';

it.each([
  ['text', ['a', ''], [1, {}]],
  ['boolean', [true], ['true']],
  ['integer', [-3, 2 ** 31 - 1], [2 ** 31, 0.5, '7', NaN]],
  ['bigint', [2 ** 40], [2 ** 60, '7']],
  ['timestamptz', ['infinity', '2028-02-29T00:00:00.000Z'], ['soon', '2026-02-29T00:00:00.000Z', '2026-03-02', 7]],
] as const)('a column of the type %s holds what is one and nothing of what is none', (type, values, others) => {
  for (const value of values) expect(holdable(type, value)).toBe(value);
  for (const value of others) expect(holdable(type, value as never)).toBeNull();
});
