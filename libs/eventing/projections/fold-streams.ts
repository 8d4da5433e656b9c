import { ClientBase } from 'pg';
import { byStream } from '../by-stream';
import { categoryOf, keyOf } from '../event';
import { EventTypes } from '../event-types';
import { addRow, copyRows, CopyText } from './copy-rows.adapter';
import { decode, Decoded } from './decoding';
import { FoldResult, refold } from './fold-rows';
import { LoggedEvent } from './mirror';
import { AnyProjection, FoldedRow, FoldFailure } from './projection';
import { readStreams, streamsSince, writeRows } from './projection-store.adapter';
import { quarantine, release } from './quarantine.adapter';

/** Whole histories from the mirror into tables: a case is folded from its first event to its last, with nothing to remember. */
const streamsPerRead = 500;

/** Where a table's keys are noted that could not be folded. */
export interface Failures {
  add(projection: AnyProjection, failures: readonly FoldFailure[]): Promise<void>;
  clear(projection: AnyProjection, keys: readonly string[]): Promise<void>;
}

export const quarantineOf = (db: ClientBase): Failures => ({
  add: (projection, failures) => quarantine(db, projection, failures),
  clear: (projection, keys) => release(db, projection, keys),
});

/** Rows on their way into a table. */
interface Rows {
  add(row: FoldedRow): void;
  write(db: ClientBase, table: string): Promise<void>;
}

/** What was folded and is not written yet. */
export interface Folded {
  readonly rows: Rows;
  readonly failures: readonly FoldFailure[];
}

/** Into a table that may have their keys. */
class UpsertedRows implements Rows {
  private readonly rows: FoldedRow[] = [];

  constructor(private readonly projection: AnyProjection) {}

  add(row: FoldedRow): void {
    this.rows.push(row);
  }

  write(db: ClientBase, table: string): Promise<void> {
    return writeRows(db, this.projection, this.rows, table);
  }
}

/** Into a table that has none of their keys. A row is bytes as soon as it has been folded: that of a whole page would be much to keep. */
class CopiedRows implements Rows {
  private readonly text = new CopyText();

  constructor(private readonly projection: AnyProjection) {}

  add(row: FoldedRow): void {
    addRow(this.text, this.projection, row);
  }

  write(db: ClientBase, table: string): Promise<void> {
    return copyRows(db, this.projection, this.text, table);
  }
}

/** Gathers the rows of one projection, so that many are written at once. */
export class TableWriter {
  private rows: Rows;
  private failed: FoldFailure[] = [];

  constructor(
    private readonly db: ClientBase,
    private readonly failures: Failures,
    readonly projection: AnyProjection,
    readonly table: string,
    private readonly mode: 'copy' | 'upsert' = 'upsert',
  ) {
    this.rows = this.none();
  }

  add({ row, failure }: FoldResult): void {
    if (failure) this.failed.push(failure);
    if (row) this.rows.add(row);
  }

  take(): Folded {
    const folded = { rows: this.rows, failures: this.failed };
    this.rows = this.none();
    this.failed = [];
    return folded;
  }

  async write({ rows, failures }: Folded): Promise<void> {
    await rows.write(this.db, this.table);
    await this.failures.add(this.projection, failures);
  }

  async forget(keys: readonly string[]): Promise<void> {
    await this.failures.clear(this.projection, keys);
  }

  private none(): Rows {
    return this.mode === 'copy' ? new CopiedRows(this.projection) : new UpsertedRows(this.projection);
  }
}

/** Folds one stream for every projection of its category; its events are decoded once. */
export const foldStream = (
  types: EventTypes,
  writers: readonly TableWriter[],
  events: readonly LoggedEvent[],
): void => {
  const [first] = events;
  if (!first) return;
  const [category, key] = [categoryOf(first.stream), keyOf(first.stream)];
  let decoded: Decoded | undefined;
  for (const writer of writers)
    if (writer.projection.category === category)
      writer.add(refold(writer.projection, key, (decoded ??= decode(types, events))));
};

/** Folds streams again, all that the mirror has of each. */
export const refoldStreams = async (
  db: ClientBase,
  types: EventTypes,
  writers: readonly TableWriter[],
  streams: readonly string[],
): Promise<void> => {
  for (let from = 0; from < streams.length; from += streamsPerRead) {
    const some = streams.slice(from, from + streamsPerRead);
    for (const writer of writers) await writer.forget(keysIn(writer.projection, some));
    for (const events of byStream(await readStreams(db, some)).values()) foldStream(types, writers, events);
    for (const writer of writers) await writer.write(writer.take());
  }
};

const keysIn = ({ category }: AnyProjection, streams: readonly string[]): readonly string[] =>
  streams.filter((stream) => categoryOf(stream) === category).map(keyOf);

/** Folds again every stream that has events after a sequence. */
export const refoldSince = async (
  db: ClientBase,
  types: EventTypes,
  writers: readonly TableWriter[],
  sequence: number,
): Promise<void> => refoldStreams(db, types, writers, await streamsSince(db, sequence));
