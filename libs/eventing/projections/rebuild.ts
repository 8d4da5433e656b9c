import { ClientBase } from 'pg';
import { categoryOf, keyOf } from '../event';
import { EventTypes } from '../event-types';
import { decode, Decoded } from './decoding';
import { FoldResult, refold } from './fold-rows';
import { LoggedEvent } from './mirror';
import { AnyProjection, FoldedRow, FoldFailure, tableOf } from './projection';
import {
  claimEpoch,
  createIndexes,
  createTable,
  quarantine,
  readLogPage,
  readProgress,
  readStreams,
  streamsSince,
  writeRows,
} from './projection-store.adapter';

/**
 * Builds tables anew from the log's mirror, beside the ones that serve.
 *
 * Guarantee: after it every row is the fold of its whole history up to the checkpoint, and the switch to it is one transaction.
 * It reads the mirror stream after stream, so that a case is folded from its first event to its last with nothing to remember
 * in between; what arrives meanwhile is folded again before the switch, while the checkpoint is held still.
 */
const pageEvents = 5_000;
const rowsPerWrite = 1_000;
const streamsPerCatchUp = 500;

export interface RebuildReport {
  readonly projection: string;
  readonly rows: number;
  readonly events: number;
  /** Rows that differ from those that served until now. */
  readonly differing: number;
  readonly quarantined: number;
}

export type OnProgress = (projection: string, events: number) => void;

const besides = (projection: AnyProjection): string => `${tableOf(projection)}_new`;

class TableWriter {
  rows = 0;
  readonly failures: FoldFailure[] = [];
  private waiting: FoldedRow[] = [];

  constructor(
    private readonly db: ClientBase,
    private readonly projection: AnyProjection,
  ) {}

  async add({ row, failure }: FoldResult): Promise<void> {
    if (failure) this.failures.push(failure);
    if (row) this.waiting.push(row);
    if (this.waiting.length >= rowsPerWrite) await this.flush();
  }

  async flush(): Promise<void> {
    await writeRows(this.db, this.projection, this.waiting, besides(this.projection));
    this.rows += this.waiting.length;
    this.waiting = [];
  }
}

/** Folds the whole history of one stream for every projection of its category. */
const foldStream = async (
  types: EventTypes,
  writers: ReadonlyMap<AnyProjection, TableWriter>,
  events: readonly LoggedEvent[],
): Promise<void> => {
  const [first] = events;
  if (!first) return;
  const [category, key] = [categoryOf(first.stream), keyOf(first.stream)];
  let decoded: Decoded | undefined;
  for (const [projection, writer] of writers)
    if (projection.category === category)
      await writer.add(refold(projection, key, (decoded ??= decode(types, events))));
};

/** Folds the mirror into the tables beside; one scan for all projections. @returns events read */
const foldMirror = async (
  db: ClientBase,
  types: EventTypes,
  writers: ReadonlyMap<AnyProjection, TableWriter>,
  onProgress: OnProgress,
): Promise<number> => {
  let open: LoggedEvent[] = [];
  let events = 0;
  const close = async (): Promise<void> => {
    await foldStream(types, writers, open);
    open = [];
  };
  for (
    let page = await readLogPage(db, undefined, pageEvents);
    page.length;
    page = await readLogPage(db, page.at(-1), pageEvents)
  ) {
    for (const event of page) {
      if (open[0] && open[0].stream !== event.stream) await close();
      open.push(event);
    }
    events += page.length;
    onProgress('all', events);
  }
  await close();
  for (const writer of writers.values()) await writer.flush();
  return events;
};

const byStream = (events: readonly LoggedEvent[]): ReadonlyMap<string, readonly LoggedEvent[]> => {
  const streams = new Map<string, LoggedEvent[]>();
  for (const event of events) {
    const known = streams.get(event.stream);
    if (known) known.push(event);
    else streams.set(event.stream, [event]);
  }
  return streams;
};

