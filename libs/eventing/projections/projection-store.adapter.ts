import { ClientBase, Pool, PoolClient } from 'pg';
import { EventMetadata } from '../event';
import { CopyText, copyText } from './copy-rows.adapter';
import { columnsOf } from './fold-rows';
import { LoggedEvent, MirroredEvent } from './mirror';
import { prepared } from './prepared';
import { AnyProjection, FoldedRow, tableOf } from './projection';

/** Rows of the projections, the copies of events and the progress; all SQL that writes them. */
export interface Progress {
  readonly position: bigint;
  readonly sequence: number;
  readonly epoch: bigint;
}

interface LogRow {
  readonly sequence: string;
  readonly position: string;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: EventMetadata;
}

export type Queryable = Pick<Pool | PoolClient, 'query'>;

const logColumns = 'sequence, position, stream, revision, id, type, data, metadata';

export const loggedEvent = (row: LogRow): LoggedEvent => ({
  ...row,
  sequence: Number(row.sequence),
  position: BigInt(row.position),
});

// Rows are written often and read whole: compressing those of a few kilobytes costs more than a third of writing them.
const uncompressedBytesMax = 8_160;

/** A table to be filled: without key and indexes, until `finishTable`. */
export const createTable = async (db: Queryable, projection: AnyProjection, table: string): Promise<void> => {
  const columns = Object.entries(projection.columns).map(([name, { type }]) => `, ${name} ${type}`);
  await db.query(
    `create table ${table} (key text not null, revision integer not null, sequence bigint not null, row jsonb not null${columns.join('')})
     with (toast_tuple_target = ${uncompressedBytesMax})`,
  );
  // Nothing is looked for by a whole row, and sampling rows of kilobytes is most of what statistics cost.
  await db.query(`alter table ${table} alter column row set statistics 0`);
};

/** Gives a filled table its key and indexes; one that has them stays as it is. In a transaction. */
export const finishTable = async (db: Queryable, projection: AnyProjection, table: string): Promise<void> => {
  const { rows } = await db.query(
    `select from pg_constraint where conrelid = $1::regclass and contype = 'p' order by oid limit 1`,
    [table],
  );
  if (rows.length) return;
  await db.query(`alter table ${table} add primary key (key)`);
  await createIndexes(db, projection, table);
  await db.query(`analyze ${table}`);
};

export const countRows = async (db: Queryable, table: string): Promise<number> => {
  const { rows } = await db.query<{ rows: string }>(`select count(*) as rows from ${table}`);
  return Number(rows[0]?.rows);
};

const createIndexes = async (db: Queryable, projection: AnyProjection, table: string): Promise<void> => {
  for (const [index, columns] of projection.indexes.entries())
    await db.query(
      `create index ${table}_${index} on ${table} ${columns.startsWith('using ') ? columns : `(${columns})`}`,
    );
};

/** Gives a table and its indexes another name. */
export const renameTable = async (
  db: Queryable,
  projection: AnyProjection,
  from: string,
  to: string,
): Promise<void> => {
  await db.query(`alter table ${from} rename to ${to}`);
  for (const index of projection.indexes.keys())
    await db.query(`alter index if exists ${from}_${index} rename to ${to}_${index}`);
  await db.query(`alter index if exists ${from}_pkey rename to ${to}_pkey`);
};

export const dropTable = async (db: Queryable, table: string): Promise<void> => {
  await db.query(`drop table if exists ${table}`);
};

export const readProgress = async (db: Queryable): Promise<Progress> => {
  const { rows } = await db.query<{ position: string; sequence: string; epoch: string }>(
    prepared(`select position, sequence, epoch from projection_progress where name = 'main'`),
  );
  if (!rows[0]) throw new Error('the projections have no progress row');
  return { position: BigInt(rows[0].position), sequence: Number(rows[0].sequence), epoch: BigInt(rows[0].epoch) };
};

/** Takes the lead: whoever led before can no longer commit. */
export const claimEpoch = async (db: Queryable): Promise<Progress> => {
  await db.query(`update projection_progress set epoch = epoch + 1 where name = 'main'`);
  return readProgress(db);
};

// Nothing that can be read is from the future; a stamp that says so would stay the newest for ever.
const asOf = (recordedAt: string): string =>
  `as_of = greatest(as_of, case when ${recordedAt}::timestamptz > now() then now() else ${recordedAt}::timestamptz end)`;

