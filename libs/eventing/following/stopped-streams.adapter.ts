import { prepared } from '../projections/prepared';
import { Queryable } from '../projections/projection-store.adapter';

/** Streams that whoever follows behind the projections could not make anything of, so that they are looked at again by a later build. */
const streamsMax = 10_000;

/** @param table of the follower @param streams that were looked at @param stopped those of them of which nothing could be made */
export const noteStopped = async (
  db: Queryable,
  table: string,
  streams: readonly string[],
  stopped: readonly string[],
): Promise<void> => {
  await db.query(
    prepared(`delete from temporal_stopped where name = $1 and stream = any($2) and not stream = any($3)`, [
      ...[table, streams, stopped],
    ]),
  );
  if (stopped.length)
    await db.query(`insert into temporal_stopped select $1, unnest($2::text[]) on conflict do nothing`, [
      table,
      stopped,
    ]);
};

export const readStopped = async (db: Queryable, table: string): Promise<readonly string[]> => {
  const { rows } = await db.query<{ stream: string }>(
    `select stream from temporal_stopped where name = $1 order by stream limit $2`,
    [table, streamsMax],
  );
  return rows.map(({ stream }) => stream);
};

/** Its table has gone. */
export const forgetStopped = async (db: Queryable, table: string): Promise<void> => {
  await db.query(`delete from temporal_stopped where name = $1`, [table]);
};
