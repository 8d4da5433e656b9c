import { ClientBase } from 'pg';
import { copyField, CopyText, copyText } from '../projections/copy-rows.adapter';
import { prepared } from '../projections/prepared';
import { AnyProjection, tableOf } from '../projections/projection';
import { Queryable } from '../projections/projection-store.adapter';
import { levelOf, RowVersion, versionedColumns } from './row-versions';

/** Tables of row versions, and how far they are. */
export const versionTableOf = (projection: Pick<AnyProjection, 'name' | 'version'>): string =>
  `${tableOf(projection)}_versions`;

// PostgreSQL's largest; what holds until then holds still.
export const forEver = 9_223_372_036_854_775_807n;

export interface KeyVersions {
  readonly key: string;
  readonly versions: readonly RowVersion[];
}

export interface TemporalProgress {
  /** Versions are those of the log up to here. */
  readonly sequence: number;
  /** While they are built: the last stream that has its versions; null afterwards. */
  readonly builtStream: string | null;
}

const columnsIn = (projection: AnyProjection): { readonly names: string; readonly typed: string } => {
  const columns = Object.entries(versionedColumns(projection));
  return {
    names: columns.map(([name]) => `, ${name}`).join(''),
    typed: columns.map(([name, { type }]) => `, ${name} ${type}`).join(''),
  };
};

const fixed = 'key, axis, level, valid_from, valid_to';
const fixedTyped = 'key text, axis text, level smallint, valid_from bigint, valid_to bigint';

/** Begins to build; whatever was there goes. */
export const beginVersions = async (db: Queryable, projection: AnyProjection, sequence: number): Promise<void> => {
  const table = versionTableOf(projection);
  await db.query(`drop table if exists ${table}`);
  await db.query(`create table ${table} (${fixedTyped}${columnsIn(projection).typed})`);
  await db.query(
    `insert into temporal_progress (name, sequence, built_stream) values ($1, $2, '')
     on conflict (name) do update set sequence = excluded.sequence, built_stream = ''`,
    [table, sequence],
  );
};

/** Versions of one axis and length that hold at a point begin within a known distance before it. */
export const indexVersions = async (db: Queryable, projection: AnyProjection): Promise<void> => {
  const table = versionTableOf(projection);
  const { by = [], carried = [] } = projection.temporal ?? {};
  await db.query(`create index on ${table} (key)`);
  await db.query(
    `create index on ${table} (axis, ${by.join(', ')}, level, valid_from) include (valid_to, ${carried.join(', ')}, key)`,
  );
  await db.query(`analyze ${table}`);
};

/** Lets what was built be read in the index alone. Not within a transaction. */
export const settleVersions = async (db: Queryable, projection: AnyProjection): Promise<void> => {
  await db.query(`vacuum ${versionTableOf(projection)}`);
};

/** How far those are that have been begun. */
export const temporalProgress = async (
  db: Queryable,
  projections: readonly AnyProjection[],
): Promise<ReadonlyMap<AnyProjection, TemporalProgress>> => {
  const tables = projections.map(versionTableOf);
  const { rows } = await db.query<{ name: string; sequence: string; builtStream: string | null }>(
    prepared(
      `select name, sequence, built_stream as "builtStream" from temporal_progress where name = any($1) order by name limit $2`,
      [tables, tables.length],
    ),
  );
  const found = new Map(rows.map(({ name, ...row }) => [name, { ...row, sequence: Number(row.sequence) }]));
  return new Map(
    projections.flatMap((projection) => {
      const at = found.get(versionTableOf(projection));
      return at ? [[projection, at] as const] : [];
    }),
  );
};

export const readTemporalProgress = async (
  db: Queryable,
  projection: AnyProjection,
): Promise<TemporalProgress | undefined> => (await temporalProgress(db, [projection])).get(projection);

/** Moves all of them on iff nobody else moved one. @returns whether they moved; otherwise the transaction must not be committed */
export const advanceTemporal = async (
  db: Queryable,
  projections: readonly AnyProjection[],
  from: TemporalProgress,
  to: TemporalProgress,
): Promise<boolean> => {
  const { rowCount } = await db.query(
    prepared(
      `update temporal_progress set sequence = $2, built_stream = $3
     where name = any($1) and sequence = $4 and built_stream is not distinct from $5`,
      [projections.map(versionTableOf), to.sequence, to.builtStream, from.sequence, from.builtStream],
    ),
  );
  return rowCount === projections.length;
};

