import { prepared } from '../projections/prepared';
import { Queryable } from '../projections/projection-store.adapter';
import { DueKey } from './timer-runner';

/** Keys of a read model by their next timer, which its column `timer_at` has; each look is one step into the index. */
export const dueTimers = async (
  db: Queryable,
  now: Date,
  after: DueKey | undefined,
  keysMax: number,
  table: string,
): Promise<readonly DueKey[]> => {
  const { rows } = await db.query<DueKey>(
    prepared(
      `select key, timer_at as at from ${table} where timer_at <= $1 and (timer_at, key) > ($2, $3)
     order by timer_at, key limit $4`,
      [now, after?.at ?? '-infinity', after?.key ?? '', keysMax],
    ),
  );
  return rows;
};

export const nextTimer = async (db: Queryable, table: string): Promise<Date | undefined> => {
  const { rows } = await db.query<{ at: Date }>(
    prepared(`select timer_at as at from ${table} where timer_at < 'infinity' order by timer_at, key limit 1`),
  );
  return rows[0]?.at;
};
