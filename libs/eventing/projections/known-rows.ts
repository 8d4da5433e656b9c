import { BoundedMap } from '../bounded-map';
import { Decoded } from './decoding';
import { AnyProjection, FoldedRow, tableOf } from './projection';

const rowsKept = 5_000;

/** The events of one key in a batch. */
export interface Portion {
  readonly stream: string;
  readonly startsStream: boolean;
  readonly decoded: Decoded;
}

/** By category and key. */
export type Portions = ReadonlyMap<string, ReadonlyMap<string, Portion>>;
export type KeyedPortion = readonly [string, Portion];

/** Two streams whose names the mirror cannot tell apart share a row. */
export const startsRow = ({ startsStream, stream }: Portion): boolean => startsStream && !stream.includes('\uFFFD');

/** What one who leads knows of the tables, batches that are not committed yet included. */
export class KnownRows {
  /** Rows by table. */
  private readonly rows = new Map<string, BoundedMap<string, object>>();
  readonly quarantined = new Map<AnyProjection, Set<string>>();
  /** The last batch of all that are on their way. */
  written: Promise<unknown> = Promise.resolve();

  /** Without the keys that stand still. */
  goingOn(projection: AnyProjection, portions: ReadonlyMap<string, Portion> | undefined): readonly KeyedPortion[] {
    const stopped = this.quarantined.get(projection);
    return [...(portions ?? [])].filter(([key]) => !stopped?.has(key));
  }

  /** Those who may have a row that is not remembered. */
  unknownAmong(projection: AnyProjection, going: readonly KeyedPortion[]): readonly string[] {
    const kept = this.rowsOf(projection);
    return going.flatMap(([key, { startsStream }]) => (startsStream || kept.get(key) ? [] : [key]));
  }

  keep(projection: AnyProjection, rows: readonly FoldedRow[]): void {
    const kept = this.rowsOf(projection);
    for (const { key, row } of rows)
      if (row) kept.set(key, row);
      else kept.delete(key);
  }

  rowsOf(projection: AnyProjection): BoundedMap<string, object> {
    const table = tableOf(projection);
    const kept = this.rows.get(table) ?? new BoundedMap<string, object>(rowsKept);
    this.rows.set(table, kept);
    return kept;
  }
}