type Columns = RowVersion['columns'];

/** Versions of both axes share their columns: what is made of these is made once. */
const remembered = (make: (columns: Columns) => string): ((columns: Columns) => string) => {
  const texts = new Map<Columns, string>();
  return (columns) => {
    const text = texts.get(columns) ?? make(columns);
    texts.set(columns, text);
    return text;
  };
};

const rowsOf = (keys: readonly KeyVersions[]): string => {
  const textOf = remembered((columns) => JSON.stringify(columns).slice(1, -1));
  const rows = keys.flatMap(({ key, versions }) =>
    versions.map((version) => {
      const { axis, from, to, columns } = version;
      const until = to === Infinity ? forEver : to;
      const own = `"key":${JSON.stringify(key)},"axis":"${axis}","level":${levelOf(version)}`;
      return `{${own},"valid_from":${from},"valid_to":${until},${textOf(columns)}}`;
    }),
  );
  return `[${rows.join(',')}]`;
};

/** Versions into a table that has none of these keys. */
export const copyVersions = (
  db: ClientBase,
  projection: AnyProjection,
  keys: readonly KeyVersions[],
): Promise<void> => {
  const names = Object.keys(versionedColumns(projection));
  const fieldsOf = remembered((columns) => names.map((name) => `\t${copyField(columns[name])}`).join(''));
  const text = new CopyText();
  for (const { key, versions } of keys)
    for (const version of versions) {
      const { axis, from, to, columns } = version;
      const until = to === Infinity ? forEver : to;
      text.add(`${copyField(key)}\t${axis}\t${levelOf(version)}\t${from}\t${until}${fieldsOf(columns)}\n`);
    }
  return copyText(db, versionTableOf(projection), [fixed, ...names], text);
};

/** Makes the versions of some keys these and no others; what is so already is not touched. */
export const replaceVersions = async (
  db: Queryable,
  projection: AnyProjection,
  keys: readonly KeyVersions[],
): Promise<void> => {
  const table = versionTableOf(projection);
  const { names, typed } = columnsIn(projection);
  const same = Object.keys(versionedColumns(projection))
    .map((name) => ` and v.${name} is not distinct from n.${name}`)
    .join('');
  const alike = `v.key = n.key and v.axis = n.axis and v.valid_from = n.valid_from and v.valid_to = n.valid_to${same}`;
  await db.query(
    prepared(
      `with n as materialized (select * from json_to_recordset($1::json) as r(${fixedTyped}${typed})),
     v as materialized (select * from ${table} where key = any($2)),
     gone as (
       delete from ${table} d where d.key = any($2) and exists (
         select from v where v.key = d.key and v.axis = d.axis and v.valid_from = d.valid_from
           and not exists (select from n where ${alike})))
     insert into ${table} (${fixed}${names})
     select ${fixed}${names} from n where not exists (select from v where ${alike})`,
      [rowsOf(keys), keys.map(({ key }) => key)],
    ),
  );
};

/** Keys whose versions are others than these. */
export const differingVersions = async (
  db: Queryable,
  projection: AnyProjection,
  keys: readonly KeyVersions[],
): Promise<readonly string[]> => {
  const { names, typed } = columnsIn(projection);
  const columns = `${fixed}${names}`;
  const { rows } = await db.query<{ key: string }>(
    `with n as materialized (select ${columns} from json_to_recordset($1::json) as r(${fixedTyped}${typed})),
     v as materialized (select ${columns} from ${versionTableOf(projection)} where key = any($2))
     select distinct key from (
       (select * from n except all select * from v) union all (select * from v except all select * from n)) as other
     order by key limit $3`,
    [rowsOf(keys), keys.map(({ key }) => key), keys.length],
  );
  return rows.map(({ key }) => key);
};

/** Streams of a category that have events in a stretch of the log. */
export const streamsBetween = async (
  db: Queryable,
  category: string,
  after: number,
  upTo: number,
): Promise<readonly string[]> => {
  const { rows } = await db.query<{ stream: string }>(
    `select distinct stream from event_log where sequence > $1 and sequence <= $2 and starts_with(stream, $3) order by stream`,
    [after, upTo, `${category}-`],
  );
  return rows.map(({ stream }) => stream);
};