/** Moves the checkpoint iff nobody else did. @returns whether it moved */
export const advanceProgress = async (
  db: Queryable,
  from: Progress,
  to: { position: bigint; sequence: number; recordedAt?: string | undefined },
): Promise<boolean> => {
  const { rowCount } = await db.query(
    prepared(
      `update projection_progress set position = $1, sequence = $2, updated_at = now(), ${asOf('$5')}
     where name = 'main' and position = $3 and epoch = $4`,
      [to.position, to.sequence, from.position, from.epoch, to.recordedAt],
    ),
  );
  return rowCount === 1;
};

/** Says that everything that has been recorded until now has been read. */
export const confirmProgress = async (db: Queryable, { position, epoch }: Progress): Promise<void> => {
  await db.query(
    `update projection_progress set as_of = greatest(as_of, now()) where name = 'main' and position = $1 and epoch = $2`,
    [position, epoch],
  );
};

const logText = (events: readonly MirroredEvent[]): CopyText => {
  const text = new CopyText();
  for (const { event, data, metadata } of events) {
    const { sequence, position, stream, revision, id, type } = event;
    text.addLine([sequence, position, stream, revision, id, type, data, metadata]);
  }
  return text;
};

// A copy waits for its lines with the checkpoint in hand, and whoever stands still then keeps it: that is for what is worth it.
const copyEventsMin = 50;

const logObject = ({ event, data, metadata }: MirroredEvent): string => {
  const { sequence, position, stream, revision, id, type } = event;
  const fields = JSON.stringify({ sequence, position: String(position), stream, revision, id, type });
  return `${fields.slice(0, -1)},"data":${data},"metadata":${metadata}}`;
};

const logParameter = (events: readonly MirroredEvent[]): string => `[${events.map(logObject).join(',')}]`;

const appendSql = (parameter: string, condition = ''): string =>
  `insert into event_log (${logColumns}) select ${logColumns} from json_to_recordset(${parameter}::json) as r(
       sequence bigint, position bigint, stream text, revision integer, id uuid, type text, data jsonb, metadata jsonb) ${condition}`;

export const appendToLog = async (db: ClientBase, events: readonly MirroredEvent[]): Promise<void> => {
  if (events.length >= copyEventsMin) return copyText(db, 'event_log', [logColumns], logText(events));
  await db.query(prepared(appendSql('$1'), [logParameter(events)]));
};

/** What rows to load of one projection. */
export interface KeysOf {
  readonly projection: AnyProjection;
  readonly keys: readonly string[];
}

/** Rows of several projections in one round trip, in their order; keys without a row are absent. */
export const loadRowsOf = async (db: Queryable, wanted: readonly KeysOf[]): Promise<readonly Map<string, object>[]> => {
  const found = wanted.map(() => new Map<string, object>());
  if (!wanted.some(({ keys }) => keys.length)) return found;
  const selects = wanted.map(
    ({ projection }, place) =>
      `select ${place} as place, key, row from ${tableOf(projection)} where key = any($${place + 1})`,
  );
  const { rows } = await db.query<{ place: number; key: string; row: object }>(
    prepared(
      // No table has a key twice.
      `${selects.join(' union all ')} limit $${wanted.length + 1}`,
      [...wanted.map(({ keys }) => keys), wanted.reduce((sum, { keys }) => sum + keys.length, 0)],
    ),
  );
  for (const { place, key, row } of rows) found[place]?.set(key, row);
  return found;
};

/** Rows of several keys; keys without a row are absent. */
export const loadRows = async (
  db: Queryable,
  projection: AnyProjection,
  keys: readonly string[],
): Promise<Map<string, object>> => {
  const { rows } = await db.query<{ key: string; row: object }>(
    prepared(`select key, row from ${tableOf(projection)} where key = any($1) order by key limit $2`, [
      keys,
      keys.length,
    ]),
  );
  return new Map(rows.map(({ key, row }) => [key, row]));
};

/** Rows as one JSON parameter of `upsertSql`. */
const upsertParameter = (projection: AnyProjection, rows: readonly FoldedRow[]): string =>
  JSON.stringify(
    rows.map(({ key, revision, sequence, row, columns }) => ({
      ...(columns ?? (row && columnsOf(projection, row))),
      ...{ key, revision, sequence, row },
    })),
  );

const upsertSql = (projection: AnyProjection, table: string, parameter: string, condition = ''): string => {
  const columns = Object.entries(projection.columns).map(([name, { type }]) => ({ name, type }));
  const names = ['key', 'revision', 'sequence', 'row', ...columns.map(({ name }) => name)];
  const typed = columns.map(({ name, type }) => `, ${name} ${type}`).join('');
  const updates = names
    .slice(1)
    .map((name) => `${name} = excluded.${name}`)
    .join(', ');
  return `insert into ${table} (${names.join(', ')})
     select ${names.join(', ')} from json_to_recordset(${parameter}::json) as r(key text, revision integer, sequence bigint, row jsonb${typed}) ${condition}
     on conflict (key) do update set ${updates}`;
};

