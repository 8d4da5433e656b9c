import { restrictedCustomers } from '../../customers/read-models/record/customer.projection';
import { AnyProjection } from '../../eventing/projections/projection';

/**
 * What reporting jobs read: views whose names, columns and types stay, whatever becomes of the tables behind them.
 *
 * Guarantee: nothing personal is in them. Sealed texts are left out, people are ids and handles. No value depends on the moment at
 * which it is read, so that the same position gives the same rows.
 */
export type ReportingType = 'text' | 'integer' | 'bigint' | 'boolean' | 'timestamptz' | 'uuid' | 'jsonb';

export interface ReportingColumn {
  readonly name: string;
  readonly type: ReportingType;
  readonly sql: string;
  readonly meaning: string;
}

export interface ReportingView {
  readonly name: string;
  readonly meaning: string;
  /** Tables that it reads. */
  readonly of: readonly string[];
  readonly from: string;
  readonly columns: readonly ReportingColumn[];
  /** Columns that order its rows and name each of them once. */
  readonly key: readonly string[];
  /** Projections without which rows may be missing from it. */
  readonly restsOn: readonly AnyProjection[];
}

export const column = (name: string, type: ReportingType, sql: string, meaning: string): ReportingColumn => ({
  ...{ name, type, sql, meaning },
});
export const text = (name: string, sql: string, meaning: string): ReportingColumn => column(name, 'text', sql, meaning);
export const whole = (name: string, sql: string, meaning: string): ReportingColumn =>
  column(name, 'integer', sql, meaning);
export const big = (name: string, sql: string, meaning: string): ReportingColumn =>
  column(name, 'bigint', sql, meaning);
export const yes = (name: string, sql: string, meaning: string): ReportingColumn =>
  column(name, 'boolean', sql, meaning);
/** An instant as events write them; foreign bytes may stand there instead, which are nothing. */
export const instant = (name: string, sql: string, meaning: string): ReportingColumn =>
  column(name, 'timestamptz', `reporting.instant(${sql})`, meaning);
/** An instant in milliseconds since 1970. */
export const epoch = (name: string, sql: string, meaning: string): ReportingColumn =>
  column(name, 'timestamptz', `to_timestamp((${sql})::double precision / 1000)`, meaning);

/** An id of a customer, or of anybody, null for a customer whose data are to be kept only. */
export const unlessRestricted = (id: string): string =>
  `case when ${id} = any (${restrictedCustomers}) then null else ${id} end`;