const catchUp = async (
  db: ClientBase,
  types: EventTypes,
  writers: ReadonlyMap<AnyProjection, TableWriter>,
  after: number,
): Promise<void> => {
  const streams = await streamsSince(db, after);
  for (let from = 0; from < streams.length; from += streamsPerCatchUp) {
    for (const events of byStream(await readStreams(db, streams.slice(from, from + streamsPerCatchUp))).values())
      await foldStream(types, writers, events);
  }
  for (const writer of writers.values()) await writer.flush();
};

const countDiffering = async (db: ClientBase, projection: AnyProjection): Promise<number> => {
  const { rows } = await db.query<{ differing: string }>(
    `select count(*) as differing from ${tableOf(projection)} a full join ${besides(projection)} b using (key)
     where a.row is distinct from b.row or a.revision is distinct from b.revision or a.sequence is distinct from b.sequence`,
  );
  return Number(rows[0]?.differing ?? 0);
};

const switchTo = async (db: ClientBase, projection: AnyProjection, failures: readonly FoldFailure[]): Promise<void> => {
  const table = tableOf(projection);
  await db.query(`drop table if exists ${table}`);
  await db.query(`alter table ${besides(projection)} rename to ${table}`);
  for (const index of projection.indexes.keys())
    await db.query(`alter index ${besides(projection)}_${index} rename to ${table}_${index}`);
  await db.query(`alter index ${besides(projection)}_pkey rename to ${table}_pkey`);
  await db.query(`delete from projection_quarantine where projection = $1`, [projection.name]);
  await quarantine(db, projection.name, failures);
  await db.query(`insert into projection_built values ($1, $2) on conflict do nothing`, [
    projection.name,
    projection.version,
  ]);
};

/** Rebuilds the given projections and switches to them. Runs beside a live worker; one rebuild at a time. */
export const rebuild = async (
  db: ClientBase,
  types: EventTypes,
  projections: readonly AnyProjection[],
  onProgress: OnProgress = () => undefined,
): Promise<readonly RebuildReport[]> => {
  await db.query(`select pg_advisory_lock(hashtextextended('casefold/rebuild', 0))`);
  try {
    const { sequence: start } = await readProgress(db);
    const writers = new Map(projections.map((projection) => [projection, new TableWriter(db, projection)]));
    for (const projection of projections) {
      await db.query(`drop table if exists ${besides(projection)}`);
      await createTable(db, projection);
      await createTable(db, projection, besides(projection));
    }
    const events = await foldMirror(db, types, writers, onProgress);
    for (const projection of projections) await createIndexes(db, projection, besides(projection));
    return await switchAll(db, types, writers, start, events);
  } finally {
    await db.query(`select pg_advisory_unlock(hashtextextended('casefold/rebuild', 0))`);
  }
};

const switchAll = async (
  db: ClientBase,
  types: EventTypes,
  writers: ReadonlyMap<AnyProjection, TableWriter>,
  start: number,
  events: number,
): Promise<readonly RebuildReport[]> => {
  await db.query('begin');
  try {
    // A worker that is mid-batch waits for this row and then finds the epoch changed: it starts over from the new tables.
    await claimEpoch(db);
    await catchUp(db, types, writers, start);
    const reports: RebuildReport[] = [];
    for (const [projection, { rows, failures }] of writers) {
      const differing = await countDiffering(db, projection);
      await switchTo(db, projection, failures);
      reports.push({ projection: projection.name, rows, events, differing, quarantined: failures.length });
    }
    await db.query('commit');
    return reports;
  } catch (error) {
    await db.query('rollback');
    throw error;
  }
};

/** Builds the tables that this build's projections need and the database does not have yet. */
export const buildMissing = async (
  db: ClientBase,
  types: EventTypes,
  projections: readonly AnyProjection[],
): Promise<void> => {
  const { rows } = await db.query<{ name: string; version: number }>(
    `select name, version from projection_built order by name, version limit 1000`,
  );
  const built = new Set(rows.map(({ name, version }) => `${name}\0${version}`));
  const missing = projections.filter(({ name, version }) => !built.has(`${name}\0${version}`));
  if (missing.length) await rebuild(db, types, missing);
};
