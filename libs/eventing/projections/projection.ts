import { DomainEvent, Recorded } from '../event';

/** A value that a column holds beside the row itself, for finding and ordering. */
export type ColumnValue = string | number | boolean | null;

/** PostgreSQL types that a column may have. */
export type ColumnType = 'text' | 'boolean' | 'integer' | 'bigint' | 'timestamptz';

export interface Column<Row> {
  readonly type: ColumnType;
  readonly of: (row: Row) => ColumnValue;
}

/**
 * A read model: a pure fold from the events of one stream to one row under the stream's key.
 *
 * The row is plain JSON. `version` is part of the table's name and changes whenever `evolve` gives other rows.
 */
export interface Projection<Row extends object = object, E extends DomainEvent = DomainEvent> {
  readonly name: string;
  readonly version: number;
  readonly category: string;
  readonly initial: (key: string) => Row;
  /** `null` drops the row. */
  readonly evolve: (row: Row, event: Recorded<E>) => Row | null;
  /** See `Evolution.correct`. */
  readonly correct?: (events: readonly Recorded<E>[]) => readonly Recorded<E>[];
  readonly isCorrection?: (event: DomainEvent) => boolean;
  /** Work on the record, not on what it is about; see `as-of.ts`. */
  readonly isClerical?: (event: Pick<DomainEvent, 'type'>) => boolean;
  readonly columns: Readonly<Record<string, Column<Row>>>;
  /** Column lists to index, such as `status, due_at, key`; or from `using` on, as PostgreSQL has it. */
  readonly indexes: readonly string[];
  /** Given: the columns' earlier values are kept too, see `RowVersion`. */
  readonly temporal?: Temporal;
}

export interface Temporal {
  /** Columns by which versions are looked for. */
  readonly by: readonly string[];
  /** Columns that are read of each that is found. */
  readonly carried: readonly string[];
}

/** A projection whose row and event types matter to nobody but itself. */
export interface AnyProjection extends Pick<
  Projection,
  'name' | 'version' | 'category' | 'initial' | 'indexes' | 'temporal'
> {
  readonly evolve: (row: never, event: never) => object | null;
  readonly correct?: (events: readonly never[]) => readonly DomainEvent[];
  readonly isCorrection?: (event: DomainEvent) => boolean;
  readonly isClerical?: (event: Pick<DomainEvent, 'type'>) => boolean;
  readonly columns: Readonly<Record<string, Column<never>>>;
}

export const tableOf = ({ name, version }: Pick<AnyProjection, 'name' | 'version'>): string =>
  `${name.replaceAll('-', '_')}_v${version}`;

/** An event with its place in our own dense order. */
export interface Sequenced<E extends DomainEvent = DomainEvent> {
  readonly sequence: number;
  readonly event: Recorded<E>;
}

/** One row of a projection's table; `row` null stands for a row that is not there. */
export interface FoldedRow {
  readonly key: string;
  readonly revision: number;
  readonly sequence: number;
  readonly row: object | null;
  /** Its columns, where they have been worked out. */
  readonly columns?: Readonly<Record<string, ColumnValue>>;
}

/** A fold that failed: its key stops in this projection, and only there. */
export interface FoldFailure {
  readonly key: string;
  readonly revision: number;
  readonly sequence: number;
  readonly eventId: string;
  readonly error: string;
}

/** What a rebuild has done to one projection. */
export interface RebuildReport {
  readonly projection: string;
  readonly version: number;
  readonly rows: number;
  readonly events: number;
  /** Rows that differ from those that served until now. */
  readonly differing: number;
  /** Keys of the first of them. */
  readonly samples: readonly string[];
  readonly quarantined: number;
}
