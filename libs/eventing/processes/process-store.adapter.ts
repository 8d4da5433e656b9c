import { prepared } from '../projections/prepared';
import { Queryable } from '../projections/projection-store.adapter';

/** How far a process has reacted; kept beside the projections, since losing it only means reacting again. */
export const readProcessProgress = async (db: Queryable, name: string): Promise<number> => {
  const { rows } = await db.query<{ sequence: string }>(`select sequence from process_progress where name = $1`, [
    name,
  ]);
  return Number(rows[0]?.sequence ?? 0);
};

/** @param reached sequences by the names of processes */
export const writeProcessProgress = async (db: Queryable, reached: ReadonlyMap<string, number>): Promise<void> => {
  await db.query(
    prepared(
      `insert into process_progress select * from unnest($1::text[], $2::bigint[])
     on conflict (name) do update set sequence = greatest(process_progress.sequence, excluded.sequence)`,
      [[...reached.keys()], [...reached.values()]],
    ),
  );
};