export const writeRows = async (
  db: Queryable,
  projection: AnyProjection,
  rows: readonly FoldedRow[],
  table = tableOf(projection),
): Promise<void> => {
  const kept = rows.filter(({ row }) => row);
  const dropped = rows.filter(({ row }) => !row).map(({ key }) => key);
  if (dropped.length) await db.query(`delete from ${table} where key = any($1)`, [dropped]);
  if (kept.length) await db.query(prepared(upsertSql(projection, table, '$1'), [upsertParameter(projection, kept)]));
};

/** Rows of one projection, none of them dropped. */
export interface RowsOf {
  readonly projection: AnyProjection;
  readonly rows: readonly FoldedRow[];
}

/**
 * A whole batch as one statement: the checkpoint moves iff nobody else moved it, the epoch is still ours and nobody is about to raise
 * it; and only if it moves is anything written. Whoever holds the checkpoint's row may wait for the tables that this statement has
 * opened, so that it does not wait for the row.
 * @returns whether it moved
 */
export const writeBatch = async (
  db: Queryable,
  from: Progress,
  to: { position: bigint; sequence: number; recordedAt?: string | undefined },
  events: readonly MirroredEvent[],
  folded: readonly RowsOf[],
): Promise<boolean> => {
  const condition = 'where exists (select from moved)';
  const upserts = folded.map(
    ({ projection }, place) =>
      `, rows_${place} as (${upsertSql(projection, tableOf(projection), `$${place + 7}`, condition)})`,
  );
  const { rowCount } = await db.query(
    prepared(
      `with moved as (
         update projection_progress set position = $1, sequence = $2, updated_at = now(), ${asOf('$5')}
         where name = (select name from projection_progress where name = 'main' and position = $3 and epoch = $4 for update skip locked)
         returning name),
       log as (${appendSql('$6', condition)})${upserts.join('')}
       select name from moved limit 1`,
      [
        ...[to.position, to.sequence, from.position, from.epoch, to.recordedAt, logParameter(events)],
        ...folded.map(({ projection, rows }) => upsertParameter(projection, rows)),
      ],
    ),
  );
  return rowCount === 1;
};

/** Events of the mirror. @param where and in which order, and how many if there is no other bound */
export const loggedEvents = async (
  db: Queryable,
  where: string,
  values: readonly unknown[],
): Promise<readonly LoggedEvent[]> => {
  const { rows } = await db.query<LogRow>(`select ${logColumns} from event_log where ${where}`, [...values]);
  return rows.map(loggedEvent);
};

/** Whole histories from the mirror, a stream after the other. */
export const readStreams = (db: Queryable, streams: readonly string[]): Promise<readonly LoggedEvent[]> =>
  // A history is bounded by its stream; the streams are those of one batch.
  loggedEvents(db, `stream = any($1) order by stream, revision`, [streams]);

/** A page of the mirror in stream order, after the given event. @param before stream that it does not reach any more */
export const readLogPage = (
  db: Queryable,
  after: Pick<LoggedEvent, 'stream' | 'revision'>,
  rowsMax: number,
  before: string | null = null,
): Promise<readonly LoggedEvent[]> => {
  const end = before === null ? '' : 'and stream < $4';
  return loggedEvents(db, `(stream, revision) > ($1, $2) ${end} order by stream, revision limit $3`, [
    ...[after.stream, after.revision, rowsMax],
    ...(before === null ? [] : [before]),
  ]);
};

/** The newest event that was copied. */
export const readLastLogged = async (db: Queryable): Promise<LoggedEvent | undefined> => {
  return (await loggedEvents(db, `true order by sequence desc limit 1`, []))[0];
};

/** Streams that have events after a sequence. */
export const streamsSince = async (db: Queryable, sequence: number): Promise<readonly string[]> => {
  const { rows } = await db.query<{ stream: string }>(
    `select distinct stream from event_log where sequence > $1 order by stream`,
    [sequence],
  );
  return rows.map(({ stream }) => stream);
};

/** Events after a sequence, in the log's order; of some types only, if so asked. */
export const readLogAfter = (
  db: Queryable,
  sequence: number,
  rowsMax: number,
  types?: readonly string[],
): Promise<readonly LoggedEvent[]> => {
  const ofTypes = types ? 'and type = any($3)' : '';
  return loggedEvents(db, `sequence > $1 ${ofTypes} order by sequence limit $2`, [
    ...[sequence, rowsMax],
    ...(types ? [types] : []),
  ]);
};
