import { isInstant } from '../instants';
import { ColumnType, ColumnValue } from './projection';

/**
 * A value as its column takes it; nothing instead of what it would refuse, which then stands in the row alone.
 *
 * Whoever writes under one of our names and types may write anything, and a row that the database refuses would hold up every other.
 */
const integerMax = 2 ** 31 - 1;

const isHoldable: Readonly<Record<ColumnType, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => Number.isInteger(value) && Math.abs(Number(value)) <= integerMax,
  bigint: (value) => Number.isSafeInteger(value),
  timestamptz: (value) => value === 'infinity' || isInstant(value),
};

export const holdable = (type: ColumnType, value: ColumnValue): ColumnValue => (isHoldable[type](value) ? value : null);
