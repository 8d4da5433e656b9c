import { setTimeout as wait } from 'node:timers/promises';
import { ClientBase, DatabaseError } from 'pg';
import { AnyProjection, tableOf } from './projection';
import { Queryable, renameTable } from './projection-store.adapter';
import { readVersions, versionOf } from './versions.adapter';

/** Comparing a table that was built with the one that serves, and putting it in its place. */
const samplesMax = 10;
const lockMilliseconds = 200;
const lockTriesMax = 100;
const lockNotAvailable = '55P03';

export const builtTableOf = (projection: AnyProjection): string => `${tableOf(projection)}_new`;
export const previousTableOf = (projection: AnyProjection): string => `${tableOf(projection)}_old`;

export interface Comparison {
  /** Rows that are in one table only, or not alike in both. */
  readonly differing: number;
  /** Keys of the first of them. */
  readonly samples: readonly string[];
}

/** Table of the version that serves now: this one, or else the newest that is followed. */
export const servingTable = async (db: Queryable, projection: AnyProjection): Promise<string | undefined> => {
  const versions = await readVersions(db);
  if (versionOf(versions, projection)) return tableOf(projection);
  const other = versions.findLast(({ name, followed }) => name === projection.name && followed);
  return other && tableOf(other);
};

const unlike = (serving: string, built: string): string =>
  `select key from ${serving} a full join ${built} b using (key)
   where a.row is distinct from b.row or a.revision is distinct from b.revision or a.sequence is distinct from b.sequence`;

const comparison = async (db: Queryable, where: string, sql: string, values: unknown[]): Promise<Comparison> => {
  const { rows } = await db.query<{ differing: string; samples: string[] | null }>(
    `select count(*) as differing, (array_agg(key order by key))[1:${samplesMax}] as samples from (${sql}) d where ${where}`,
    values,
  );
  return { differing: Number(rows[0]?.differing ?? 0), samples: rows[0]?.samples ?? [] };
};

/** Compares all rows but those of streams with events after `reached`: the two tables may not have got to them alike. */
export const compareSettled = (
  db: Queryable,
  { category }: AnyProjection,
  serving: string,
  built: string,
  reached: number,
): Promise<Comparison> =>
  comparison(
    db,
    `not exists (select from event_log e where e.stream = $1 || '-' || d.key and e.sequence > $2)`,
    unlike(serving, built),
    [category, reached],
  );

/** Compares the rows of some streams. */
export const compareStreams = (
  db: Queryable,
  { category }: AnyProjection,
  serving: string,
  built: string,
  streams: readonly string[],
): Promise<Comparison> => comparison(db, `$1 || '-' || d.key = any($2)`, unlike(serving, built), [category, streams]);

/**
 * Locks tables against their readers. A reader may hold one and wait for another: whoever waits longer than a moment here lets go of
 * everything and tries again, so that it is never a reader who is sacrificed to a deadlock.
 */
export const lockAgainstReaders = async (db: ClientBase, tables: readonly string[]): Promise<void> => {
  if (!tables.length) return;
  for (let tries = 1; ; tries++) {
    await db.query(`savepoint before_lock; set local lock_timeout = ${lockMilliseconds}`);
    try {
      await db.query(`lock table ${tables.join(', ')} in access exclusive mode`);
      await db.query('set local lock_timeout = 0');
      return;
    } catch (error) {
      if (!(error instanceof DatabaseError && error.code === lockNotAvailable) || tries === lockTriesMax) throw error;
      await db.query('rollback to savepoint before_lock');
      await wait(tries);
    }
  }
};

/** Puts the built table where the serving one is, which stays under another name: what differed can be looked at. */
export const putInPlace = async (db: Queryable, projection: AnyProjection, sequence: number): Promise<void> => {
  const table = tableOf(projection);
  const had = versionOf(await readVersions(db), projection);
  if (had) await renameTable(db, projection, table, previousTableOf(projection));
  await renameTable(db, projection, builtTableOf(projection), table);
  await db.query(
    `insert into projection_version (name, version, followed, sequence) values ($1, $2, false, $3)
     on conflict (name, version) do update set built_at = now(), sequence = excluded.sequence`,
    [projection.name, projection.version, sequence],
  );
};
